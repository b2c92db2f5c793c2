export type { OpenAIClientOptions } from './core.js';
export { openaiClientMachine } from './machine.js';
