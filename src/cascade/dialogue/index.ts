export { loadDialogue } from './load.js';
export { scriptedLlm } from './scripted-llm.js';
export { dialogueSentences, type SentenceOptions } from './sentences.js';
export type { Dialogue, FollowUp, IntentSpec, SlotSpec, SlotValue, Texts } from './types.js';
