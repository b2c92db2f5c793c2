import { loadPeer } from '../../core/load-peer.js';

/** What we use of `assemblyai` (MIT). Ours, so that no emitted declaration needs the package. */
export interface AssemblyAiPeer {
  StreamingTranscriber: new (params: Record<string, unknown>) => Transcriber;
}

export interface Transcriber {
  on(name: 'turn', listener: (turn: TurnEvent) => void): void;
  on(name: 'error', listener: (error: Error & { code?: number }) => void): void;
  on(name: 'close', listener: (code: number, reason: string) => void): void;
  connect(): Promise<unknown>;
  sendAudio(pcm: ArrayBufferView): void;
  forceEndpoint(): void;
  close(waitForTermination?: boolean): Promise<void>;
}

export interface TurnEvent {
  transcript: string;
  end_of_turn: boolean;
  turn_is_formatted: boolean;
  /** Times are milliseconds on the line of the connection. */
  words: { text: string; start: number; end: number; confidence: number }[];
}

/** ConfigError `peer_missing`. */
export async function loadAssemblyAi(): Promise<AssemblyAiPeer> {
  return (await loadPeer<unknown>('assemblyai', 'AssemblyAI', () => import('assemblyai'))) as AssemblyAiPeer;
}
