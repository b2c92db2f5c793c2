/** Facts of the vendor's models, as its pages have them in 2026-11. Names that are not here are no error anywhere. */

export interface ModelFacts {
  /** What instructions, tools and conversation may hold together. */
  contextTokens: number;
  /** The context less what is reserved for the answer. */
  maxInputTokens: number;
  maxOutputTokens: number;
  /** Takes `reasoning` and `parallel_tool_calls`; other models refuse a session that names them. */
  reasoning: boolean;
  /** Besides custom voices (`voice_…`). */
  voices: readonly string[];
  /** Models that may write down what the user says. */
  transcribers: readonly string[];
  /** ISO date of the announced end; absent = none announced. */
  endsOn?: string;
}

export interface TranscriberFacts {
  /** Cannot be used while the server detects turns: it wants a commit for each. */
  manualTurns: boolean;
  /** Takes `languages`. */
  languages: boolean;
  /** Takes `delay`. */
  delay: boolean;
  /** ISO date of the announced end; absent = none announced. */
  endsOn?: string;
}

const transcribersEndOn = '2027-02-26';
const whole: TranscriberFacts = { manualTurns: false, languages: false, delay: false };
const ending: TranscriberFacts = { ...whole, endsOn: transcribersEndOn };

/** The models that write down what the user says, by name. */
export const transcribers: Readonly<Record<string, TranscriberFacts>> = {
  'gpt-transcribe': { ...whole, languages: true },
  'gpt-live-transcribe': { ...whole, manualTurns: true, languages: true },
  'gpt-realtime-whisper': { ...whole, manualTurns: true, delay: true },
  'whisper-1': ending,
  'gpt-4o-transcribe': ending,
  'gpt-4o-mini-transcribe': ending,
  'gpt-4o-mini-transcribe-2025-12-15': ending,
  'gpt-4o-transcribe-diarize': ending,
};

const voices = ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'];
const shared = { voices, transcribers: Object.keys(transcribers) };

/** One generation before the newest. */
const plain: ModelFacts = {
  ...shared,
  contextTokens: 32_000,
  // As documented, though not the difference of the other two: the size of the context is a round number.
  maxInputTokens: 28_224,
  maxOutputTokens: 4096,
  reasoning: false,
};
const reasoning: ModelFacts = {
  ...shared,
  contextTokens: 128_000,
  maxInputTokens: 96_000,
  maxOutputTokens: 32_000,
  reasoning: true,
};
const endsOn = '2027-01-20';

/** The realtime models by name. */
export const models: Readonly<Record<string, ModelFacts>> = {
  'gpt-realtime-2.1': reasoning,
  'gpt-realtime-2.1-mini': reasoning,
  'gpt-realtime-2': reasoning,
  'gpt-realtime-1.5': plain,
  'gpt-realtime': { ...plain, endsOn },
  'gpt-realtime-2025-08-28': { ...plain, endsOn },
  'gpt-realtime-mini': { ...plain, endsOn },
  'gpt-realtime-mini-2025-10-06': { ...plain, endsOn },
  'gpt-realtime-mini-2025-12-15': { ...plain, endsOn },
};

export const defaultModel = 'gpt-realtime-2.1';

/** Of a model that is not known: those of the newest. */
export function modelFacts(model: string): ModelFacts {
  return (Object.hasOwn(models, model) ? models[model] : undefined) ?? reasoning;
}

/** `undefined` where the name is not known: a deployment, or a compatible server's own. */
export function transcriberFacts(model: string): TranscriberFacts | undefined {
  return Object.hasOwn(transcribers, model) ? transcribers[model] : undefined;
}
