import type { Item, ToolChoice, ToolSpec, Usage, Word } from '../chat/item.js';
import type { Frame, Ms } from '../core/index.js';

export type { Item, ItemPart, ToolChoice, ToolSpec, Usage, Word } from '../chat/item.js';
export type { Frame, Ms } from '../core/index.js';

/** What a session is set to. `vendor` holds options that only one vendor has, in that vendor's camelCase names. */
export interface Config {
  instructions: string;
  tools: ToolSpec[];
  toolChoice: ToolChoice;
  /** Empty = the model's default voice. */
  voice: string;
  turns: TurnRule;
  output: 'audio' | 'text';
  /** The model's own transcription of the user; `null` = really off. Empty fields = the vendor's default. */
  transcription: { model?: string; language?: string; prompt?: string } | null;
  vendor: Record<string, unknown>;
}

/** `null` = off (really off), absent = keep. */
export type Patch = { [K in keyof Config]?: Config[K] | null };

/** Who decides that a turn has ended, and what the server does by itself then. */
export type TurnRule =
  | {
      owner: 'wire';
      kind: 'server_vad' | 'semantic_vad';
      /** The server answers a finished turn by itself. */
      autoReply: boolean;
      /** The server stops its response when the user begins to speak. */
      autoCut: boolean;
      silenceMs?: Ms;
      prefixMs?: Ms;
      threshold?: number;
      idleTimeoutMs?: Ms | null;
      eagerness?: 'low' | 'medium' | 'high' | 'auto';
    }
  | { owner: 'caller' };

/** What one reply does differently from the session. */
export interface Overrides {
  instructions?: string;
  tools?: ToolSpec[];
  toolChoice?: ToolChoice;
  output?: 'audio' | 'text';
  voice?: string;
  maxOutputTokens?: number | 'inf';
  vendor?: Record<string, unknown>;
}

/**
 * What we say to a link. `item`, `turn`, `response` and `call` are link ids: the wire's own, or minted by its machine.
 * `cmd` is our id of the command: `ack` or `refused` answers it once. `open` comes exactly once,
 * first; only `close` may come without it.
 */
export type Command =
  /** `history` or `resume`, never both. */
  | { t: 'open'; config: Config; history: Item[]; resume?: string }
  | { t: 'configure'; cmd: string; patch: Patch }
  /** Mono, at the wire's input rate. `atMs`: position of its first sample on this link's input line. */
  | { t: 'audio'; pcm: Int16Array; atMs: Ms }
  | { t: 'image'; cmd: string; data: Uint8Array; mime: string; atMs: Ms }
  /** end = commit; flush = end of stream; discard = clear the uncommitted audio. */
  | { t: 'activity'; cmd: string; edge: 'start' | 'end' | 'flush' | 'discard' }
  /**
   * `after`: undefined = append, null = first. `item.id` is a wish ('' = none); the ack says which id it got. Calls and
   * outputs that the link has never seen are carried as the wire can, else as text.
   */
  | { t: 'item.add'; cmd: string; item: Item; after?: string | null }
  | { t: 'item.remove'; cmd: string; item: string }
  /** `heardMs` is an integer, clamped to what was received. */
  | { t: 'item.cut'; cmd: string; item: string; part: number; heardMs: number; heardText: string }
  /** `more`: further answers of the same response follow. `then`: what the wire shall do after it. */
  | {
      t: 'answer';
      cmd: string;
      call: string;
      name: string;
      output: string;
      isError: boolean;
      more: boolean;
      then: 'speak' | 'wait' | 'auto';
    }
  | {
      t: 'reply';
      cmd: string;
      input?: Item[];
      outOfBand?: boolean;
      overrides?: Overrides;
      metadata?: Record<string, string>;
    }
  | { t: 'say'; cmd: string; text: string; cuttable: boolean }
  /** Answers an `approval`. Nothing goes on by itself: the `reply` that follows runs the call, or does without it. */
  | { t: 'approve'; cmd: string; approval: string; approve: boolean; reason?: string }
  | { t: 'stop'; cmd: string; response?: string }
  | { t: 'item.fetch'; cmd: string; item: string }
  | { t: 'close'; reason?: string }
  /** A frame in the vendor's own words; refused where `wire` is another. */
  | { t: 'raw'; wire: string; frame: unknown };

/** Why a response began. */
export type Cause = { by: 'command'; cmd: string } | { by: 'turn'; turn: string } | { by: 'wire' };

/** What a link says to us. `raw`: the vendor's parsed frame, by reference. */
export type Event = { raw?: unknown } & EventBody;

export type ResponseStatus = 'completed' | 'cancelled' | 'incomplete' | 'failed';

