/** Says digits as people do, by its own tables: what the capture's parser is judged against. */
export type Style = 'single' | 'pairs' | 'groups' | 'double' | 'compound';
export const styles: readonly Style[] = ['single', 'pairs', 'groups', 'double', 'compound'];

interface Speller {
  digits: readonly string[];
  twoDigits(value: number): string;
  double: string;
  triple: string;
}

const en: Speller = {
  digits: 'zero one two three four five six seven eight nine'.split(' '),
  double: 'double',
  triple: 'triple',
  twoDigits(value) {
    const teens = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
      ' ',
    );
    const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
    if (value < 20) return teens[value - 10]!;
    return tens[Math.floor(value / 10)]! + (value % 10 === 0 ? '' : ` ${this.digits[value % 10]}`);
  },
};

const nb: Speller = {
  digits: 'null en to tre fire fem seks sju åtte ni'.split(' '),
  double: 'dobbel',
  triple: 'trippel',
  twoDigits(value) {
    const teens = 'ti elleve tolv tretten fjorten femten seksten sytten atten nitten'.split(' ');
    const tens = '- - tjue tretti førti femti seksti sytti åtti nitti'.split(' ');
    if (value < 20) return teens[value - 10]!;
    return tens[Math.floor(value / 10)]! + (value % 10 === 0 ? '' : this.digits[value % 10]);
  },
};

/** The older way of counting, "to og førti". */
const nbOld: Speller = {
  ...nb,
  digits: 'null en to tre fire fem seks syv åtte ni'.split(' '),
  twoDigits(value) {
    const tens = '- - tyve tredve førti femti seksti sytti åtti nitti'.split(' ');
    if (value < 20) return nb.twoDigits(value);
    return (value % 10 === 0 ? '' : `${this.digits[value % 10]} og `) + tens[Math.floor(value / 10)];
  },
};

const de: Speller = {
  digits: 'null eins zwei drei vier fünf sechs sieben acht neun'.split(' '),
  double: 'doppel',
  triple: 'dreimal',
  twoDigits(value) {
    const teens = 'zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn'.split(' ');
    const tens = '- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'.split(' ');
    if (value < 20) return teens[value - 10]!;
    const unit = value % 10 === 1 ? 'ein' : this.digits[value % 10];
    return (value % 10 === 0 ? '' : `${unit}und`) + tens[Math.floor(value / 10)];
  },
};

const fr: Speller = {
  digits: 'zéro un deux trois quatre cinq six sept huit neuf'.split(' '),
  double: 'double',
  triple: 'triple',
  twoDigits(value) {
    const small = 'dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf'.split(' ');
    const tens = '- - vingt trente quarante cinquante soixante'.split(' ');
    if (value < 20) return small[value - 10]!;
    if (value >= 80) {
      const rest = value - 80;
      return rest === 0
        ? 'quatre-vingts'
        : `quatre-vingt-${rest < 10 ? this.digits[rest] : small[rest - 10]}`;
    }
    if (value >= 70) return value === 71 ? 'soixante et onze' : `soixante-${small[value - 70]}`;
    const ten = tens[Math.floor(value / 10)]!;
    const unit = value % 10;
    return unit === 0 ? ten : unit === 1 ? `${ten} et un` : `${ten}-${this.digits[unit]}`;
  },
};

const es: Speller = {
  digits: 'cero uno dos tres cuatro cinco seis siete ocho nueve'.split(' '),
  double: 'doble',
  triple: 'triple',
  twoDigits(value) {
    const small = (
      'diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno ' +
      'veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve'
    ).split(' ');
    const tens = '- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa'.split(' ');
    if (value < 30) return small[value - 10]!;
    return tens[Math.floor(value / 10)]! + (value % 10 === 0 ? '' : ` y ${this.digits[value % 10]}`);
  },
};

export const spellers: Readonly<Record<string, Speller>> = { en, nb, 'nb (older)': nbOld, de, fr, es };

/** `pause`: between groups; `zero`: as zero is said. */
export function spell(
  digits: string,
  style: Style,
  speller: Speller,
  pause = ', ',
  zero = speller.digits[0]!,
): string {
  const one = (digit: string) => (digit === '0' ? zero : speller.digits[Number(digit)]!);
  const singly = (text: string) => [...text].map(one).join(' ');
  switch (style) {
    case 'single':
      return singly(digits);
    case 'pairs':
      return (digits.match(/../g) ?? []).map(singly).join(pause) + rest(digits, one, pause);
    case 'groups':
      return (digits.match(/.{3}(?=.{2})|.+$/g) ?? []).map(singly).join(pause);
    case 'double':
      return (digits.match(/(.)\1{0,2}/g) ?? [])
        .map((run) => [['', speller.double, speller.triple][run.length - 1], one(run[0]!)].join(' ').trim())
        .join(' ');
    case 'compound':
      return (
        (digits.match(/../g) ?? [])
          .map((pair) => (pair.startsWith('0') ? singly(pair) : speller.twoDigits(Number(pair))))
          .join(pause) + rest(digits, one, pause)
      );
  }
}

function rest(digits: string, one: (digit: string) => string, pause: string): string {
  return digits.length % 2 === 0 ? '' : pause + one(digits.at(-1)!);
}
