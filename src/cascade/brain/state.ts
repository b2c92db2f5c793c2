import type { Ids } from '../../core/index.js';
import type { Command, Config, Event, Item, Ms, Usage, Word } from '../../realtime/index.js';

/** Bounds of one link; none grows with the length of the call. */
export interface BrainLimits {
  /** Items kept; the oldest is removed, visibly, when one more comes. */
  maxItems: number;
  /** Tool calls that can still be answered or named twice. */
  maxCalls: number;
  /** Utterances whose words are awaited; one more fails the oldest. */
  maxUnheard: number;
  /** Characters of one item's text, and of one response's. */
  maxTextChars: number;
  /** Uncommitted audio of a caller who commits by hand, and the longest turn that the VAD may keep open. */
  maxUtteranceMs: Ms;
  /** Audio before the present that a late start of speech can still reach. */
  lookBackMs: Ms;
  /** How long a recogniser may think about one utterance. */
  wordsTimeoutMs: Ms;
  /** How long nothing may come of a response before it is failed. */
  quietMs: Ms;
  /** Out-of-band responses at once. */
  maxAside: number;
}

export const defaultLimits: BrainLimits = {
  maxItems: 1000,
  maxCalls: 500,
  maxUnheard: 100,
  maxTextChars: 200_000,
  maxUtteranceMs: 120_000,
  lookBackMs: 2000,
  wordsTimeoutMs: 15_000,
  quietMs: 60_000,
  maxAside: 8,
};

/** What the brain must know of an item; its content is in the `Conversation` beside it. */
export interface ItemRecord {
  id: string;
  /** Milliseconds of audio that the model has spoken into it; null = it has no audio part. */
  spokenMs: Ms | null;
}

/** Audio that is being heard and not committed. Under `owner: 'caller'` there always is one. */
export interface Utterance {
  turn: string;
  item: string;
  /** Position of its first sample on the link's input line. */
  fromMs: Ms;
  /** Its speech has started, by the VAD, and not stopped. */
  speaking: boolean;
  /** The last interim text that was told. */
  interim: string;
}

/** An item whose words are still with the recogniser. */
export interface Unheard {
  item: string;
  turn: string | null;
  fromMs: Ms;
  toMs: Ms;
  interim: string;
  /** Reply by ourselves once the words are known. */
  answer: boolean;
  deadlineMs: Ms;
}

export interface SpokenMessage {
  item: string;
  index: number;
  /** What the language model wrote. */
  written: string;
  /** What was told as said so far. */
  said: string;
  audioMs: Ms;
}

export interface Response {
  id: string;
  outOfBand: boolean;
  /** False: speech of the user does not stop it. */
  cuttable: boolean;
  output: 'audio' | 'text';
  /** Items whose words it waits for before the language model is asked. */
  awaiting: string[];
  message: SpokenMessage | null;
  /** Output items so far. */
  count: number;
  /** How the language model finished; null = it has not. */
  finish: 'stop' | 'length' | 'filter' | 'calls' | null;
  usage: Usage | null;
  /** User's audio that it answers. */
  inputMs: Ms;
  firstAudioAtMs: Ms | null;
  /** When it is given up unless something comes of it before. */
  quietAtMs: Ms;
}

/** Plain JSON, changed in place. */
export interface BrainState {
  phase: 'new' | 'open' | 'closed';
  limits: BrainLimits;
  /** Voices of the synthesiser; empty = any name goes. */
  voices: readonly string[];
  config: Config;
  /** End of the audio heard, on the link's input line. */
  positionMs: Ms;
  /** Where the uncommitted audio begins. */
  boundaryMs: Ms;
  overflowed: boolean;
  utterance: Utterance | null;
  unheard: Unheard[];
  /** Committed audio that no response has answered. */
  unansweredMs: Ms;
  /** In the order of the conversation. */
  items: ItemRecord[];
  /** Tool calls, the oldest first. */
  calls: { call: string; answered: boolean }[];
  /** The one response of the conversation. */
  main: Response | null;
  /** Out-of-band responses beside it. */
  aside: Response[];
  /** A turn that ended while a response was running and is owed an answer. */
  owed: string | null;
  idleAtMs: Ms | null;
  wakeAtMs: Ms | null;
}

