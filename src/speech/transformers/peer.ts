import { loadPeer } from '../../core/load-peer.js';

/** What we use of `@huggingface/transformers` (Apache-2.0). Ours, so that no emitted declaration needs the package. */
export interface TransformersPeer {
  pipeline(
    task: 'automatic-speech-recognition',
    model: string,
    options: Record<string, unknown>,
  ): Promise<SpeechPipeline>;
}

export interface SpeechPipeline {
  (
    wave: Float32Array,
    options: Record<string, unknown>,
  ): Promise<{
    text: string;
    /** Seconds from the start of the wave. */
    chunks?: { text: string; timestamp: [number, number | null] }[];
  }>;
  dispose(): Promise<unknown>;
}

/** ConfigError `peer_missing`. */
export async function loadTransformers(): Promise<TransformersPeer> {
  const name = '@huggingface/transformers';
  return (await loadPeer<unknown>(
    name,
    'Whisper',
    () => import('@huggingface/transformers'),
  )) as TransformersPeer;
}
