export { type WhisperSttOptions, whisperStt } from './whisper-stt.js';
