/** Languages whose small words are known. */
export type Language = 'en' | 'no' | 'de' | 'fr' | 'es';

export const languages: readonly Language[] = ['en', 'no', 'de', 'fr', 'es'];

/** As recognisers write them: small letters, no punctuation; the most usual first. */
export interface SmallWords {
  /** They say "I am listening", and leave the floor where it is. */
  backchannels: readonly string[];
  /** They ask for the floor, and nothing else. */
  commands: readonly string[];
  /** They want an answer, however short they are. */
  questions: readonly string[];
}

/** Sounds that people make while they think or listen, in any language. */
export const fillers: readonly string[] =
  'ah aha ahem eh ehm em er erm ha hm hmm huh hum mhm mm mmm mm-hm mm-hmm oh ooh uh uhm uh-huh um'.split(' ');

export const smallWords: Record<Language, SmallWords> = {
  en: {
    backchannels: [
      ...['yeah', 'okay', 'yes', 'uh-huh', 'right', 'sure', 'i see', 'mm-hm', 'oh', 'ok', 'yep', 'all right'],
      ...[
        'got it',
        'great',
        'exactly',
        'good',
        'aha',
        'ah',
        'fine',
        'i know',
        'of course',
        'really',
        'oh really',
      ],
      ...'alright nice perfect cool wow yup absolutely definitely indeed true interesting mhmm yea ya'.split(
        ' ',
      ),
      ...['uhhuh', 'very good', 'i understand', 'oh no', 'makes sense', 'that makes sense', 'sounds good'],
      ...['go on', 'fair enough', 'thank you', 'thanks'],
    ],
    commands: [
      ...'stop wait no'.split(' '),
      ...[
        'hold on',
        'hang on',
        'excuse me',
        'shut up',
        'be quiet',
        'one moment',
        'one second',
        'just a moment',
      ],
    ],
    questions: 'why what how when where who which'.split(' '),
  },
  no: {
    backchannels: [
      ...'ja jaha jo joda jepp okei ok greit akkurat nettopp riktig presis sikkert flott fint bra supert'.split(
        ' ',
      ),
      ...'klart skjønner forstår nemlig jøss'.split(' '),
      ...['ja ha', 'ja vel', 'jeg skjønner', 'jeg forstår', 'det er greit', 'helt greit', 'selvfølgelig'],
    ],
    commands: [
      ...'stopp vent nei'.split(' '),
      ...['vent litt', 'et øyeblikk', 'unnskyld', 'hold opp', 'vær stille'],
    ],
    questions: 'hvorfor hva hvordan når hvor hvem hvilken'.split(' '),
  },
  de: {
    backchannels: [
      ...'ja jaja jawohl okay ok genau gut klar richtig stimmt sicher natürlich verstehe achso prima'.split(
        ' ',
      ),
      ...'super toll schön eben doch'.split(' '),
      ...['ach so', 'alles klar', 'ich verstehe', 'ja genau', 'sehr gut', 'in ordnung', 'na klar'],
    ],
    commands: [
      ...'stopp stop halt warte warten nein moment'.split(' '),
      ...['warten sie', 'einen moment', 'entschuldigung', 'sei still'],
    ],
    questions: 'warum wieso was wie wann wo wer welche'.split(' '),
  },
  fr: {
    backchannels: [
      ...'oui ouais voilà exactement bien ok okay parfait super entendu certes absolument vraiment'.split(
        ' ',
      ),
      ...["d'accord", 'd accord', 'bien sûr', 'je vois', 'je comprends', 'ah oui', 'ah bon', 'très bien'],
      ...["c'est vrai", 'tout à fait', 'ça marche'],
    ],
    commands: [
      ...'stop arrêtez arrête attendez attends non pardon'.split(' '),
      ...['excusez-moi', 'un instant', 'une seconde', 'taisez-vous'],
    ],
    questions: 'pourquoi quoi comment quand où qui combien'.split(' '),
  },
  es: {
    backchannels: [
      ...'sí si claro vale ya bueno bien exacto exactamente perfecto entiendo comprendo genial ok okay'.split(
        ' ',
      ),
      ...'ajá aja cierto seguro'.split(' '),
      ...['de acuerdo', 'por supuesto', 'muy bien', 'ya veo', 'lo entiendo', 'está bien', 'eso es'],
    ],
    commands: [
      ...'para pare espera espere no alto perdón perdone'.split(' '),
      ...['un momento', 'un segundo', 'disculpe', 'cállate'],
    ],
    questions: 'qué cómo cuándo dónde quién cuánto cuál'.split(' '),
  },
};
