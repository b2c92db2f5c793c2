import type { Capabilities } from './capabilities.js';
import type { Config } from './contract.js';

/** What a model or session can do, by the names that the ecosystem knows: read-only views of `Capabilities` and settings. */
export interface RealtimeCapabilities {
  /** The server can be told how much of an item was heard. */
  readonly messageTruncation: boolean;
  /** The wire ends the turns. */
  readonly turnDetection: boolean;
  /** The model writes down what the user says. */
  readonly userTranscription: boolean;
  /** It goes on by itself once its tools were answered. */
  readonly autoToolReplyGeneration: boolean;
  readonly audioOutput: boolean;
  /** Calls and results can be put into its conversation by hand. */
  readonly manualFunctionCalls: boolean;
  /** One reply can have a tool choice of its own. */
  readonly perResponseToolChoice: boolean;
}

export function realtimeCapabilities(
  { cut, transcript, toolReply, history, perReply }: Capabilities,
  { turns, transcription, output }: Config,
): RealtimeCapabilities {
  return {
    messageTruncation: cut !== 'none',
    turnDetection: turns.owner === 'wire',
    userTranscription: transcription !== null && transcript !== 'none',
    autoToolReplyGeneration: toolReply === 'auto',
    audioOutput: output === 'audio',
    manualFunctionCalls: history === 'any',
    perResponseToolChoice: perReply.includes('toolChoice'),
  };
}
