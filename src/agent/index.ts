export { Agent, type AgentOptions } from './agents/agent.js';
export type { EngineParts, OwnParts } from './agents/engines.js';
export { type Carry, Handoff, type HandoffOptions, handoff } from './agents/handoff.js';
export type { AgentRegistry, SessionSnapshot } from './agents/snapshot.js';
export { AgentTask } from './agents/task.js';
export {
  type CaptureKind,
  type CaptureLines,
  type CaptureOptions,
  captureTool,
  digitGrammar,
} from './capture/index.js';
export type { KeysEnded } from './channels/key-machine.js';
export type { DtmfOptions } from './channels/keypad.js';
export type { CompletedTurn } from './ears/completed-turn.js';
export type { IdleOptions, IdlePrompt } from './ears/idle.js';
export type { EndpointingOptions, TranscriptOptions } from './ears/listening-options.js';
export type { Span, Transcript, TranscriptRecord, TranscriptSource } from './ears/transcript.js';
export type { SessionTranscripts, SettledOptions } from './ears/transcripts.js';
export { type TurnDetection, type TurnNumbers, type TurnPreset, turnPresets } from './ears/turn-rule.js';
export type { CommitTurnOptions, EndpointUpdate, StartTurnOptions } from './ears/turn-taking.js';
export type { AgentEvents } from './events.js';
export type { AgentActivity, InterruptedBy, UserActivity } from './machine/state.js';
export type { BackgroundOptions, Sound } from './mouth/background.js';
export type { GuardrailOptions, GuardrailVerdict, OutputGuardrail } from './mouth/guardrail.js';
export type { Source } from './mouth/pieces.js';
export type { SayOptions, SayText } from './mouth/say-options.js';
export type { SpeechHandle, SpeechPriority } from './mouth/speech-handle.js';
export { type Language, type SmallWords, smallWords } from './policy/languages.js';
export type { InterruptionOptions } from './policy/options.js';
export type { Decision, InterruptionFeatures, Reason } from './policy/state.js';
export { AgentSession } from './session.js';
export type { Appended, AppendOptions, SessionHistory } from './session-history.js';
export type { AgentSessionOptions, ReplyOptions, RestoreOptions, StartOptions } from './session-options.js';
export { type LogOptions, logSession } from './telemetry/log-session.js';
export { redact } from './telemetry/redact.js';
export type { ToolContext } from './tools/context.js';
export type { ToolEnd, ToolEvents } from './tools/events.js';
export type { Filler, FillerText } from './tools/filler.js';
export type { Late, OnDuplicate, OnInterrupt, ToolDefaults, ToolPolicy } from './tools/policy.js';
export type { StandardSchema } from './tools/schema.js';
export type { OpenSource, SourceContext, ToolEntry, ToolSource } from './tools/source.js';
export { StopReply } from './tools/stop-reply.js';
export { type PreparedCall, type Tool, type ToolDefinition, tool } from './tools/tool.js';
export type { ModelUsage, SessionUsage } from './usage/accounts.js';
export type { Counts, Modalities } from './usage/counts.js';
export type { LimitEvents, LimitOptions } from './usage/limits/call-limits.js';
export type { LimitName } from './usage/limits/limit-machine.js';
export type {
  CallMetrics,
  InterruptionMetrics,
  Spread,
  ToolMetrics,
  TurnMetrics,
  TurnReport,
  Waterfall,
} from './usage/meter/metrics.js';
export { listPrices, type Price, type Prices } from './usage/prices.js';
