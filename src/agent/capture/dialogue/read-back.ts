import type { Checked } from '../kinds/rules.js';
import type { CaptureLines } from '../lines.js';
import type { CaptureLine } from './state.js';

/** Digits are said one by one, held together in groups; slowly, each by itself. A date or a word of an address is said whole. */
export function valueInWords({ groups }: Checked, slowly: boolean, plus: string): string {
  const isSpelled = groups.some((group) => group.length === 1);
  if (isSpelled) return groups.join(slowly ? ', ' : ' ');
  const digits = groups.map((group) => (/^[+\dA-Z]+$/.test(group) ? spread(group, plus, slowly) : group));
  return digits.join(', ');
}

function spread(group: string, plus: string, slowly: boolean): string {
  return [...group].map((sign) => (sign === '+' ? plus : sign)).join(slowly ? ', ' : ' ');
}

/** A line as it is said. */
export function lineInWords(
  line: CaptureLine,
  value: Checked | null,
  lines: CaptureLines,
  kind: keyof CaptureLines['ask'],
  plus: string,
): string {
  const slowly = line === 'readBackSlowly' || line === 'yesOrNo';
  const text = line === 'ask' ? lines.ask[kind] : lines[line === 'readBackSlowly' ? 'readBack' : line];
  return text.replaceAll('{value}', value === null ? '' : valueInWords(value, slowly, plus));
}
