import type { Ms } from '../../core/index.js';
import type { Opening } from '../../speech/contracts.js';
import type { PolicySettings } from './options.js';
import type { Words } from './words.js';

/**
 * What the agent does with the floor. `pending`: it is about to speak; `held`: its voice pauses until it is known whether
 * it was interrupted.
 */
export type Floor = 'free' | 'pending' | 'audible' | 'held';

export type Decision = 'yield' | 'keep' | 'hold' | 'resume' | 'dismiss';

export type Reason =
  /** A voice that lasted. */
  | 'speech'
  | 'words'
  | 'command'
  | 'backchannel'
  | 'too_short'
  | 'too_few_words'
  | 'no_words'
  | 'noise'
  | 'echo'
  | 'side_speech'
  | 'tool_shield'
  | 'uninterruptible'
  /** The wire stopped the model by itself, and nobody here had heard a voice. */
  | 'model_cut'
  /** The wire answers by itself what it stopped for. */
  | 'model_answered';

/** What is known of how a burst begins. */
export interface HeardOpening extends Opening {
  /** Since when it is taken for a nod, or for none. */
  turnedMs: Ms;
  /** When that was told last. */
  atMs: Ms;
}

/** Sound without a longer pause, from the first sign of it on. */
export interface Burst {
  /** The wire's turn, or our VAD's; `null` while nobody has taken it for speech. */
  turn: string | null;
  onsetMs: Ms;
  /** Where a voice was last heard. */
  lastMs: Ms;
  /** Sound judged, how much of it was above the noise, periodic as a voice is, and our own echo. */
  soundMs: Ms;
  loudMs: Ms;
  periodicMs: Ms;
  /** How much of that was one clear voice. */
  clearMs: Ms;
  echoMs: Ms;
  /** Loudest and softest stretch above the noise, and the mean level of what was periodic, in dBFS. */
  peakDb: number;
  lowDb: number;
  voiceDb: number;
  /** Windows of a VAD: their time, and the sum of probability by time. */
  vadMs: Ms;
  vadSum: number;
  words: Words;
  /** How it begins, where a recogniser tells that while it is said. */
  opening: HeardOpening | null;
  /** The agent has paused for it. */
  paused: boolean;
  /** What was decided, while the agent had the floor. */
  decision: 'keep' | 'hold' | 'yield' | null;
  reason: Reason | null;
}

/** A turn of the user between its first edge and its verdict. */
export interface TurnState {
  turn: string;
  /** It began while the agent had the floor. */
  overlaps: boolean;
  stopped: boolean;
  /** `open`: its words decide. */
  verdict: 'open' | 'real' | 'none';
  /** Until when they are waited for. */
  deadlineMs: Ms | null;
  words: Words;
  /** What it begins with, where a recogniser tells that before it is over. */
  opening: Opening['is'] | null;
  /** Some ear has said its last word. */
  heard: boolean;
  /** Why no sound of it was one that counts; `null`: some was, or none is judged yet. */
  not: Reason | null;
  /** Some sound of it counts. */
  voiced: boolean;
  /** A decision about it was told. */
  told: boolean;
  /** Of its last sound. */
  features: InterruptionFeatures | null;
  /** Level of the voice in it; `null`: too little was heard. */
  voiceDb: number | null;
}

export interface PolicyState {
  settings: PolicySettings;
  /** Somebody writes down what the user says. */
  transcribes: boolean;
  /** Its recogniser has told how an utterance begins, and will do so again. */
  opens: boolean;
  burst: Burst | null;
  turns: TurnState[];
  /** Since when the agent's voice pauses; `null`: it does not. */
  heldMs: Ms | null;
  /** When the last burst was over. */
  quietSinceMs: Ms;
  /** The wire stopped the model by itself: since when. What was received is still being played. */
  cutMs: Ms | null;
  /** Mean level of the caller's own voice; `null`: never heard. */
  callerDb: number | null;
  /** Last known level of the noise. */
  floorDb: number;
  lastVadMs: Ms;
  lastPeriodicMs: Ms;
  /** Since when it has been loud without a pause; `null`: it is not. */
  loudSinceMs: Ms | null;
  /** The same, where our own echo counts as well. */
  soundSinceMs: Ms | null;
  wakeMs: Ms | null;
}

/** What is known of the agent with each input. */
export interface Situation {
  atMs: Ms;
  floor: Floor;
  /** Whether what is being said may be stopped. */
  interruptible: boolean;
  /** Tools that run. */
  tools: number;
  transcribes: boolean;
}

export type PolicyInput = (
  | { t: 'speech'; edge: 'start' | 'stop' | 'discarded'; turn: string; by: 'wire' | 'vad' }
  | { t: 'voice'; probability: number; durationMs: Ms }
  /** A stretch of the caller's sound; `periodicity` and `echo` from 0 to 1, `null` where not looked at. */
  | {
      t: 'sound';
      levelDb: number;
      floorDb: number;
      periodicity: number | null;
      echo: number | null;
      durationMs: Ms;
    }
  | { t: 'words'; turn: string | null; source: 'model' | 'stt'; text: string; isFinal: boolean }
  | { t: 'opening'; turn: string; opening: Opening }
  /** The wire stopped the model because it heard the user. */
  | { t: 'cut' }
  /** The wire begins another reply by itself: it has taken what it heard for a turn. */
  | { t: 'reply' }
  | { t: 'wake' }
) &
  Situation;

/** What a decision was made from: durations in milliseconds, levels in dB, shares from 0 to 1. Unknown is absent. */
export interface InterruptionFeatures {
  /** From the first sign of the voice to its last. */
  durationMs: Ms;
  /** Share of the sound that was periodic, as voices are. */
  periodic?: number;
  /** Mean probability of a voice by the VAD. */
  vad?: number;
  echo?: number;
  overNoiseDb?: number;
  /** From the softest stretch to the loudest. */
  swingDb?: number;
  /** Against the caller's own voice. */
  overCallerDb?: number;
  words?: number;
  /** Words that are no backchannels. */
  realWords?: number;
}

export type PolicyEffect =
  | { t: 'decided'; decision: Decision; reason: Reason; turn: string | null; features: InterruptionFeatures }
  /** The agent's voice pauses; it may go on. */
  | { t: 'hold' }
  | { t: 'resume' }
  /** The agent is stopped. `late`: the user has finished already, and the answer to that is not to be stopped. */
  | { t: 'yield'; late: boolean }
  /** The model was stopped for nothing: it is asked for what it had not said. */
  | { t: 'continue' }
  /** It is known now: the turn wants an answer, or none. */
  | { t: 'answer'; turn: string }
  | { t: 'dismiss'; turn: string }
  | { t: 'wake_at'; atMs: Ms | null };

export function policyState(settings: PolicySettings): PolicyState {
  return {
    settings,
    transcribes: false,
    opens: false,
    burst: null,
    turns: [],
    heldMs: null,
    quietSinceMs: -Infinity,
    cutMs: null,
    callerDb: null,
    floorDb: -70,
    lastVadMs: -Infinity,
    lastPeriodicMs: -Infinity,
    loudSinceMs: null,
    soundSinceMs: null,
    wakeMs: null,
  };
}
