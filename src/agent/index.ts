export { Agent, type AgentOptions } from './agent.js';
export type { AgentEvents, TurnMetrics } from './events.js';
export type { AgentActivity, UserActivity } from './machine/state.js';
export { AgentSession, type AgentSessionOptions, type ReplyOptions, type StartOptions } from './session.js';
export type { SpeechHandle } from './speech-handle.js';
export { type StandardSchema, type Tool, type ToolContext, type ToolDefinition, tool } from './tool.js';
