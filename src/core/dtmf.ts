/** The sixteen tones of a telephone's keypad; `A` to `D` are on few of them. */
export const dtmfKeys = [
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '*',
  '#',
  'A',
  'B',
  'C',
  'D',
] as const;

export type DtmfKey = (typeof dtmfKeys)[number];

export function isDtmfKey(text: unknown): text is DtmfKey {
  return dtmfKeys.some((key) => key === text);
}
