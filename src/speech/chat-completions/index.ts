export { type ChatCompletionsOptions, chatCompletionsLlm } from './chat-completions-llm.js';
