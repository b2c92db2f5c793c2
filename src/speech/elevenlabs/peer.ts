import { loadPeer } from '../../core/load-peer.js';

/** What we use of `@elevenlabs/elevenlabs-js` (MIT). Ours, so that no emitted declaration needs the package. */
export interface ElevenLabsPeer {
  ElevenLabsClient: new (options: {
    apiKey: string;
    baseUrl?: string;
  }) => {
    textToSpeech: {
      streamWithTimestamps(
        voice: string,
        request: Record<string, unknown>,
        options: { abortSignal: AbortSignal; maxRetries: number },
      ): Promise<AsyncIterable<ElevenLabsChunk>>;
    };
  };
}

export interface ElevenLabsChunk {
  audioBase64: string;
  /** Seconds from the start of the clause. */
  alignment?: {
    characters: string[];
    characterStartTimesSeconds: number[];
    characterEndTimesSeconds: number[];
  };
}

/** ConfigError `peer_missing`. */
export async function loadElevenLabs(): Promise<ElevenLabsPeer> {
  const load = () => import('@elevenlabs/elevenlabs-js');
  return (await loadPeer<unknown>('@elevenlabs/elevenlabs-js', 'ElevenLabs', load)) as ElevenLabsPeer;
}
