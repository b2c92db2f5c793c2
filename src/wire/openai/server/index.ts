export { type Ending, ending, errorBody, errorFrame, type Problem, problem } from './errors.js';
export { openaiServerMachine } from './machine.js';
export { defaultLimits, type OpenAIServerOptions, type ServerLimits } from './options.js';
export { shownSession, startSession } from './session-value.js';
export { readSession } from './validate/events.js';
