import { loadPeer } from '../../core/load-peer.js';

/** What we use of `@cartesia/cartesia-js` (MIT). Ours, so that no emitted declaration needs the package. */
export interface CartesiaPeer {
  Cartesia: new (options: { apiKey: string; baseURL?: string }) => unknown;
  /** Its socket. Made by itself, and not by the client, so that nothing happens to it before somebody listens. */
  TTSWS: new (
    client: unknown,
    options: { ca?: string },
  ) => CartesiaSocket;
}

export interface CartesiaSocket {
  socket: { readyState: number };
  on(name: 'error', listener: (error: Error) => void): void;
  connect(): Promise<unknown>;
  generate(request: Record<string, unknown>): AsyncGenerator<CartesiaEvent>;
  cancelContext(contextId: string): Promise<void>;
  close(): void;
}

export type CartesiaEvent =
  | { type: 'chunk'; data: string }
  /** Seconds from the start of the context's audio. */
  | { type: 'timestamps'; word_timestamps?: { words: string[]; start: number[]; end: number[] } | null }
  | { type: 'done' | 'flush_done' | 'phoneme_timestamps' | 'error' };

/** ConfigError `peer_missing`. */
export async function loadCartesia(): Promise<CartesiaPeer> {
  // Its CommonJS half: the other one cannot find `ws`, and Node 20 has no WebSocket of its own.
  const load = async () => ({
    ...(await import('@cartesia/cartesia-js/index.js')),
    ...(await import('@cartesia/cartesia-js/resources/tts/ws.js')),
  });
  return (await loadPeer<unknown>('@cartesia/cartesia-js', 'Cartesia', load)) as CartesiaPeer;
}
