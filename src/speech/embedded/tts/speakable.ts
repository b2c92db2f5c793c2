const months = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** Typographic characters that the synthesiser would read as noise. */
const plain: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '…': '...',
  ' ': ' ',
  ß: 'ss',
  æ: 'ae',
  Æ: 'Ae',
  ø: 'o',
  Ø: 'O',
  œ: 'oe',
  ł: 'l',
  Ł: 'L',
  '×': ' times ',
  '÷': ' divided by ',
  '°': ' degrees ',
  '½': ' a half ',
};

/**
 * One word of a text, as written, in letters that flite reads well: dates, addresses, currencies, symbols, accents, Markdown.
 * What flite reads well by itself (numbers, times, "$12.50", "Dr.") stays. Empty: nothing to say. The result may have several words.
 */
export function speakable(word: string): string {
  const text = word
    .replace(/[^\0-\x7f]/gu, (char) => plain[char] ?? char)
    .replace(/(\d)\s*[–—]\s*(\d)/g, '$1 to $2')
    .replace(/[–—]+/g, ', ')
    .replace(
      /([£€])(\d[\d.,]*\d|\d)/g,
      (_all, sign: string, sum: string) => `${sum} ${sign === '£' ? 'pounds' : 'euros'}`,
    )
    .normalize('NFD')
    .replace(/[^\0-\x7f]/g, '')
    .replace(/^[*_`~#>|]+(?=\D|$)|[*_`~|]+(?=[.,;:!?]*$)/g, '');
  return expand(text).replace(/\s+/g, ' ').trim();
}

function expand(text: string): string {
  const closing = /[.,;:!?)"']*$/.exec(text)?.[0] ?? '';
  const opening = /^[("']*/.exec(text)?.[0] ?? '';
  const core = text.slice(opening.length, text.length - closing.length);
  if (core === '') return /[.,;:!?]/.test(text) ? text : '';
  return opening + spoken(core) + closing;
}

function spoken(core: string): string {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(core);
  if (american) return date(american[3]!, Number(american[1]), Number(american[2])) ?? core;
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(core);
  if (iso) return date(iso[1]!, Number(iso[2]), Number(iso[3])) ?? core;
  if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(core))
    return core.replace('@', ' at ').replaceAll('.', ' dot ').replaceAll('_', ' underscore ');
  if (
    /^(https?:\/\/)?[a-z][\w-]*(\.[\w-]+)*\.[a-z]{2,}(\/[\w./-]*)?$/i.test(core) &&
    !/^([a-z]\.)+[a-z]$/i.test(core)
  )
    return core
      .replace(/^https?:\/\//, '')
      .replaceAll('.', ' dot ')
      .replaceAll('/', ' slash ');
  return core
    .replace(/^#(?=\d)/, 'number ')
    .replace(/^\+(?=\d)/, 'plus ')
    .replace(/(\d):00\s*([ap])\.?m\b/i, '$1 $2.m.')
    .replace(/(?<=[a-z])\/(?=[a-z])/gi, ' ')
    .replaceAll('&', ' and ')
    .replaceAll('@', ' at ')
    .replaceAll('=', ' equals ')
    .replaceAll('+', ' plus ')
    .replace(/[_*`~^|<>{}[\]\\#]/g, ' ');
}

/** "March 4th 2025", which flite then reads as such; nothing when there is no such day. The month may be second where it cannot be first. */
function date(year: string, first: number, second: number): string | undefined {
  const [month, day] = first > 12 ? [second, first] : [first, second];
  const name = months[month - 1];
  if (name === undefined || day < 1 || day > 31) return undefined;
  const suffix =
    day % 10 === 1 && day !== 11
      ? 'st'
      : day % 10 === 2 && day !== 12
        ? 'nd'
        : day % 10 === 3 && day !== 13
          ? 'rd'
          : 'th';
  return `${name} ${day}${suffix} ${year}`;
}
