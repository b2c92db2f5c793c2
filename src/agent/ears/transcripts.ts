import {
  type Clock,
  type Ms,
  ProviderError,
  type ReparteeError,
  StateError,
  type Timer,
  UnsupportedError,
} from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import type { Span, Transcript, TranscriptRecord, TranscriptSource } from './transcript.js';

type Outcome = Transcript | ReparteeError;

interface Waiter {
  turn: string;
  source: TranscriptSource;
  settle(outcome: Outcome): void;
}

interface Turn {
  turn: string;
  item: string | undefined;
  fromMs: Ms | undefined;
  toMs: Ms | undefined;
  /** By each ear what is known, or why it will not be. */
  stt: Outcome | undefined;
  model: Outcome | undefined;
  /** The history has its words, or was told that there are none. */
  recorded: boolean;
  /** Its words in the history are the application's. */
  frozen: boolean;
}

/** Turns that are remembered. */
const turnLimit = 200;
const defaultTimeoutMs: Ms = 5_000;
const sources: readonly TranscriptSource[] = ['stt', 'model'];

export interface TranscriptsOptions {
  /** Default `both`. */
  record: TranscriptRecord | undefined;
  clock: Clock;
  /** Whether words of this ear are to be expected at all. */
  hears(source: TranscriptSource): boolean;
  /** The words of a turn for its item in the history; undefined: they will not be known. */
  keep(item: string, transcript: Transcript | undefined): void;
}

/**
 * What both ears understood of the caller's turns: the last 200 of them, each ear for itself. What a tool asks when it must know a
 * number exactly.
 */
export class Transcripts {
  readonly #options: TranscriptsOptions;
  #turns: readonly Turn[] = none;
  #waiters: readonly Waiter[] = none;
  #closed = false;

  constructor(options: TranscriptsOptions) {
    this.#options = options;
  }

  /** Which words the history keeps. */
  get record(): TranscriptRecord {
    return this.#options.record ?? (this.#options.hears('stt') ? 'both' : 'model');
  }

  /** The ear whose words are the record: of one turn, where an ear has failed it, they may be the other's. */
  get recordSource(): TranscriptSource {
    const { record } = this.#options;
    if (record !== undefined && record !== 'both') return record;
    return this.#options.hears('stt') ? 'stt' : 'model';
  }

