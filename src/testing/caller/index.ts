export { type CallOptions, callAgent } from './call/call-agent.js';
export type { Callee, CalleeSeams, CalleeSource } from './call/callee.js';
export type { Failure } from './call/caller.js';
export type { CallResult } from './call/result.js';
export { loadScenario } from './scenario/load.js';
export { readScenario } from './scenario/read-file.js';
export type * from './scenario/scenario.js';
export * from './sound/index.js';
