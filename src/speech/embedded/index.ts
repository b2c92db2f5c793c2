export { type EmbeddedSpeech, type EmbeddedSpeechOptions, embeddedSpeech } from './embedded-speech.js';
export type { Openings } from './openings/openings.js';
export { speak } from './speak.js';
export type { Grammar, WordArc, WordGraph } from './stt/grammar.js';
export type { SoundLine } from './stt/sound-line.js';
export { type EmbeddedSttOptions, embeddedStt } from './stt/stt.js';
export { type EmbeddedTtsOptions, embeddedTts } from './tts/tts.js';
export { sileroVad } from './vad/silero.js';