  /** The last turn of which this ear (default: either) has understood something so far. */
  last(source?: TranscriptSource): Transcript | undefined {
    for (let place = this.#turns.length - 1; place >= 0; place--) {
      const known = this.of(this.#turns[place]!.turn);
      const found = source === undefined ? known[0] : known.find((one) => one.source === source);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The last turns, oldest first, with the one that is being spoken. */
  recent(count: number): string[] {
    return this.#turns.slice(-count).map(({ turn }) => turn);
  }

  /** What is known of a turn so far: the record first, then the alternative. Empty for a turn nobody knows. */
  of(turnId: string): Transcript[] {
    const turn = this.#find(turnId);
    if (turn === undefined) return [];
    const order = this.recordSource === 'stt' ? sources : [...sources].reverse();
    return order.flatMap((source) => transcriptOf(turn, source) ?? []);
  }

  /**
   * What was said between two positions of the input line: of each turn that touches it, only the words in it where their times
   * are known, else all of them.
   */
  between(fromMs: Ms, toMs: Ms, source?: TranscriptSource): Transcript[] {
    return this.#turns.flatMap(({ turn }) =>
      this.of(turn)
        .filter((one) => source === undefined || one.source === source)
        .flatMap((one) => within(one, fromMs, toMs) ?? []),
    );
  }

  /**
   * The final words of a turn by one ear (default: the record's), as soon as they are known. Rejects with `transcript_timeout` after
   * `timeoutMs` (default 5,000) or where the ear gave up, `stt_failed` or `provider_failed` where it failed, `unsupported` where
   * there is no such ear, `illegal_command` for what is no turn (any more), and `closed`.
   */
  async settled(
    turnId: string,
    { source = this.recordSource, timeoutMs = defaultTimeoutMs }: SettledOptions = {},
  ): Promise<Transcript> {
    const turn = this.#find(turnId);
    const known = turn?.[source];
    if (known !== undefined && !('turnId' in known)) throw known;
    if (turn !== undefined && known?.isFinal) return transcriptOf(turn, source) ?? known;
    if (this.#closed) throw new StateError('closed', 'The session is closed');
    if (turn === undefined) throw new StateError('illegal_command', `There is no turn ${turnId}`);
    if (!this.#options.hears(source)) {
      const what = source === 'stt' ? 'has no stt' : 'has a model that does not transcribe';
      throw new UnsupportedError('unsupported', `The session ${what}`);
    }
    return await this.#wait(turnId, source, timeoutMs);
  }

  /** A turn began to be spoken. */
  begin(turn: string, fromMs: Ms | undefined): void {
    const begun = this.#turn(turn);
    begun.fromMs ??= fromMs;
  }

  /** Nothing more of the turn is said. */
  end(turn: string, toMs: Ms | undefined): void {
    if (toMs !== undefined) this.#turn(turn).toMs = toMs;
  }

  /** It was no turn. */
  discard(id: string): void {
    this.#turns = this.#turns.filter(({ turn }) => turn !== id);
    this.#settle(id, undefined, new StateError('illegal_command', 'It was no turn of the user'));
  }

  /** What the turn will be in the history. */
  name(turn: string, item: string): void {
    this.#turn(turn).item = item;
  }

  /** The turn is an item of the history: no words of it can have escaped. */
  place(id: string, item: string): void {
    const turn = this.#turn(id);
    turn.item = item;
    this.#record(turn);
  }

  /** The record's words of this turn are still to come. */
  expects(turn: string): boolean {
    const said = this.#find(turn)?.[this.recordSource];
    return said === undefined ? this.#options.hears(this.recordSource) : 'turnId' in said && !said.isFinal;
  }

  /** The history has what the application says that it was; no ear changes that. */
  freeze(turn: string): void {
    this.#turn(turn).frozen = true;
  }

  spanOf(turn: string): Span | undefined {
    const { fromMs, toMs } = this.#find(turn) ?? {};
    return fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs };
  }

  has(turn: string): boolean {
    return this.#find(turn) !== undefined;
  }

  turnOf(item: string): string | undefined {
    return this.#turns.find((turn) => turn.item === item)?.turn;
  }

  itemOf(turn: string): string | undefined {
    return this.#find(turn)?.item;
  }

  /** Words so far, or all of them. An ear that has said all is not asked again. */
  heard(transcript: Transcript): void {
    const turn = this.#turn(transcript.turnId);
    turn[transcript.source] = transcript;
    if (!transcript.isFinal) return;
    this.#settle(transcript.turnId, transcript.source, transcriptOf(turn, transcript.source) ?? transcript);
    this.#record(turn);
  }

  failed(id: string, source: TranscriptSource, error: ReparteeError): void {
    const turn = this.#turn(id);
    turn[source] = error;
    this.#settle(id, source, error);
    this.#record(turn);
  }

  close(): void {
    this.#closed = true;
    const error = new StateError('closed', 'The session was closed');
    for (const { settle } of [...this.#waiters]) settle(error);
  }

  /** The history gets the words once it is known whose they are. Those that come later are put in their place. */
  #record(turn: Turn): void {
    const { item } = turn;
    if (item === undefined || turn.frozen) return;
    const kept = this.#kept(turn);
    if (kept === 'open' || (kept === undefined && turn.recorded)) return;
    turn.recorded = true;
    this.#options.keep(item, kept);
  }

  #kept(turn: Turn): Transcript | undefined | 'open' {
    const { record } = this;
    const order = record === 'both' ? sources : [record];
    let empty: Transcript | undefined;
    for (const source of order) {
      const said = turn[source];
      if (said === undefined ? this.#options.hears(source) : 'turnId' in said && !said.isFinal) return 'open';
      if (said === undefined || !('turnId' in said)) continue;
      if (said.text !== '') return said;
      empty ??= said;
    }
    return empty;
  }

  #wait(turn: string, source: TranscriptSource, timeoutMs: Ms): Promise<Transcript> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const waiter: Waiter = {
        turn,
        source,
        settle: (outcome) => {
          timer?.cancel();
          this.#waiters = allBut(this.#waiters, waiter);
          if ('turnId' in outcome) resolve(outcome);
          else reject(outcome);
        },
      };
      timer = clock.at(clock.now() + timeoutMs, () => {
        const message = `The words of ${turn} were not known within ${timeoutMs} ms`;
        waiter.settle(new ProviderError('transcript_timeout', message));
      });
      this.#waiters = [...this.#waiters, waiter];
    });
  }

  #settle(turn: string, source: TranscriptSource | undefined, outcome: Outcome): void {
    for (const waiter of [...this.#waiters]) {
      if (waiter.turn === turn && (source === undefined || waiter.source === source)) waiter.settle(outcome);
    }
  }

  #find(id: string): Turn | undefined {
    return this.#turns.find(({ turn }) => turn === id);
  }

  #turn(id: string): Turn {
    const known = this.#find(id);
    if (known !== undefined) return known;
    const turn: Turn = {
      turn: id,
      item: undefined,
      fromMs: undefined,
      toMs: undefined,
      stt: undefined,
      model: undefined,
      recorded: false,
      frozen: false,
    };
    this.#turns = this.#turns.slice(1 - turnLimit).concat(turn);
    return turn;
  }
}

/** `AgentSession.transcripts`: see the methods of `Transcripts`. */
export type SessionTranscripts = Pick<
  Transcripts,
  'record' | 'recordSource' | 'last' | 'recent' | 'of' | 'between' | 'settled'
>;

export interface SettledOptions {
  source?: TranscriptSource;
  timeoutMs?: Ms;
}

function transcriptOf(turn: Turn, source: TranscriptSource): Transcript | undefined {
  const said = turn[source];
  if (said === undefined || !('turnId' in said)) return undefined;
  return turn.item === undefined || said.itemId !== undefined ? said : { ...said, itemId: turn.item };
}

function within(one: Transcript, fromMs: Ms, toMs: Ms): Transcript | undefined {
  const { span, words = [] } = one;
  if (span === undefined || span.toMs <= fromMs || span.fromMs >= toMs) return undefined;
  const isWhole = span.fromMs >= fromMs && span.toMs <= toMs;
  if (isWhole || words.length === 0) return one;
  // A word is where its middle is.
  const inside = words.filter(
    (word) => (word.fromMs + word.toMs) / 2 >= fromMs && (word.fromMs + word.toMs) / 2 < toMs,
  );
  if (inside.length === 0) return undefined;
  return {
    ...one,
    text: inside.map((word) => word.text).join(' '),
    words: inside,
    span: { fromMs: Math.max(fromMs, span.fromMs), toMs: Math.min(toMs, span.toMs) },
  };
}
