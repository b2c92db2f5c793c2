import type { Frame, Ids } from '../core/index.js';
import type { Dialler, Link, ServerMachine } from '../realtime/index.js';
import type { GeminiDesk } from './gemini/desk.js';
import type { Grant } from './keys.js';
import { geminiWire } from './wires/gemini.js';
import { openaiWire } from './wires/openai.js';

/** An upgrade request, as far as a wire looks at it. */
export interface WireRequest {
  url: URL;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Offered subprotocols, in the client's order. */
  protocols: readonly string[];
}

/** What a client says of itself when it connects. */
export interface Introduction {
  /** Undefined: it shows none. */
  key?: string;
  /** Undefined: it names none. */
  model?: string;
  /** The subprotocol to answer; undefined = none. */
  protocol?: string;
  /** Why this wire cannot serve what is asked for, whoever asks. */
  refusal?: { code: string; message: string };
}

export interface MachineStart {
  request: WireRequest;
  dialler: Dialler;
  /** The name that the client asked for, else the model's own. */
  model: string;
  /** What the client's key allows and brings along. */
  grant: Grant;
  /** Milliseconds since the epoch. */
  wallMs: number;
  /** What outlives one connection of Gemini's wire; absent: nothing does. */
  gemini?: GeminiDesk;
}

/** How a client is sent away after the upgrade: these frames, then the close. */
export interface Refusal {
  frames: Frame[];
  closeCode: number;
  reason: string;
}

/** One entry per wire that the gateway serves. */
export interface Wire {
  readonly name: string;
  /** Whether a client that connects to this address means this wire. */
  matches(url: URL): boolean;
  /** Whether a key that is not let in is told by HTTP 401 at the upgrade. Absent: by the wire's own words, after it. */
  judgesAtUpgrade?(url: URL): boolean;
  /** Reads the credentials and wishes; the gateway judges them. */
  introduce(request: WireRequest): Introduction;
  /** The client names its model in a frame: `createMachine` sees to it, not the gateway. */
  readonly namesModelLater?: boolean;
  /** What stands between the machine and the model's link, on wires whose sessions outlive a connection. */
  wrapLink?(link: Link, start: MachineStart): Link;
  /** `link`: as `wrapLink` made it. */
  createMachine(start: MachineStart, link: Link): ServerMachine;
  /** `code`: of the house's error table, or the vendor's own. */
  refuse(code: string, message: string, ids: Ids): Refusal;
  readonly limits: WireLimits;
}

export interface WireLimits {
  /** Bytes of one frame of the client; a larger one closes the socket with 1009. */
  frameBytes: number;
  /** Bytes that may wait for a client that reads slowly; more close the socket with 1008. */
  backlogBytes: number;
}

export const wires: readonly Wire[] = [openaiWire, geminiWire];