export type BrainInput = { nowMs: Ms } & (
  | { in: 'command'; command: Exclude<Command, { t: 'audio' }> }
  /** Audio came in and ends at `endMs` of the input line. */
  | { in: 'audio'; endMs: Ms }
  /** An edge of the VAD; `atMs` on the link's input line. */
  | { in: 'voice'; edge: 'start' | 'stop'; atMs: Ms }
  | { in: 'words'; item: string; how: 'interim'; text: string }
  | { in: 'words'; item: string; how: 'failed'; text: string }
  | { in: 'words'; item: string; how: 'final'; text: string; words: Word[] }
  | { in: 'written'; response: string; text: string }
  | { in: 'called'; response: string; call: string; name: string; args: string }
  | { in: 'thought'; response: string; reason: 'stop' | 'length' | 'filter' | 'calls'; usage: Usage | null }
  | { in: 'clause'; response: string; text: string; words: Word[] }
  | { in: 'spoken'; response: string; ms: Ms }
  | { in: 'silent'; response: string }
  /** The language model or the synthesiser gave up. */
  | { in: 'broken'; response: string; code: string; message: string }
  | { in: 'wake' }
);

export type BrainEffect =
  | { fx: 'emit'; event: Event }
  /** Tell an `item` event with the item as the conversation has it now. */
  | {
      fx: 'tell';
      phase: 'added' | 'done' | 'removed' | 'cut' | 'fetched';
      item: string;
      after?: string | null;
      heardMs?: number;
    }
  // The conversation.
  | { fx: 'put'; item: Item }
  /** The model's words so far go to the end of the item's only part. */
  | { fx: 'append'; item: string; kind: 'audio' | 'text'; text: string; words: Word[] }
  | { fx: 'status'; item: string; status: 'completed' | 'incomplete' }
  | { fx: 'transcript'; item: string; text: string }
  /** `spokenMs`: length of its audio before the cut. */
  | { fx: 'cut'; item: string; heardMs: number; heardText: string; spokenMs: Ms }
  | { fx: 'delete'; item: string }
  // The ear.
  /** The audio of this input goes to the ear. */
  | { fx: 'hear' }
  /** What follows, and what was heard from `fromMs`, is an utterance. */
  | { fx: 'listen'; item: string; fromMs: Ms }
  /** The utterance under way is over; its words are wanted. */
  | { fx: 'commit'; item: string }
  /** The utterance under way is void. */
  | { fx: 'unlisten' }
  /** Speech under way is no longer the VAD's concern. */
  | { fx: 'forget_speech' }
  /** The words of the audio in this item are wanted. */
  | { fx: 'transcribe'; item: string }
  | { fx: 'tune' }
  // The mouth.
  /** A response exists; `command` says what it does differently. */
  | { fx: 'prepare'; response: string; command: Extract<Command, { t: 'reply' }> | null }
  | { fx: 'think'; response: string }
  | { fx: 'speak'; response: string; text: string }
  | { fx: 'finish_speaking'; response: string }
  | { fx: 'release'; response: string }
  /** The audio of this input goes out. */
  | { fx: 'play'; response: string; item: string }
  | { fx: 'wake_at'; atMs: Ms }
  /** Everything under way is cancelled and freed. */
  | { fx: 'shut' };

/** What the parts of the brain share while one input passes through it. */
export interface Pass {
  state: BrainState;
  fx: BrainEffect[];
  ids: Ids;
  nowMs: Ms;
}

export interface BrainOptions {
  config: Config;
  voices?: readonly string[];
  limits?: Partial<BrainLimits>;
}

export function createBrain(options: BrainOptions): BrainState {
  return {
    phase: 'new',
    limits: { ...defaultLimits, ...options.limits },
    voices: options.voices ?? [],
    config: options.config,
    positionMs: 0,
    boundaryMs: 0,
    overflowed: false,
    utterance: null,
    unheard: [],
    unansweredMs: 0,
    items: [],
    calls: [],
    main: null,
    aside: [],
    owed: null,
    idleAtMs: null,
    wakeAtMs: null,
  };
}

export function emit(pass: Pass, event: Event): void {
  pass.fx.push({ fx: 'emit', event });
}

export function ack(pass: Pass, cmd: string, item?: string): void {
  emit(pass, { t: 'ack', cmd, basis: 'wire', ...(item === undefined ? {} : { item }) });
}

/** Answers a command that changes nothing. `benign`: a race that users never see. */
export function refuse(pass: Pass, cmd: string | undefined, refusal: Refusal): void {
  emit(pass, { t: 'refused', benign: false, ...refusal, ...(cmd === undefined ? {} : { cmd }) });
}

export function unknownVoice(pass: Pass, voice: string | null | undefined): Refusal | undefined {
  const { voices } = pass.state;
  if (voice === null || voice === undefined || voice === '') return undefined;
  if (voices.length === 0 || voices.includes(voice)) return undefined;
  const message = `Unknown voice '${voice}'. Voices are ${voices.join(', ')}.`;
  return { code: 'invalid_value', message, param: 'voice' };
}

/** Codes are those of OpenAI's wire where it has one for the case, so that a wire can pass them on. */
export interface Refusal {
  code: string;
  message: string;
  param?: string;
  benign?: boolean;
}
