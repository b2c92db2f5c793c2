import type { TTS } from '../speech/index.js';

/**
 * The same synthesiser, taking any name of a voice: one that it does not have means its default. For a gateway, whose
 * clients name the voices of the vendor whose wire they speak.
 */
export function anyVoice(tts: TTS): TTS {
  return {
    name: tts.name,
    sampleRateHz: tts.sampleRateHz,
    // An empty list: any name goes.
    voices: [],
    stream({ voice, ...options } = {}) {
      return tts.stream(voice !== undefined && tts.voices.includes(voice) ? { ...options, voice } : options);
    },
    warmUp: () => tts.warmUp(),
    close: () => tts.close(),
  };
}
