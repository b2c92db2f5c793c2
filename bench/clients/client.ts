/** One way to hold calls with the stub, loaded into a process of its own. */
export interface BenchClient {
  /** Resolves when the session is set up and audio may flow. */
  open(options: OpenOptions): Promise<BenchCall>;
}

export interface OpenOptions {
  /** The stub, `ws://host:port`; its realtime path is `/v1/realtime`. */
  url: string;
  /** Length of the audio of one message to the server, where the client lets one choose. */
  chunkMs: number;
  /** Called with the number of samples as soon as the application can have them. */
  onAudio(samples: number): void;
}

export interface BenchCall {
  /** Mono PCM16 at 24 kHz, whole frames; never changed afterwards. */
  push(pcm: Int16Array): void;
  close(): void | Promise<void>;
}