type EventBody =
  /** Audio may flow from here. */
  | { t: 'ready'; sessionId?: string; expiresAtMs?: Ms; effective?: Partial<Config> }
  /** `sent`: this wire never confirms. */
  | { t: 'ack'; cmd: string; item?: string; basis: 'wire' | 'sent' }
  /** `benign`: a race that changes nothing; users never see it. */
  | { t: 'refused'; cmd?: string; code: string; message: string; param?: string; benign: boolean }
  /** `atMs`: position on the link's input line; absent = unknown. */
  | {
      t: 'speech';
      edge: 'start' | 'stop' | 'discarded';
      turn: string;
      item?: string;
      atMs?: Ms;
      basis: 'wire' | 'local' | 'transcript' | 'cut';
    }
  | { t: 'committed'; turn: string; item: string; after?: string | null; basis: 'wire' | 'reply' | 'sent' }
  | { t: 'cleared'; cmd?: string }
  | {
      t: 'item';
      phase: 'added' | 'done' | 'removed' | 'cut' | 'fetched';
      item: Item;
      after?: string | null;
      heardMs?: number;
      basis: 'wire' | 'sent';
    }
  /** Words of the user. `text` of `failed` is the reason. */
  | {
      t: 'heard';
      item?: string;
      turn?: string;
      text: string;
      how: 'append' | 'replace' | 'final' | 'failed';
      fromMs?: Ms;
      toMs?: Ms;
      words?: Word[];
      language?: string;
      /** 0..1 */
      confidence?: number;
      usage?: Usage;
    }
  | {
      t: 'response';
      phase: 'started';
      response: string;
      cause: Cause;
      outOfBand: boolean;
      metadata?: Record<string, string> | null;
    }
  /** No more audio comes, but it is not over. */
  | { t: 'response'; phase: 'produced'; response: string }
  | {
      t: 'response';
      phase: 'ended';
      response: string;
      status: ResponseStatus;
      reason?: string;
      message?: string;
      basis: 'wire' | 'inferred';
      usage?: Usage;
    }
  /** `index`: place of the item among the response's items; `part`: place of the part in the item. */
  | {
      t: 'part';
      phase: 'started' | 'done';
      response: string | null;
      item: string;
      index: number;
      part: number;
      kind: 'audio' | 'text';
    }
  /** Mono, at the wire's output rate. The receiver may keep `pcm`. nulls: full duplex. */
  | { t: 'audio'; response: string | null; item: string | null; part: number; pcm: Int16Array; outMs?: Ms }
  /** Words of the model; legal after `ended`. Positions are milliseconds into the item's audio. */
  | {
      t: 'said';
      response: string | null;
      item: string | null;
      part: number;
      text: string;
      how: 'append' | 'replace' | 'final';
      stage: 'planned' | 'spoken' | 'thought';
      words?: Word[];
    }
  | {
      t: 'call';
      phase: 'args' | 'ready' | 'withdrawn';
      response: string | null;
      item?: string;
      call: string;
      name: string;
      /** `args`: what was added; `ready`: the whole JSON text; `withdrawn`: ''. */
      args: string;
      owner: 'us' | 'provider';
    }
  /**
   * The provider asks before it runs a tool of `server` by itself. `args` is the JSON text. It waits for `approve`; `call`:
   * the call's id where it is known beforehand.
   */
  | { t: 'approval'; approval: string; call?: string; server: string; name: string; args: string }
  /** The server says: unplayed audio is void. */
  | { t: 'drop'; response?: string }
  /** `total` of a response: of the one that ended last, in place of what its end said. */
  | { t: 'usage'; scope: 'response' | 'session'; mode: 'delta' | 'total'; usage: Usage }
  /** What one part of a pipeline has done; `model` is its name. Of such a link the responses' own counts are a summary. */
  | { t: 'usage'; scope: 'part'; part: 'stt' | 'llm' | 'tts'; model: string; usage: Usage }
  | { t: 'limits'; limits: RateLimit[] }
  | { t: 'resumable'; handle: string | null }
  | { t: 'expiring'; inMs: Ms }
  /** The last event of a link, always. What is under way ends with it: the link does not say so one by one. */
  | { t: 'closing'; code: string; disposition: 'fatal' | 'resume' | 'retry' | 'done'; message: string }
  /** `raw` is always set here. */
  | { t: 'unknown'; name: string };

export interface RateLimit {
  name: string;
  limit: number;
  remaining: number;
  resetMs: Ms;
}

/**
 * One per connection, for either end. Deterministic: time comes in, ids are injected, no timers and no I/O inside.
 * `wake` is called at or after the last time asked for by `wakeAt`; each `wakeAt` replaces the one before.
 * `closed`: the socket has ended; a client machine then emits `closing` unless it already has.
 */
export interface WireMachine<In> {
  local(input: In, nowMs: Ms): void;
  frame(frame: Frame, nowMs: Ms): void;
  wake(nowMs: Ms): void;
  closed(code: number, reason: string, nowMs: Ms): void;
}

export interface Port<Out> {
  frame(frame: Frame): void;
  emit(out: Out): void;
  wakeAt(ms: Ms | null): void;
  close(code: number, reason: string): void;
}

export type ClientMachine = (port: Port<Event>, ids: (kind: string) => string) => WireMachine<Command>;
export type ServerMachine = (port: Port<Command>, ids: (kind: string) => string) => WireMachine<Event>;

/**
 * A client machine with its socket, a cascade, or a script. One listener, set before `open` is sent. After `closing`
 * nothing more is emitted and commands do nothing. Events are never emitted inside the call of `send`'s own caller
 * stack unless they answer that very command.
 */
export interface Link {
  send(command: Command): void;
  onEvent(listener: (event: Event) => void): void;
  /** When the far end was heard last, on the session's clock: a frame, or the answer to a ping. Absent where nobody knows. */
  readonly heardFromMs?: Ms | undefined;
  /** What was sent before this moment has surely arrived. Absent where nobody knows. */
  readonly reachedMs?: Ms | undefined;
}
