import type { ChatContext } from '../chat/index.js';
import { type Clock, ConfigError, type Ids, type Logger, type Transport } from '../core/index.js';
import { type Dialler, type Patch, type SessionOptions, withPatch } from '../realtime/index.js';
import type { Agent } from './agents/agent.js';
import { type EngineParts, isDialler } from './agents/engines.js';
import type { AgentRegistry } from './agents/snapshot.js';
import type { DtmfOptions } from './channels/keypad.js';
import { checkListening } from './ears/check.js';
import { checkIdle, type IdleOptions } from './ears/idle.js';
import type { ListeningOptions } from './ears/listening-options.js';
import { type TurnPlan, turnPlan } from './ears/turn-rule.js';
import { type BackgroundOptions, checkBackground } from './mouth/background.js';
import { type GuardrailOptions, guardrailOf, type OutputGuardrail } from './mouth/guardrail.js';
import type { SpeechPriority } from './mouth/speech-handle.js';
import type { InterruptionOptions } from './policy/options.js';
import { checkPolicy, type ToolDefaults } from './tools/policy.js';
import type { LimitOptions } from './usage/limits/call-limits.js';
import type { Prices } from './usage/prices.js';

export interface AgentSessionOptions extends EngineParts, ListeningOptions, IdleOptions {
  /**
   * Whether the caller's voice may stop the agent. Default true. Where it is false, a model that would stop by itself is
   * told not to.
   */
  allowInterruptions?: boolean;
  /**
   * Who decides whether the caller's voice stops the agent. `model` (default): the model does, or any voice; options: a policy
   * that tells interruptions from backchannels, coughs, echo and side speech, on every model as far as its wire allows
   * (docs/interruptions.md).
   */
  interruption?: 'model' | InterruptionOptions;
  /**
   * Judges the agent's words before they are heard: speech waits until its words have passed, as far as the wire tells them
   * before, or beside, the speech. What was given to `say` is not judged.
   */
  outputGuardrail?: OutputGuardrail | GuardrailOptions;
  /** What the caller hears beneath and between the agent's words. */
  background?: BackgroundOptions;
  /** What becomes of keys that the caller presses, where the transport has them. Default: told to the model once they are all. */
  dtmf?: DtmfOptions;
  /** Over the list prices: by `provider/model`, or by the name of a pipeline's part. What has no price has no known cost. */
  prices?: Prices;
  /** Where the session writes what it does (see `logSession`): errors, warnings, calls, and at debug everything else, frames of the model's wire with it. */
  logger?: Logger;
  /** What the call may use: `limit_approaching`, `limit_reached`, a goodbye, and the end. */
  limits?: LimitOptions;
  /** Passed on to the model's session: `vad`, `chunkMs`, timeouts, what differs from the model's settings. */
  session?: Omit<SessionOptions, 'clock' | 'ids'>;
  /** What is the same for all tools, unless a tool says otherwise. */
  toolDefaults?: ToolDefaults;
  /** Rounds of tools in one reply; after them it is answered with what is known (`tool_steps_exceeded`). Default 5. */
  maxToolSteps?: number;
  clock?: Clock;
  ids?: Ids;
}

export interface StartOptions {
  /** The first in charge; a restored session has it from its snapshot. */
  agent?: Agent;
  transport: Transport;
  /**
   * What was said before: the beginning of the session's history. The model is told it as text, of the agent's words those
   * that were heard.
   */
  chatCtx?: ChatContext;
}

export interface RestoreOptions extends AgentSessionOptions {
  /** The agents that the snapshot may name. */
  agents: AgentRegistry;
}

export interface ReplyOptions {
  /** Added to the agent's instructions for this reply only. */
  instructions?: string;
  /** Text of the user that it answers; becomes part of the conversation. */
  userInput?: string;
  toolChoice?: 'auto' | 'none' | 'required' | { name: string };
  /** Whether the caller's voice may stop it. Default true. What is said meanwhile is heard, and answered afterwards. */
  allowInterruptions?: boolean;
  /** Its place among those that wait. Default `normal`. */
  priority?: SpeechPriority;
}

/**
 * ConfigError `option_invalid`, or `options_conflict` for options that exclude each other; what depends on the model is seen when it is
 * known.
 */
