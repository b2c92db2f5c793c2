import { ConfigError, type Ms } from '../../core/index.js';
import type { Dialler, TurnRule } from '../../realtime/index.js';
import type { TurnDetector } from '../../speech/contracts.js';

/**
 * Who says that the user's turn has ended. `realtime_llm`: the model's wire, or the local VAD where it is deaf; `vad`: pauses of the
 * voice, and words where there is an `stt`; `stt`: pauses between words; `manual`: the application, by `commitUserTurn`; a detector:
 * pauses, and its judgement.
 */
export type TurnDetection = 'realtime_llm' | 'vad' | 'stt' | 'manual' | TurnDetector;
export type TurnMode = 'realtime_llm' | 'vad' | 'stt' | 'manual';
export const turnModes: readonly TurnMode[] = ['realtime_llm', 'vad', 'stt', 'manual'];

/** Thresholds for the one who hears the ends of turns: the model's wire or the local VAD. */
export type TurnPreset = 'lowLatency' | 'natural' | 'noisy';

export interface TurnNumbers {
  /** How sure or loud it must be, 0..1. */
  threshold: number;
  /** Audio before the first sound that belongs to the turn. */
  prefixMs: Ms;
  /** Silence that ends a turn. */
  silenceMs: Ms;
}

export const turnPresets: Readonly<Record<TurnPreset, TurnNumbers>> = {
  lowLatency: { threshold: 0.4, prefixMs: 200, silenceMs: 400 },
  natural: { threshold: 0.5, prefixMs: 300, silenceMs: 500 },
  noisy: { threshold: 0.7, prefixMs: 400, silenceMs: 800 },
};

/** Who asks the model for the answer to a turn: it does so by itself, the session does, or the application by `generateReply`. */
export type RepliesBy = 'wire' | 'session' | 'application';

export interface TurnPlanOptions {
  turnDetection?: TurnDetection;
  preset?: TurnPreset;
}

/** What is there to hear with, in whatever form it was given. */
export interface Hearers {
  stt?: unknown;
  vad?: unknown;
}

/** Who wants to decide about replies. */
export interface TurnWishes {
  /** The option at whose wish the session asks for replies, instead of the wire; undefined: there is none. */
  repliesFor?: string | undefined;
}

export interface TurnPlan {
  mode: TurnMode;
  detector: TurnDetector | undefined;
  /** What the model is set to. */
  turns: TurnRule;
  repliesBy: RepliesBy;
}

type WireRule = Extract<TurnRule, { owner: 'wire' }>;

const wireRule: WireRule = { owner: 'wire', kind: 'server_vad', autoReply: true, autoCut: true };

/**
 * Who ends the turns and who answers them, with this model and these ears. `wanted`: the rule of the model's settings.
 * ConfigError `option_invalid`, `options_conflict` or `option_unsupported`.
 */
export function turnPlan(
  model: Dialler,
  wanted: TurnRule,
  { turnDetection, preset }: TurnPlanOptions,
  hearers: Hearers,
  { repliesFor }: TurnWishes,
): TurnPlan {
  const detector = typeof turnDetection === 'object' ? turnDetection : undefined;
  const mode = modeOf(turnDetection, wanted, hearers);
  require(mode, detector, hearers);
  const { autoReply } = model.capabilities;
  if (repliesFor !== undefined && autoReply === 'always') {
    const message = `${model.provider} answers every turn by itself and cannot be told not to: ${repliesFor} cannot decide about it`;
    throw new ConfigError('option_unsupported', message, { param: repliesFor });
  }
  if (mode !== 'realtime_llm') {
    const repliesBy = autoReply === 'always' ? 'wire' : 'session';
    return { mode, detector, turns: { owner: 'caller' }, repliesBy };
  }
  const rule = wanted.owner === 'wire' ? wanted : wireRule;
  const turns = withPreset(rule, preset);
  // A model that was told not to answer waits for the application, as it always did.
  if (repliesFor === undefined)
    return { mode, detector, turns, repliesBy: turns.autoReply ? 'wire' : 'application' };
  return { mode, detector, turns: { ...turns, autoReply: false }, repliesBy: 'session' };
}

/** What is not said is what fits: a wire that ends turns, a VAD, a recogniser; else the application. */
function modeOf(wish: TurnDetection | undefined, wanted: TurnRule, { stt, vad }: Hearers): TurnMode {
  if (typeof wish === 'string') return wish;
  if (wish !== undefined) return 'vad';
  if (wanted.owner === 'wire') return 'realtime_llm';
  if (vad !== undefined) return 'vad';
  return stt === undefined ? 'manual' : 'stt';
}

function require(mode: TurnMode, detector: TurnDetector | undefined, { stt, vad }: Hearers): void {
  const missing =
    mode === 'vad' && vad === undefined ? 'vad' : mode === 'stt' && stt === undefined ? 'stt' : undefined;
  if (missing === undefined) return;
  const wish = detector === undefined ? `'${mode}'` : detector.name;
  throw new ConfigError('option_invalid', `turnDetection ${wish} needs the session's '${missing}'`, {
    param: 'turnDetection',
  });
}

function withPreset(rule: WireRule, preset: TurnPreset | undefined): WireRule {
  if (preset === undefined) return rule;
  const { autoReply, autoCut, idleTimeoutMs } = rule;
  const idle = idleTimeoutMs === undefined ? {} : { idleTimeoutMs };
  return { owner: 'wire', kind: 'server_vad', autoReply, autoCut, ...idle, ...turnPresets[preset] };
}
