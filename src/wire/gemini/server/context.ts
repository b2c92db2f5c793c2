import type { Resampler } from '../../../audio/index.js';
import type { Command, Event, Ms, Port, Usage } from '../../../realtime/contract.js';
import type { ServerMessage, Setup } from '../messages.js';
import type { GeminiServerOptions } from './options.js';
import type { Words } from './words.js';

/** What a command was sent for; decides what its refusal means to the client. */
export type Purpose = 'item' | 'reply' | 'answer' | 'configure' | 'commit' | 'other';

/** A response of the link that has not ended. */
export interface RunningResponse {
  response: string;
  /** Calls that the client has not been told of: they go out together. */
  calls: { call: string; name: string; args: string }[];
  generationComplete: boolean;
}

/** What the client is hearing, by the clock. */
export interface Playback {
  item: string;
  part: number;
  /** Audio of this item sent so far. */
  sentMs: Ms;
}

export interface ServerState {
  phase: 'new' | 'opening' | 'seeding' | 'live' | 'closed';
  setup: Setup | null;
  response: RunningResponse | null;
  /** Calls that the client owes an answer: call -> name. In their order. */
  openCalls: Map<string, string>;
  /** Calls that were cancelled: an answer may have been on its way. */
  cancelledCalls: string[];
  /** The reply was refused because a response was running. */
  owesReply: boolean;
  /** A turn of the model is under way on the wire; tool steps are within it. */
  turnOpen: boolean;
  playback: Playback | null;
  /** When all audio sent so far has been played. */
  playedUntilMs: Ms;
  /** When the turn shall be complete; null: not known yet. */
  completeAtMs: Ms | null;
  /** The model has until then to become ready. */
  readyByMs: Ms | null;
  /** When the client shall be told to leave, and when it is made to. */
  goAwayAtMs: Ms | null;
  goneAtMs: Ms | null;
  /** Messages with audio sent. */
  audioMessages: number;
  /** Counts of the prompt have been told for the turn under way. */
  promptTold: boolean;
  /** The last audio sent, for a fault that sends it late. */
  lastAudio: Int16Array | null;
  usage: Usage;
  turnCompleteReason: string | null;
  /** Manual turns: an activity is open, and has had audio. */
  activity: 'none' | 'open' | 'heard';
  /** Samples sent to the link. */
  inputSamples: number;
}

/** What every part of the server machine works with. */
export interface Server {
  readonly port: Port<Command>;
  readonly ids: (kind: string) => string;
  readonly options: GeminiServerOptions;
  readonly state: ServerState;
  readonly purposes: Map<string, Purpose>;
  readonly heard: Words;
  readonly said: Words;
  input: { rateHz: number; resampler: Resampler } | null;
  output: Resampler | null;
  nowMs: Ms;
}

export function serverState(): ServerState {
  return {
    phase: 'new',
    setup: null,
    response: null,
    openCalls: new Map(),
    cancelledCalls: [],
    owesReply: false,
    turnOpen: false,
    playback: null,
    playedUntilMs: 0,
    completeAtMs: null,
    readyByMs: null,
    goAwayAtMs: null,
    goneAtMs: null,
    audioMessages: 0,
    promptTold: false,
    lastAudio: null,
    usage: {},
    turnCompleteReason: null,
    activity: 'none',
    inputSamples: 0,
  };
}

/** Commands that a link never answered are forgotten beyond this. */
const maxPurposes = 4096;

export function command(server: Server, purpose: Purpose, build: (cmd: string) => Command): void {
  const { purposes, ids, port } = server;
  const cmd = ids('cmd');
  if (purposes.size >= maxPurposes) purposes.delete(purposes.keys().next().value ?? '');
  // Before it goes out: a link may answer at once.
  purposes.set(cmd, purpose);
  port.emit(build(cmd));
}

export function send(server: Server, message: ServerMessage): void {
  sendText(server, JSON.stringify(message));
}

const maxCancelled = 64;

/** Tells the client that nobody waits for these any more. On Vertex there is no id to name them by. */
export function sendCancelled(server: Server, calls: readonly string[]): void {
  const { cancelledCalls } = server.state;
  cancelledCalls.push(...calls);
  if (cancelledCalls.length > maxCancelled) cancelledCalls.splice(0, cancelledCalls.length - maxCancelled);
  if (server.options.surface !== 'vertex') send(server, { toolCallCancellation: { ids: [...calls] } });
}

/** Asks to be woken for whatever comes first. */
export function rearm({ state, port }: Server): void {
  let first: Ms | null = null;
  for (const atMs of [state.readyByMs, state.completeAtMs, state.goAwayAtMs, state.goneAtMs]) {
    if (atMs !== null && (first === null || atMs < first)) first = atMs;
  }
  port.wakeAt(first);
}

/** A message that is JSON text already. */
export function sendText(server: Server, text: string): void {
  server.port.frame(server.options.frames === 'text' ? text : new TextEncoder().encode(text));
}

/** The wire's only error. */
export function closeWith(server: Server, code: number, reason: string): void {
  if (server.state.phase === 'closed') return;
  server.port.close(code, reason);
  endLink(server, reason);
}

/** The client is gone, or sent away: the link goes too, where there is one. */
export function endLink({ state, port }: Server, reason: string): void {
  const opened = state.phase !== 'new';
  state.phase = 'closed';
  port.wakeAt(null);
  if (opened) port.emit({ t: 'close', reason });
}

export type EventOf<T extends Event['t']> = Extract<Event, { t: T }>;
export const invalidArgument = 'Request contains an invalid argument.';
