import { resamplerRatesHz } from '../audio/index.js';
import { ConfigError } from '../core/index.js';
import type { Capabilities, Config } from '../realtime/index.js';

export const cascadeOutputRateHz = 24_000;

/** What a pipeline can do: all that the contract has, but images. ConfigError `option_invalid` for a rate that cannot be converted. */
export function cascadeCapabilities(inputRateHz = 16_000): Capabilities {
  if (!resamplerRatesHz.includes(inputRateHz)) {
    throw new ConfigError(
      'option_invalid',
      `inputRateHz must be one of ${resamplerRatesHz.join(', ')}, not ${inputRateHz}.`,
      { param: 'inputRateHz' },
    );
  }
  return {
    speech: 'edges',
    acks: 'wire',
    cancel: 'yes',
    cut: 'audio-ms',
    remove: true,
    history: 'any',
    configure: {
      instructions: 'live',
      tools: 'live',
      toolChoice: 'live',
      voice: 'live',
      turns: 'live',
      output: 'live',
      transcription: 'live',
      vendor: 'live',
    },
    autoReply: 'switchable',
    autoCut: 'switchable',
    toolReply: 'asked',
    perReply: ['instructions', 'tools', 'toolChoice', 'output', 'voice', 'input', 'outOfBand'],
    say: true,
    video: false,
    overlap: 'free',
    inputPacing: 'burst',
    idleNeedsAudioMs: null,
    transcript: 'delta',
    duplex: 'half',
    inputRateHz,
    outputRateHz: cascadeOutputRateHz,
    maxSessionMs: null,
    resume: false,
  };
}

/** Server VAD with 500 ms of silence, replies and cuts by itself, transcripts on. */
export function cascadeDefaults(voice = ''): Config {
  return {
    instructions: '',
    tools: [],
    toolChoice: 'auto',
    voice,
    turns: {
      owner: 'wire',
      kind: 'server_vad',
      autoReply: true,
      autoCut: true,
      silenceMs: 500,
      prefixMs: 300,
    },
    output: 'audio',
    transcription: {},
    vendor: {},
  };
}
