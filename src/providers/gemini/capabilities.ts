import type { Capabilities, Config } from '../../realtime/index.js';
import { inputRateHz, type ModelTraits, outputRateHz, type Setup } from '../../wire/gemini/index.js';

/** What a model behind this wire can do, by its traits and what the options ask for. */
export function geminiCapabilities(traits: ModelTraits, config: Config): Capabilities {
  const { turns, transcription } = config;
  const vendor = config.vendor as { [K in keyof Setup]?: Setup[K] | null };
  const uncut =
    vendor.realtimeInputConfig?.activityHandling === 'NO_INTERRUPTION' ||
    (turns.owner === 'wire' && !turns.autoCut);
  const update = traits.contextUpdate ? 'live' : 'reopen';
  return {
    speech: vendor.explicitVadSignal === true ? 'edges' : 'none',
    acks: 'none',
    // Local: the reply is no longer heard, and the server believes that it was.
    cancel: 'no',
    cut: 'none',
    remove: false,
    history: traits.contentLive ? 'append' : 'opening',
    configure: {
      instructions: update,
      tools: update,
      toolChoice: update,
      voice: 'reopen',
      turns: 'reopen',
      output: 'reopen',
      transcription: 'reopen',
      vendor: 'reopen',
    },
    // Also where the caller ends the turns: the end of an activity is answered.
    autoReply: 'always',
    autoCut: uncut ? 'never' : 'always',
    toolReply: 'auto',
    perReply: ['instructions', 'input'],
    say: false,
    video: true,
    // Resuming while the old socket is open closes the new one with 1011.
    overlap: 'no-with-resume',
    inputPacing: 'realtime',
    idleNeedsAudioMs: null,
    transcript: transcription === null ? 'none' : traits.transcript,
    duplex: 'half',
    inputRateHz,
    outputRateHz,
    // A connection, not a session: `goAway` comes about a minute before.
    maxSessionMs: 10 * 60 * 1000,
    resume: vendor.sessionResumption !== null,
  };
}
