import { loadPeer } from '../../core/load-peer.js';

/** What we use of `sherpa-onnx-node` (Apache-2.0, a native addon). Ours, so that no emitted declaration needs the package. */
export interface SherpaPeer {
  OnlineRecognizer: new (config: Record<string, unknown>) => OnlineRecognizer;
  OfflineRecognizer: { createAsync(config: Record<string, unknown>): Promise<OfflineRecognizer> };
}

interface Wave {
  samples: Float32Array;
  sampleRate: number;
}

export interface OnlineStream {
  acceptWaveform(wave: Wave): void;
  inputFinished(): void;
}

export interface OfflineStream {
  acceptWaveform(wave: Wave): void;
}

/** Times are seconds from the start of the stream, one for each token. */
export interface SherpaResult {
  text: string;
  tokens?: string[];
  timestamps?: number[];
}

export interface OnlineRecognizer {
  createStream(): OnlineStream;
  isReady(stream: OnlineStream): boolean;
  decode(stream: OnlineStream): void;
  getResult(stream: OnlineStream): SherpaResult;
}

export interface OfflineRecognizer {
  createStream(): OfflineStream;
  decodeAsync(stream: OfflineStream): Promise<SherpaResult>;
}

/** It has no declarations: its name is not written in the import, or the compiler would look for them. */
const peerName = 'sherpa-onnx-node';

/** ConfigError `peer_missing`. */
export async function loadSherpa(): Promise<SherpaPeer> {
  const loaded = await loadPeer<unknown>(peerName, 'sherpa-onnx', () => import(peerName));
  return (loaded as { default: SherpaPeer }).default;
}
