/** Why a text does not sound finished. */
export type Unfinished = 'function_word' | 'filler' | 'digits' | 'digits_expected' | 'comma';

interface Language {
  /** No sentence likes to end with these. */
  functionWords: ReadonlySet<string>;
  /** Said while thinking. */
  fillers: ReadonlySet<string>;
  /** The ten digits as they are dictated. */
  digits: ReadonlySet<string>;
}

const set = (words: string) => new Set(words.split(' '));

const languages: Readonly<Record<string, Language>> = {
  en: {
    functionWords: set(
      'a an the my your his her our their its this these those and or but nor so because if that which who when while ' +
        'of to for from with at by on in into about between is are was were am be been have has had will would can could ' +
        "should do does did i we they and/or than as like then also it’s i’m we’re they’re you’re it's i'm we're",
    ),
    fillers: set('um uh uhm umm er erm ehm hmm hm mm ah eh well'),
    digits: set('zero oh o one two three four five six seven eight nine double triple'),
  },
  no: {
    functionWords: set(
      'en et ei den det de min mitt mine din ditt dine hans hennes vår vårt våre deres og eller men for fordi hvis om at som når ' +
        'da mens av til fra med på i ved hos mellom er var har hadde vil ville kan kunne skal skulle må jeg vi så enn',
    ),
    fillers: set('øh øhm eh ehm hm hmm mm æh altså'),
    digits: set('null en ein ett to tre fire fem seks sju syv åtte ni dobbel'),
  },
  de: {
    functionWords: set(
      'der die das den dem des ein eine einen einem einer eines mein meine meinen meiner dein deine ihr ihre unser unsere und oder ' +
        'aber denn weil wenn dass ob als während von zu zum zur für mit aus bei auf in im an am über zwischen ist sind war waren ' +
        'habe hat hatte werde wird würde kann könnte soll sollte muss ich wir so',
    ),
    fillers: set('äh ähm öh öhm hm hmm mm also tja'),
    digits: set('null eins ein zwei zwo drei vier fünf sechs sieben acht neun doppel'),
  },
  fr: {
    functionWords: set(
      'le la les l un une des du de d mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces et ou mais car ' +
        'donc parce que qu si quand lorsque qui dont à au aux pour avec dans sur par chez entre est sont était ai as a avons avez ont ' +
        "je nous vais voudrais peux très c’est c'est",
    ),
    fillers: set('euh heu hum hm mm ben bah alors'),
    digits: set('zéro un deux trois quatre cinq six sept huit neuf double'),
  },
  es: {
    functionWords: set(
      'el la los las un una unos unas mi mis tu tus su sus nuestro nuestra y e o u pero porque que si cuando mientras de del a al para ' +
        'por con en sobre entre desde hasta es son era está están he ha han voy quiero puedo yo nosotros muy como',
    ),
    fillers: set('eh em este mmm mm hm ehm pues'),
    digits: set('cero uno un dos tres cuatro cinco seis siete ocho nueve doble'),
  },
};

/** So many digits at the end are taken for a number being dictated. */
const dictatedDigits = 3;

/**
 * Whether what was said so far calls for more. `language`: a tag such as `nb-NO`; one without rules is judged by numerals and
 * commas. `expectDigits`: how many the user was asked for. A question or an exclamation is finished.
 */
export function unfinished(
  text: string,
  language: string,
  expectDigits: number | undefined,
): Unfinished | undefined {
  const said = text.trim().toLowerCase();
  if (said === '' || /[?!]["”»]?$/u.test(said)) return undefined;
  const rules = languages[baseOf(language)];
  const words = said.match(/[\p{L}\p{N}'’/]+/gu) ?? [];
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const digits = trailingDigits(words, rules);
  if (expectDigits !== undefined && digits > 0) return digits < expectDigits ? 'digits_expected' : undefined;
  if (digits >= dictatedDigits) return 'digits';
  if (rules?.fillers.has(last)) return 'filler';
  // A digit that is an article as well is a digit behind a digit.
  if (digits < 2 && rules?.functionWords.has(last)) return 'function_word';
  return /[,;:–—-]$|\.\.\.$|…$/u.test(said) ? 'comma' : undefined;
}

function trailingDigits(words: readonly string[], rules: Language | undefined): number {
  let count = 0;
  for (let place = words.length - 1; place >= 0; place--) {
    const word = words[place]!;
    if (/^\d+$/u.test(word)) count += word.length;
    else if (rules?.digits.has(word)) count += 1;
    else break;
  }
  return count;
}

function baseOf(tag: string): string {
  const base = tag.toLowerCase().split(/[-_]/u)[0] ?? '';
  return base === 'nb' || base === 'nn' ? 'no' : base;
}