export function checkOptions(options: AgentSessionOptions): void {
  if (options.vad !== undefined && options.session?.vad !== undefined) {
    throw new ConfigError('options_conflict', 'vad and session.vad are the same: give one', { param: 'vad' });
  }
  policyOf(options);
  checkListening(options, options.session?.config?.turns);
  checkIdle(options);
  const { llm, stt, tts, vad } = options;
  if (isDialler(llm)) {
    modelConfig(options, llm, turnsOf(options, { model: llm, stt, vad }), tts !== undefined);
  }
  checkToolOptions(options);
  if (options.background !== undefined) checkBackground(options.background);
  if (options.outputGuardrail !== undefined) guardrailOf(options.outputGuardrail);
}

/**
 * Who ends the user's turns and who asks for the answers, with this engine and agent. ConfigError `option_invalid`,
 * `options_conflict` or `option_unsupported`.
 */
export function turnsOf(
  options: AgentSessionOptions,
  { model, stt, vad }: { model: Dialler; stt?: unknown; vad?: unknown },
  agent?: Agent,
): TurnPlan {
  const wanted = options.session?.config?.turns ?? model.defaults.turns;
  const hook = agent?.decidesTurns === true ? 'onUserTurnCompleted' : undefined;
  // What the policy takes for no turn is not to be answered, where the wire can leave that to us.
  const isOurs = model.capabilities.autoReply !== 'always' && (wanted.owner !== 'wire' || wanted.autoReply);
  const policy = isOurs && policyOf(options) !== undefined ? 'interruption' : undefined;
  const repliesFor = hook ?? policy;
  return turnPlan(model, wanted, options, { stt, vad }, { repliesFor });
}

/**
 * What differs from the model's own settings: who ends the turns, whether the model may cut itself, and, with a voice beside it
 * (`hasVoice`), that it writes instead of speaking. ConfigError `options_conflict`.
 */
export function modelConfig(
  options: AgentSessionOptions,
  model: Dialler,
  { turns }: TurnPlan,
  hasVoice: boolean,
): Patch {
  const { allowInterruptions = true, session = {} } = options;
  const config = { ...(hasVoice ? written(model, session.config) : {}), ...session.config };
  const isFree = allowInterruptions && policyOf(options) === undefined;
  if (isFree || turns.owner !== 'wire' || !turns.autoCut) return { ...config, turns };
  if (model.capabilities.autoCut === 'always') {
    // With a policy, what was received of what it stops for nothing is played.
    if (allowInterruptions) return { ...config, turns };
    const message = `${model.provider} stops by itself when the caller speaks: allowInterruptions cannot be false`;
    throw new ConfigError('options_conflict', message, { param: 'allowInterruptions' });
  }
  return { ...config, turns: { ...turns, autoCut: false } };
}

/** With `output: 'audio'` given, the voice beside the model is for `say` alone. */
function written(model: Dialler, config: Patch = {}): Patch {
  if (config.output !== undefined && config.output !== null) return {};
  try {
    model.checkConfig?.(withPatch(model.defaults, { ...config, output: 'text' }));
  } catch (cause) {
    const message = `${model.provider} cannot write for tts to speak: session.config.output 'audio' keeps its own voice, and tts for say`;
    throw new ConfigError('options_conflict', message, { param: 'tts', cause });
  }
  return { output: 'text' };
}

/** The interruption policy, where there is one. ConfigError `options_conflict` with `allowInterruptions: false`. */
export function policyOf({ interruption, allowInterruptions = true }: AgentSessionOptions) {
  if (interruption === undefined || interruption === 'model') return undefined;
  if (!allowInterruptions) {
    throw new ConfigError(
      'options_conflict',
      'allowInterruptions: false leaves the policy nothing to decide',
      { param: 'interruption' },
    );
  }
  return interruption;
}

function checkToolOptions({ toolDefaults = {}, maxToolSteps = 1 }: AgentSessionOptions): void {
  checkPolicy(toolDefaults, 'toolDefaults.');
  if (!Number.isInteger(maxToolSteps) || maxToolSteps < 1) {
    throw new ConfigError('option_invalid', 'maxToolSteps must be a whole number above 0', {
      param: 'maxToolSteps',
    });
  }
}
