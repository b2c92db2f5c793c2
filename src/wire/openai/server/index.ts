export { type Ending, ending, errorFrame, type Problem, problem } from './errors.js';
export { openaiServerMachine } from './machine.js';
export { defaultLimits, type OpenAIServerOptions, type ServerLimits } from './options.js';
