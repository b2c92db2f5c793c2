/** What the bench's three kinds of processes say to one another over Node's IPC, with `serialization: 'advanced'`. */

/** Cumulative samples and the monotonic time (ms) at which they were reached, in pairs. */
export type Line = Float64Array;

/** How audio is sent: `paced` frames on their own times as calls have them; `burst` back to back. */
export interface Sending {
  frames: number;
  frameMs: number;
  pace: 'paced' | 'burst';
}

export type WorkerRequest =
  | { do: 'open'; url: string; sessions: number; chunkMs: number }
  /** Forgets what was pushed and received. */
  | { do: 'reset' }
  /** Pushes frames on every session. */
  | ({ do: 'push' } & Sending)
  /** The same without the client: what the bench itself costs. */
  | ({ do: 'rehearse' } & Sending)
  /** CPU time of the process since it began: user and system, milliseconds. */
  | { do: 'cpu' }
  /** Samples received by all sessions since the last reset. */
  | { do: 'total' }
  | { do: 'lines' }
  | { do: 'memory' }
  | { do: 'close' };

/** `port`: the one of `listen`; each client has its own, so that the stub can talk to one client's sessions alone. */
export type StubRequest =
  | { do: 'listen' }
  | { do: 'reset'; port: number }
  /** A turn of the user and the start of an answer, up to its first audio. */
  | { do: 'begin'; port: number }
  /** Audio of the answer on every session. */
  | ({ do: 'speak'; port: number } & Sending)
  | { do: 'end'; port: number }
  | { do: 'total'; port: number }
  | { do: 'lines'; port: number };

/** One line per session and direction, seen from the process that answers. */
export interface Lines {
  sent: Line[];
  received: Line[];
}

export interface Memory {
  rssKb: number;
  heapKb: number;
}

/** What loading the client cost. */
export interface Hello {
  importMs: number;
  importCpuMs: number;
  importRssKb: number;
}

export type Reply = { id: number; ok: true; value: unknown } | { id: number; ok: false; error: string };

export const sampleRateHz = 24_000;
