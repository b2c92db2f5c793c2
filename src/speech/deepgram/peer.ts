import { loadPeer } from '../../core/load-peer.js';

/** What we use of `@deepgram/sdk` (MIT). Ours, so that no emitted declaration needs the package. */
export interface DeepgramPeer {
  DeepgramClient: new (options: {
    apiKey: string;
    environment?: DeepgramUrls;
  }) => {
    listen: { v1: { connect(args: Record<string, unknown>): Promise<DeepgramSocket> } };
  };
}

interface DeepgramUrls {
  base: string;
  production: string;
  agent: string;
}

export interface DeepgramSocket {
  on(name: 'open', listener: () => void): void;
  on(name: 'message', listener: (message: DeepgramMessage) => void): void;
  on(name: 'close', listener: (close: { code?: number; reason?: string }) => void): void;
  on(name: 'error', listener: (error: Error) => void): void;
  connect(): unknown;
  waitForOpen(): Promise<unknown>;
  sendMedia(pcm: ArrayBufferView): void;
  sendFinalize(message: { type: 'Finalize' }): void;
  sendKeepAlive(message: { type: 'KeepAlive' }): void;
  sendCloseStream(message: { type: 'CloseStream' }): void;
  close(): void;
}

export interface DeepgramMessage {
  type: string;
  is_final?: boolean;
  from_finalize?: boolean;
  channel?: {
    alternatives: {
      transcript: string;
      confidence: number;
      /** Seconds on the line of the connection. */
      words?: { word: string; punctuated_word?: string; start: number; end: number }[];
    }[];
  };
}

/** ConfigError `peer_missing`. */
export async function loadDeepgram(): Promise<DeepgramPeer> {
  return (await loadPeer<unknown>(
    '@deepgram/sdk',
    'Deepgram',
    () => import('@deepgram/sdk'),
  )) as DeepgramPeer;
}
