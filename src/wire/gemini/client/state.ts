import type { Item, Usage, Word } from '../../../chat/item.js';
import type { Ms } from '../../../core/index.js';
import type { Config, Event, Port } from '../../../realtime/contract.js';
import type { ModelTraits, PerTool, ToolBehavior } from '../models.js';

/** A user's turn. The wire gives it no id: turn and item are minted at its first evidence. */
export interface UserTurn {
  turn: string;
  item: string;
  text: string;
  /** With their times, where the session asked for those. */
  words: Word[];
  committed: boolean;
  /** No more words are taken for it. */
  closed: boolean;
}

/** The assistant's message within a response; one at a time. */
export interface OpenMessage {
  item: string;
  /** Its place among the response's items. */
  index: number;
  kind: 'audio' | 'text';
  text: string;
}

export interface OpenResponse {
  response: string;
  message: OpenMessage | null;
  /** Items so far. */
  items: number;
  produced: boolean;
  /** A turn of it is complete, but the interaction that it belongs to goes on. */
  paused: boolean;
}

/** A call that the model waits for. `wireId` is null on Vertex, which has none. */
export interface OpenCall {
  call: string;
  wireId: string | null;
  name: string;
  response: string;
}

export interface ClientState {
  phase: 'new' | 'setup' | 'live' | 'closed';
  /** `ready` has been told: nothing may come before it. */
  isReady: boolean;
  /** When the server closes the connection, as it says. */
  endsMs: number | null;
  config: Config | null;
  history: Item[];
  /** The last item of the conversation as we know it; undefined after a resumption: there are some, unknown to us. */
  lastItem: string | null | undefined;
  response: OpenResponse | null;
  /** `reply` commands whose response has not begun, oldest first. */
  asked: string[];
  /** The answer whose continuation the model owes. */
  continuing: string | null;
  /** What it continues after is the result of a call that the model did not wait for. */
  continuesAsync: boolean;
  calls: OpenCall[];
  /** The last calls that the service withdrew: an answer may cross with that. */
  withdrawn: string[];
  /** Wire ids of the last calls, open or not: a repeated one is no new call. */
  knownCalls: string[];
  /** The turn that is being spoken, or is committed and not yet answered. */
  turn: UserTurn | null;
  /** The turn whose start of speech the wire has told, and not its stop. */
  speaking: string | null;
  /** The turn whose answer is under way: words that come late are its own. */
  answering: UserTurn | null;
  /** The turn answered last, while its words may still come: none had when its answer was over. */
  wordless: UserTurn | null;
  /** Until then words are waited for: of `answering` once everything has been produced, else of `wordless`. */
  wordsUntilMs: Ms | null;
  /** Why the next `interrupted` is our doing. */
  ownCut: 'reply' | 'activity' | 'answer' | null;
  /** After `interrupted`: output until then was under way before it, unless the turn ends first. */
  lateUntilMs: Ms | null;
  /** The interrupted turn still owes its `turnComplete`. */
  owesTurnComplete: boolean;
  /** Counts of the turn under way. */
  usage: Usage;
  /** Input went out since the last turn was committed. */
  audioSent: boolean;
  /** Turns were added that no reply has been asked for. */
  openContent: boolean;
  /** An extended-thinking interaction goes on over several turns. */
  interacting: boolean;
  /** It has begun to answer: what it says further is no answer to new audio. */
  interactionAnswered: boolean;
  /** Manual turns: an activity is open, and has had audio. */
  activity: 'none' | 'open' | 'heard';
  /** The caller marks the starts of its turns; audio alone starts none. */
  marksStarts: boolean;
  /** When the last activity ended. */
  activityEndMs: Ms | null;
  /** Words added where the model takes them only as a question: they go with the next one. */
  pendingWords: string[];
  /** Audio that could not be sent yet. */
  held: Int16Array[];
  heldSamples: number;
  closedByUs: boolean;
}

export function clientState(): ClientState {
  return {
    phase: 'new',
    isReady: false,
    endsMs: null,
    config: null,
    history: [],
    lastItem: null,
    response: null,
    asked: [],
    continuing: null,
    continuesAsync: false,
    calls: [],
    withdrawn: [],
    knownCalls: [],
    turn: null,
    speaking: null,
    answering: null,
    wordless: null,
    wordsUntilMs: null,
    ownCut: null,
    lateUntilMs: null,
    owesTurnComplete: false,
    usage: {},
    audioSent: false,
    openContent: false,
    interacting: false,
    interactionAnswered: false,
    activity: 'none',
    marksStarts: false,
    activityEndMs: null,
    pendingWords: [],
    held: [],
    heldSamples: 0,
    closedByUs: false,
  };
}

/** What every part of the client machine works with. */
export interface Client {
  readonly port: Port<Event>;
  readonly ids: (kind: string) => string;
  readonly model: string;
  readonly traits: ModelTraits;
  readonly toolBehavior: PerTool<ToolBehavior> | undefined;
  readonly toolScheduling: PerTool<'WHEN_IDLE' | 'INTERRUPT'> | undefined;
  readonly lateOutputMs: Ms;
  readonly state: ClientState;
  nowMs: Ms;
  /** The server's frame under way; undefined while a command is carried out. */
  raw: unknown;
}

/** Emits with the frame that caused it. Audio goes without: it would keep the base64 text alive. */
export function emit(client: Client, event: Event): void {
  if (client.raw !== undefined && event.t !== 'audio') event.raw = client.raw;
  client.port.emit(event);
}

export function refuse(
  client: Client,
  cmd: string,
  message: string,
  more: { code?: string; param?: string; benign?: boolean } = {},
): void {
  const { code = 'unsupported', param, benign = false } = more;
  emit(client, {
    t: 'refused',
    cmd,
    code,
    message,
    benign,
    ...(param === undefined ? {} : { param }),
  });
}

/** This wire confirms nothing: what was sent is taken as done. */
export function sent(client: Client, cmd: string, item?: string): void {
  emit(client, { t: 'ack', cmd, basis: 'sent', ...(item === undefined ? {} : { item }) });
}

/** Appends an item to the conversation as we know it. */
export function addItem(client: Client, item: Item, basis: 'wire' | 'sent'): void {
  const { lastItem } = client.state;
  emit(client, {
    t: 'item',
    phase: 'added',
    item,
    ...(lastItem === undefined ? {} : { after: lastItem }),
    basis,
  });
  client.state.lastItem = item.id;
}
