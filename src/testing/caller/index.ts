export { type CallOptions, callAgent } from './call/call-agent.js';
export { callServer } from './call/call-server.js';
export type { Callee, CalleeSeams, CalleeSource } from './call/callee.js';
export { type PerfectEars, perfectStt } from './call/perfect-stt.js';
export type { CallResult } from './call/result.js';
export type { Failure } from './scenario/failure.js';
export { loadScenario } from './scenario/load.js';
export { readScenario, scenarioEndings } from './scenario/read-file.js';
export type {
  CallerVoiceOptions,
  Expectation,
  ExpectedCall,
  ExpectedEvent,
  ExpectedMetric,
  ExpectedText,
  LineConditions,
  NoiseOfStep,
  Scenario,
  Step,
  WaitFor,
} from './scenario/scenario.js';
export * from './sound/index.js';
