import type { Edit, Segment, Understood } from './understand.js';

/** What stands before the turn: nothing, a piece that goes on (`open`), or a value that may be corrected. */
export interface Standing {
  text: string | null;
  open: boolean;
}

const limit = 64;

/** Everything that the value may be after this turn, the likeliest first; empty where the turn says nothing about it. */
export function candidates({ segments, edits }: Understood, standing: Standing): string[] {
  let texts: string[] = standing.text === null ? [] : [standing.text];
  let isChanged = false;
  // Beside a correction stray digits are of no account; a whole value said before it is.
  const said = edits.length === 0 ? segments : segments.filter((segment) => longest(segment) > 2).slice(0, 1);
  said.forEach((segment, index) => {
    const spoken = options(segment);
    if (index === 0 && texts.length === 0) texts = spoken;
    else if (index === 0 && standing.open && !segment.corrects) {
      texts = texts.flatMap((text) => spoken.map((more) => text + more)).concat(spoken);
    } else texts = texts.flatMap((text) => spoken.flatMap((other) => corrected(text, other)));
    isChanged = true;
    texts = unique(texts);
  });
  for (const edit of edits) {
    const changed = unique(texts.flatMap((text) => edited(text, edit)));
    if (changed.length === 0) continue;
    texts = changed;
    isChanged = true;
  }
  return isChanged ? texts : [];
}

const unique = (texts: readonly string[]) => [...new Set(texts)].slice(0, limit);

function longest({ runs }: Segment): number {
  return runs.reduce((sum, [text = '']) => sum + text.length, 0);
}

/** The ways to read what was said in one go: all its runs together, or one of them where the others were about something else. */
function options({ runs }: Segment): string[] {
  const all = runs.reduce<string[]>(
    (heads, tails) => heads.flatMap((head) => tails.map((tail) => head + tail)).slice(0, limit),
    [''],
  );
  if (runs.length === 1) return unique(all);
  const alone = [...runs].sort((a, b) => (b[0]?.length ?? 0) - (a[0]?.length ?? 0)).flat();
  return unique([...all.slice(0, limit / 2), ...alone]);
}

/** "12345, no, 12346", "12345, no, 46", "123, no, 456": all of it anew, its end anew, or its last digit anew and then on. */
function corrected(text: string, other: string): string[] {
  const ends = [other.length, 1, 2, 3, 4].filter((cut) => cut <= text.length);
  const parts = ends.map((cut) => text.slice(0, text.length - cut) + other);
  return other.length >= text.length - 1 ? [other, ...parts] : [...parts, other];
}

/** A leading plus is no digit: positions are counted behind it. */
function edited(text: string, edit: Edit): string[] {
  const sign = text.startsWith('+') ? '+' : '';
  const changed = changes(text.slice(sign.length), edit).map((other) =>
    other.startsWith('+') ? other : sign + other,
  );
  return changed.filter((other) => other !== text);
}

function changes(text: string, edit: Edit): string[] {
  switch (edit.e) {
    case 'at':
      return at(text, edit.at, edit.count, edit.to);
    case 'swap':
      return edit.from.flatMap((from) =>
        alike(edit.to, from.length).flatMap((to) => swapped(text, from, to)),
      );
    case 'tail':
      return edit.to
        .filter(({ length }) => length <= text.length)
        .map((to) => text.slice(0, -to.length) + to);
    case 'head':
      return edit.to.filter(({ length }) => length <= text.length).map((to) => to + text.slice(to.length));
    case 'end':
      return edit.to.flatMap((to) => [text.slice(0, -to.length) + to, text + to]);
  }
}

function at(text: string, place: number, count: number, said: readonly string[]): string[] {
  const from = place > 0 ? place - 1 : text.length + place - (place === -1 ? count - 1 : 0);
  if (from < 0 || from + count > text.length) return [];
  return alike(said, count).map((one) => text.slice(0, from) + one + text.slice(from + count));
}

/** What takes the place of so many digits: as many, where it can be read so; "un six" is an article and a digit. */
function alike(said: readonly string[], count: number): readonly string[] {
  const bare = said.filter((one) => one.startsWith('1') && one.length > 1).map((one) => one.slice(1));
  const fits = [...said, ...bare].filter(({ length }) => length === count);
  return fits.length > 0 ? fits : said;
}

/** The last place first: it is what was just heard. */
function swapped(text: string, from: string, to: string): string[] {
  const found: string[] = [];
  for (
    let place = text.lastIndexOf(from);
    from !== '' && place >= 0;
    place = text.lastIndexOf(from, place - 1)
  ) {
    found.push(text.slice(0, place) + to + text.slice(place + from.length));
    if (place === 0) break;
  }
  return found;
}
