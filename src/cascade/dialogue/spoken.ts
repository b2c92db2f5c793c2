const ones = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

/** 0..999 999 in words, as a recogniser writes them: lower case, no hyphens. Other numbers stay digits. */
export function numberWords(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > 999_999) return String(value);
  if (value < 20) return ones[value]!;
  if (value < 100) return join(tens[Math.floor(value / 10)]!, value % 10);
  if (value < 1000) return join(`${ones[Math.floor(value / 100)]} hundred`, value % 100);
  return join(`${numberWords(Math.floor(value / 1000))} thousand`, value % 1000);
}

/** "09:30" as "nine thirty", "14:00" as "two p m"; anything else unchanged. */
export function timeWords(time: string): string {
  const match = /^(\d{1,2}):(\d{2})$/.exec(time.trim());
  if (match === null) return time;
  const hour = Number(match[1]);
  const minute = Number(match[2]);
  if (hour > 23 || minute > 59) return time;
  const twelve = numberWords(hour % 12 === 0 ? 12 : hour % 12);
  if (minute === 0) return `${twelve} ${hour < 12 ? 'a m' : 'p m'}`;
  return `${twelve} ${minute < 10 ? `oh ${numberWords(minute)}` : numberWords(minute)}`;
}

/** "a, b and c" */
export function listWords(values: readonly string[]): string {
  if (values.length < 2) return values.join('');
  return `${values.slice(0, -1).join(', ')} and ${values.at(-1)}`;
}

/** Letters and digits one by one: "ab12" as "A B one two". */
export function spellWords(text: string): string {
  return [...text.replace(/[^\p{L}\p{N}]/gu, '')]
    .map((sign) => (/\d/.test(sign) ? ones[Number(sign)]! : sign.toUpperCase()))
    .join(' ');
}

/** Small number words and what they stand for. */
export const numberValues: ReadonlyMap<string, number> = new Map([
  ...ones.map((word, value): [string, number] => [word, value]),
  ...tens.flatMap((word, ten): [string, number][] => (word === '' ? [] : [[word, ten * 10]])),
]);

function join(head: string, rest: number): string {
  return rest === 0 ? head : `${head} ${numberWords(rest)}`;
}
