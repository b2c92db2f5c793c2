import type { Capabilities } from '../../realtime/index.js';

/** What every model behind this wire can do; the models differ in size, not in kind. */
export function openaiCapabilities(): Capabilities {
  return {
    // While the wire owns the turns; with `turnDetection: null` the caller says where they are.
    speech: 'edges',
    acks: 'wire',
    cancel: 'yes',
    cut: 'audio-ms',
    remove: true,
    history: 'any',
    minCommitMs: 100,
    configure: {
      instructions: 'live',
      tools: 'live',
      toolChoice: 'live',
      // The server refuses another voice once it has spoken.
      voice: 'before-audio',
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
    video: true,
    overlap: 'free',
    inputPacing: 'burst',
    idleNeedsAudioMs: null,
    // While `transcription` is on, which it may become later.
    transcript: 'delta',
    duplex: 'half',
    inputRateHz: 24_000,
    outputRateHz: 24_000,
    maxSessionMs: 60 * 60 * 1000,
    resume: false,
    hostedTools: true,
  };
}
