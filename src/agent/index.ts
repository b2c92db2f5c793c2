export { Agent, type AgentOptions } from './agents/agent.js';
export type { KeysEnded } from './channels/key-machine.js';
export type { DtmfOptions } from './channels/keypad.js';
export type { AgentEvents, TurnMetrics } from './events.js';
export type { AgentActivity, InterruptedBy, UserActivity } from './machine/state.js';
export type { SpeechHandle } from './mouth/speech-handle.js';
export { AgentSession } from './session.js';
export type { AgentSessionOptions, ReplyOptions, StartOptions } from './session-options.js';
export { type StandardSchema, type Tool, type ToolContext, type ToolDefinition, tool } from './tools/tool.js';
