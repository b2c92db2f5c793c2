import type { Ms } from '../../../core/index.js';

/** One sound of the synthesiser, in its own spelling (`ax`, `iy`); `pau` is silence. */
export interface Phone {
  name: string;
  fromMs: Ms;
  toMs: Ms;
}

export const pause = 'pau';

/** Reads what `-psdur` prints: `pau:0.164 hh:0.255 ...`, each with its end in seconds. */
export function timedPhones(stdout: string): Phone[] {
  let fromMs = 0;
  return stdout
    .split(/\s+/)
    .filter((entry) => entry.includes(':'))
    .map((entry) => {
      const colon = entry.lastIndexOf(':');
      const toMs = Number(entry.slice(colon + 1)) * 1000;
      const phone = { name: entry.slice(0, colon), fromMs, toMs };
      fromMs = toMs;
      return phone;
    });
}

/** Reads what `-ps` prints, `pau hh ax l ow pau w er l d pau`, as one list per stretch between silences. */
export function phoneGroups(stdout: string): string[][] {
  const groups: string[][] = [];
  let open: string[] | undefined;
  for (const name of stdout.split(/\s+/)) {
    if (name === '') continue;
    if (name === pause) open = undefined;
    else if (open === undefined) groups.push((open = [name]));
    else open.push(name);
  }
  return groups;
}
