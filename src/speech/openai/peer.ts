import { loadPeer } from '../../core/load-peer.js';

/** What we use of `openai` (Apache-2.0). Ours, so that no emitted declaration needs the package. */
export interface OpenAIPeer {
  OpenAI: new (options: {
    apiKey: string;
    baseURL?: string;
    maxRetries?: number;
    timeout?: number;
  }) => OpenAIClient;
  toFile(data: Uint8Array, name: string, options: { type: string }): Promise<unknown>;
}

export interface OpenAIClient {
  audio: {
    transcriptions: {
      create(
        body: Record<string, unknown>,
        options: { signal: AbortSignal },
      ): Promise<{ text: string; words?: { word: string; start: number; end: number }[] }>;
    };
    speech: {
      create(body: Record<string, unknown>, options: { signal: AbortSignal }): Promise<Response>;
    };
  };
}

/** `openai/realtime/ws`. */
export interface OpenAIRealtimePeer {
  OpenAIRealtimeWS: new (
    props: { intent: 'transcription'; options?: { ca: string } },
    client: OpenAIClient,
  ) => OpenAIRealtimeSocket;
}

export interface OpenAIRealtimeSocket {
  socket: {
    on(name: 'open', listener: () => void): void;
    on(name: 'close', listener: (code: number, reason: Buffer) => void): void;
  };
  on(name: 'event', listener: (event: RealtimeTranscriptionEvent) => void): void;
  on(name: 'error', listener: (error: { message: string; error?: { code?: string | null } }) => void): void;
  send(event: Record<string, unknown>): void;
  close(): void;
}

export interface RealtimeTranscriptionEvent {
  type: string;
  item_id?: string;
  delta?: string;
  transcript?: string;
  logprobs?: { logprob: number }[] | null;
  error?: { message?: string; code?: string | null };
}

/** ConfigError `peer_missing`. */
export async function loadOpenAI(purpose: string): Promise<OpenAIPeer> {
  return (await loadPeer<unknown>('openai', purpose, () => import('openai'))) as OpenAIPeer;
}

/** ConfigError `peer_missing`. */
export async function loadOpenAIRealtime(purpose: string): Promise<OpenAIRealtimePeer> {
  return (await loadPeer<unknown>(
    'openai',
    purpose,
    () => import('openai/realtime/ws'),
  )) as OpenAIRealtimePeer;
}
