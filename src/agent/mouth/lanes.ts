import { byId, type Ms, samplesToMs, TransportError } from '../../core/index.js';
import { isForCaller } from '../machine/step.js';
import { isPlaying } from '../playout.js';
import type { SessionHost } from '../session-host.js';

/** Audio kept for later, of all that wait; more is too much, and its speech is stopped. */
const heldLimitMs: Ms = 600_000;

type Entry =
  | { t: 'audio'; item: string; part: number; pcm: Int16Array; rateHz: number }
  /** Nothing more of the item comes. */
  | { t: 'close'; item: string };

/** What one response has to say, in its order. */
interface Lane {
  response: string;
  /** It begins on an empty line, and what follows waits until the last of it was heard: so it alone can be left standing. */
  alone: boolean;
  begun: boolean;
  /** The machine has heard of it. */
  known: boolean;
  queue: Entry[];
  heldMs: Ms;
  /** Items that the machine knows to be coming. */
  open: string[];
  ended: boolean;
  flushed: boolean;
}

/** Where the audio goes in the end. */
export interface LineEnd {
  write(response: string, item: string, part: number, pcm: Int16Array, rateHz: number): void;
  flush(response: string): void;
}

/**
 * Who writes to the output line when several have something to say: one response after the other, in the order in which
 * they began. What the others say meanwhile is kept. With nobody here, whoever speaks writes by himself.
 */
export class Lanes {
  readonly #host: SessionHost;
  readonly #to: LineEnd;
  #lanes: readonly Lane[] = [];
  #pumping = false;
  #willPump = false;

  constructor(host: SessionHost, to: LineEnd) {
    this.#host = host;
    this.#to = to;
  }

  get isEmpty(): boolean {
    return this.#lanes.length === 0;
  }

  /** Takes a place behind the others. */
  begin(response: string, alone: boolean): void {
    this.#lanes = this.#lanes.concat({
      response,
      alone,
      begun: false,
      known: false,
      queue: [],
      heldMs: 0,
      open: [],
      ended: false,
      flushed: false,
    });
  }

  /** Audio of the item will come, until `close`; the item is not over before. */
  open(response: string, item: string): void {
    if (this.#get(response) === undefined) this.begin(response, false);
    const lane = this.#get(response);
    if (lane === undefined || lane.open.includes(item)) return;
    lane.open.push(item);
    this.#host.input({ t: 'coming', item, is: true });
  }

  play(response: string, item: string, part: number, pcm: Int16Array, rateHz: number): void {
    if (this.#get(response) === undefined) this.begin(response, false);
    const lane = this.#get(response)!;
    const isNext =
      lane === this.#lanes[0] &&
      lane.queue.length === 0 &&
      !this.#pumping &&
      !this.#host.isDeciding &&
      this.#mayWrite(lane);
    if (isNext) {
      this.#to.write(response, item, part, pcm, rateHz);
      return;
    }
    this.open(response, item);
    lane.queue.push({ t: 'audio', item, part, pcm, rateHz });
    lane.heldMs += samplesToMs(pcm.length, rateHz);
    if (this.#lanes.reduce((sum, { heldMs }) => sum + heldMs, 0) > heldLimitMs) this.#tooMuch(response);
    else this.#pump();
  }

  /** How much of a response waits here. */
  heldMs(response: string): Ms {
    return this.#get(response)?.heldMs ?? 0;
  }

  /** Nothing more of the item comes. */
  close(response: string, item: string): void {
    const lane = this.#get(response);
    if (lane === undefined || !lane.open.includes(item)) return;
    lane.queue.push({ t: 'close', item });
    this.#pump();
  }

  /** The response has said all. False: it is none of these, and wrote by itself. */
  end(response: string): boolean {
    const lane = this.#get(response);
    if (lane === undefined) return false;
    for (const item of lane.open) lane.queue.push({ t: 'close', item });
    lane.ended = true;
    this.#pump();
    return true;
  }

  /** What of it was not written never is. */
  drop(response: string): void {
    this.#lanes = this.#lanes.filter((lane) => lane.response !== response);
  }

  /** Something has changed: those that were stopped go, and the next one may begin. */
  tidy(): void {
    const { state } = this.#host;
    for (const lane of this.#lanes) {
      lane.known ||= byId(state.responses, lane.response) !== undefined;
      if (lane.known && !isForCaller(state, lane.response)) this.drop(lane.response);
    }
    this.#pump();
  }

  clear(): void {
    this.#lanes = [];
  }

  #get(response: string): Lane | undefined {
    return this.#lanes.find((lane) => lane.response === response);
  }

  #mayWrite(lane: Lane): boolean {
    if (lane.alone && !lane.begun && isPlaying(this.#host.state.playout)) return false;
    lane.begun = true;
    return true;
  }

  /** Writing may have consequences for those that wait: each step looks anew. */
  #pump(): void {
    if (this.#pumping || this.#lanes.length === 0) return;
    if (this.#host.isDeciding) return this.#pumpSoon();
    this.#pumping = true;
    try {
      for (let lane = this.#lanes[0]; lane !== undefined && this.#advance(lane); lane = this.#lanes[0]);
    } finally {
      this.#pumping = false;
    }
  }

  /** The machine knows what was decided, and not yet what is written: the state of the line is of no use until it has done. */
  #pumpSoon(): void {
    if (this.#willPump) return;
    this.#willPump = true;
    queueMicrotask(() => {
      this.#willPump = false;
      this.#pump();
    });
  }

  /** Does the next thing; false where there is nothing to do by now. */
  #advance(lane: Lane): boolean {
    if (!this.#mayWrite(lane)) return false;
    const { response } = lane;
    const entry = lane.queue.shift();
    if (entry?.t === 'audio') {
      const { item, part, pcm, rateHz } = entry;
      lane.heldMs -= samplesToMs(pcm.length, rateHz);
      this.#to.write(response, item, part, pcm, rateHz);
      return true;
    }
    if (entry?.t === 'close') {
      lane.open = lane.open.filter((item) => item !== entry.item);
      this.#host.input({ t: 'coming', item: entry.item, is: false });
      return true;
    }
    if (!lane.ended) return false;
    if (!lane.flushed) {
      lane.flushed = true;
      this.#to.flush(response);
    }
    if (lane.alone && isPlaying(this.#host.state.playout)) return false;
    this.drop(response);
    return true;
  }

  #tooMuch(response: string): void {
    this.drop(response);
    const { emit, input, state } = this.#host;
    const message = `More than ${heldLimitMs} ms of speech wait for the end of another one`;
    emit('error', new TransportError('transport_overflow', message));
    const reply = byId(state.responses, response)?.reply;
    if (reply !== undefined) input({ t: 'interrupt_reply', reply });
  }
}
