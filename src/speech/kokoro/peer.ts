import { loadPeer } from '../../core/load-peer.js';

/** What we use of `kokoro-js` (Apache-2.0). Ours, so that no emitted declaration needs the package. */
export interface KokoroPeer {
  KokoroTTS: {
    from_pretrained(folder: string, options: Record<string, unknown>): Promise<Kokoro>;
  };
}

export interface Kokoro {
  readonly voices: Readonly<Record<string, unknown>>;
  generate(
    text: string,
    options: { voice?: string; speed?: number },
  ): Promise<{ audio: Float32Array; sampling_rate: number }>;
}

/** ConfigError `peer_missing`. */
export async function loadKokoro(): Promise<KokoroPeer> {
  return (await loadPeer<unknown>('kokoro-js', 'Kokoro', () => import('kokoro-js'))) as KokoroPeer;
}
