import type { Capabilities, Config } from '../../src/realtime/index.js';

/** A link that can do everything, for tests of what stands above it. */
export const fullCapabilities: Capabilities = {
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
    voice: 'never',
    turns: 'live',
    output: 'live',
    transcription: 'live',
    vendor: 'live',
  },
  autoReply: 'switchable',
  autoCut: 'switchable',
  toolReply: 'asked',
  perReply: ['instructions', 'tools', 'toolChoice', 'output', 'voice', 'input', 'outOfBand'],
  say: false,
  video: false,
  overlap: 'free',
  inputPacing: 'burst',
  idleNeedsAudioMs: null,
  transcript: 'delta',
  duplex: 'half',
  inputRateHz: 24_000,
  outputRateHz: 24_000,
  maxSessionMs: null,
  resume: false,
};

export const serverVad: Config['turns'] = {
  owner: 'wire',
  kind: 'server_vad',
  autoReply: true,
  autoCut: true,
  silenceMs: 300,
};

export const plainConfig: Config = {
  instructions: '',
  tools: [],
  toolChoice: 'auto',
  voice: '',
  turns: serverVad,
  output: 'audio',
  transcription: null,
  vendor: {},
};
