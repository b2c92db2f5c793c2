export { isMicrophoneError, listMicrophones } from './browser-audio.js';
export { connectVoice } from './connect-voice.js';
export type { RetryPolicy } from './connection-machine.js';
export type { VoiceOptions } from './options.js';
export type { MicrophoneChoice, MicrophoneInfo, VoiceAudio, VoicePlatform } from './platform.js';
export type { ClearDiagnostics, VoiceDiagnostics } from './speaker-reports.js';
export type { VoiceStatus } from './status.js';
export type { VoiceClient, VoiceEvents } from './voice-client.js';
