import {
  type Clock,
  type Ids,
  type Ms,
  type ReparteeError,
  Runner,
  type Timer,
  toReparteeError,
} from '../../core/index.js';
import { withPatch } from '../config.js';
import type { Command, Config, Event, Item, Patch } from '../contract.js';
import { connectionError } from '../failures.js';
import type { Dialler, FrameTap } from '../model.js';
import { Again, isAgain } from './again.js';
import { bindTurn } from './bind-turn.js';
import { Connection, type ConnectionHost, type Opening } from './connection.js';
import { cutHere } from './cut-here.js';
import { nextDeadline } from './deadlines.js';
import { Early } from './early.js';
import { Journal, type Kept } from './journal.js';
import type { Ledger } from './ledger.js';
import { LinkSettings } from './link-settings.js';
import { Places } from './places.js';
import { replay } from './replay.js';
import {
  type EngineEffect,
  type EngineInput,
  type EngineNotice,
  type EngineState,
  type EngineStateOptions,
  engineState,
  type LinkFailure,
  type ReplyCause,
} from './state.js';
import { engineStep, hears } from './step.js';
import { neededFromMs, openTurn } from './turns.js';

export interface EngineOptions extends EngineStateOptions {
  /** Read whenever a link is opened. */
  config: Config;
  history: readonly Item[];
  ledger: Ledger;
  clock: Clock;
  ids: Ids;
  /** 0 to 1, for the jitter of retries. */
  random: () => number;
  /** From the dial to `ready`. */
  openTimeoutMs: Ms;
  /** How much of the input line is kept for another link. */
  replayMs: Ms;
  tap?: FrameTap;
}

export interface EngineListener {
  event(event: Event): void;
  notice(notice: EngineNotice): void;
  /** Audio has come to the input line. */
  heard(pcm: Int16Array): void;
  /** There is no link and there will be none; nothing else will come. */
  failed(error: ReparteeError): void;
}

/** An input without what the runner adds. */
type BareInput = EngineInput extends infer I
  ? I extends EngineInput
    ? Omit<I, 'atMs' | 'lineMs'>
    : never
  : never;

/** With it another connection goes on where the server was when it gave it. */
interface Handle {
  id: string;
  /** Of the ledger at that moment. */
  version: number;
  /** Open at that moment. */
  turns: string[];
}

/** How often what is not needed any more is let go, in chunks. */
const trimEvery = 32;
/** How long a server may take to tell that it hears somebody. */
const hearingLagMs = 1_500;
/** The same where nobody knows whether the server hears at all. */
const blindLagMs = 3_000;

/**
 * The one runner of the realtime side. It makes links and changes them as the machine says, keeps what is pushed while
 * there is none, sends again what a lost one may have taken along, and owns the timer of the machine's deadlines.
 */
export class Engine implements ConnectionHost {
  readonly state: EngineState;
  readonly #model: Dialler;
  readonly #options: EngineOptions;
  readonly #listener: EngineListener;
  readonly #runner: Runner<EngineState, EngineInput, EngineEffect>;
  readonly #early = new Early();
  readonly #journal: Journal;
  readonly #ledger: Ledger;
  #current: Connection | undefined;
  #next: Connection | undefined;
  #opening = false;
  #wasReady = false;
  readonly #settings: LinkSettings;
  readonly #places: Places;
  /** With which another link may go on, and the state of the history that it covers. */
  #handle: Handle | undefined;
  /** What was before is surely heard. */
  #sureMs: Ms = 0;
  #untrimmed = 0;
  #timer: Timer | undefined;
  #timerMs = Infinity;

  constructor(model: Dialler, options: EngineOptions, listener: EngineListener) {
    this.#model = model;
    this.#options = options;
    this.#listener = listener;
    this.#ledger = options.ledger;
    this.#settings = new LinkSettings(options.config, model.capabilities);
    this.#places = new Places(options.ledger.remote);
    this.state = engineState(model.capabilities, options.config.turns, options);
    this.#runner = new Runner(this.state, engineStep, (effects) => this.#perform(effects));
    this.#journal = new Journal(model.capabilities.inputRateHz, options.replayMs);
    this.#ledger.begin(options.history);
  }

  /** Dials and opens. What goes wrong arrives at the listener. */
  connect(): void {
    this.#input({ t: 'connect' });
  }

  /** Another connection, at the next quiet point. */
  reconnect(): void {
    this.#input({ t: 'reconnect' });
  }

  /** The settings have gone out: from here on they are changed by commands only. */
  get isOpening(): boolean {
    return this.#opening;
  }

  /** One command of the session, in its turn. After the end it does nothing. */
  command(command: Command, cause?: ReplyCause, replyId?: string, timeoutMs?: Ms): void {
    this.#input({
      t: 'command',
      command,
      ...(cause === undefined ? {} : { cause }),
      ...(replyId === undefined ? {} : { replyId }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }

  interrupt(): void {
    this.#input({ t: 'interrupt' });
  }

  cancel(replyId: string): void {
    this.#input({ t: 'cancel', replyId });
  }

  /** A chunk at the wire's rate. It decides nothing, so it passes the machine by. */
  audio(pcm: Int16Array): void {
    // Behind the commands that wait for the runner: a commit before it must not take it along.
    if (this.#runner.isRunning) this.command({ t: 'audio', pcm, atMs: 0 });
    else this.#takeAudio(pcm);
  }

  /** An event that no wire brought: the edges of local ears. Its positions are the session's. */
  local(event: Event): void {
    this.#input({ t: 'event', event });
    if (event.t !== 'speech' || event.edge !== 'start') return;
    const open = openTurn(this.state, event.turn);
    if (open !== undefined) this.#places.begin(open);
  }

  /** Position on the input line: milliseconds of audio taken. */
  get inputMs(): Ms {
    return this.#journal.toMs;
  }

  /** The link that serves was opened with what these fields are set to now. */
  hasSettings(of: Patch): boolean {
    const opening = this.#current?.isReady === true ? this.#current.opening : undefined;
    return opening !== undefined && this.#settings.areIn(opening, of);
  }

  /** The link that serves went on where an earlier one was. */
  get hasResumed(): boolean {
    return this.#current?.opening?.resume !== undefined;
  }

  /** The end of the line that nobody has answered and that is in writing nowhere, and the turns in it. */
  unheard(): { pieces: Kept[]; turns: string[] } {
    const unsettled = this.state.turns.filter(({ settled }) => !settled);
    if (this.#current !== undefined) this.#sureMs = this.#surelyHeardMs(this.#current);
    return { pieces: this.#journal.read(this.#neededMs), turns: unsettled.map(({ turn }) => turn) };
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.#input({
      t: 'event',
      event: { t: 'closing', code: 'closed', disposition: 'done', message: reason },
    });
  }

  get #closed(): boolean {
    return this.state.phase === 'closed';
  }

  onEvent(connection: Connection, event: Event): void {
    if (this.#closed) return;
    if (connection !== this.#current) return this.#onNextEvent(connection, event);
    // The hot path: nothing is decided, so nothing is queued and no deadline moves forward.
    if (event.t === 'audio' && !this.#runner.isRunning) {
      const atMs = connection.heardFromMs ?? this.#options.clock.now();
      if (hears(this.state, event, atMs)) this.#listener.event(event);
      return;
    }
    switch (event.t) {
      case 'ready':
        return this.#onReady(connection, event);
      case 'closing':
        return this.#onClosing(connection, event);
      case 'resumable':
        this.#keepHandle(connection.isCovered ? event.handle : null);
        break;
      case 'response':
        connection.noteResponse(event);
        break;
      case 'ack':
      case 'refused':
        if (event.cmd !== undefined) {
          connection.answered(event.cmd, event.t === 'ack' ? event.basis : 'wire');
          if (isOwn(event.cmd)) return;
        }
    }
    this.#take(connection, event);
  }

  /** What the link says, in our names and on our line; what is no news is dropped. */
  #take(connection: Connection, told: Event): void {
    const { names, line } = connection;
    bindTurn(this.state, connection, told);
    let event = names.event(told);
    if (connection.isOld(event)) return;
    if (event.t === 'speech' && event.atMs !== undefined) {
      event = { ...event, atMs: line.toSession(event.atMs) };
    }
    if (event.t === 'item' && told !== event && this.#isTwice(event)) return;
    this.#input({ t: 'event', event: this.#places.put(event, this.state.turns) });
  }

  /** An item under another name than the link's that is in its place already. */
  #isTwice({ phase, item }: Extract<Event, { t: 'item' }>): boolean {
    return phase === 'added' && this.#ledger.remote.has(item.id);
  }

  /** Until it takes over only its beginning and its end count. */
  #onNextEvent(connection: Connection, event: Event): void {
    if (connection !== this.#next) return;
    if (event.t === 'ready') {
      connection.ready(this.#options.clock.now());
      connection.knowsItsOpening();
      this.#input({ t: 'next_ready', endMs: this.#endOf(event) });
    } else if (event.t === 'closing') {
      this.#dialFailed(connection, failureOf(event));
    }
  }

  #onReady(connection: Connection, event: Extract<Event, { t: 'ready' }>): void {
    connection.ready(this.#options.clock.now());
    if (this.#wasReady) connection.knowsItsOpening();
    const turns = this.#settings.rulesOf(connection.opening);
    if (turns !== undefined) this.#input({ t: 'opening', turns });
    this.#input({ t: 'event', event });
    this.#wasReady = true;
    const endMs = this.#endOf(event);
    if (endMs !== null) this.#input({ t: 'ends', endMs });
  }

  /** When the link ends, on the session's clock. */
  #endOf({ expiresAtMs }: Extract<Event, { t: 'ready' }>): Ms | null {
    const { clock } = this.#options;
    return expiresAtMs === undefined ? null : clock.now() + Math.max(0, expiresAtMs - clock.wallNow());
  }

  #onClosing(connection: Connection, event: Extract<Event, { t: 'closing' }>): void {
    const { disposition } = event;
    const isOver = disposition === 'fatal' || disposition === 'done';
    // A handle that is refused is no reason to give up: the history is there.
    const wasResuming = connection.opening?.resume !== undefined && !connection.isReady;
    if (wasResuming) this.#handle = undefined;
    if (isOver && !wasResuming) this.#input({ t: 'event', event });
    else if (!connection.isReady) this.#dialFailed(connection, { ...failureOf(event), retryable: true });
    else this.#gone(connection, failureOf(event), false);
  }

  #keepHandle(id: string | null): void {
    const turns = this.state.turns.map(({ turn }) => turn);
    this.#handle = id === null ? undefined : { id, version: this.#ledger.version, turns };
  }

  #dial(as: 'current' | 'next'): void {
    const { clock, ids, tap, openTimeoutMs } = this.#options;
    const dial = { clock, ids, openTimeoutMs, ...(tap === undefined ? {} : { tap }) };
    const connection = new Connection(this, this.#model, dial);
    if (as === 'current') this.#current = connection;
    else this.#next = connection;
  }

  onFailed(connection: Connection, thrown: unknown): void {
    const error = toReparteeError(thrown, 'connect_failed', `${this.#model.provider}: `);
    const { code, message, retryable } = error;
    this.#dialFailed(connection, { code, message, retryable, error });
  }

  onTimeout(connection: Connection): void {
    const message = `${this.#model.provider} was not ready within ${this.#options.openTimeoutMs} ms`;
    this.#dialFailed(connection, { code: 'connect_timeout', message, retryable: true });
  }

  opening(connection: Connection): Opening {
    const as = connection === this.#next ? 'next' : 'current';
    const { history } = this.#options;
    const settings = this.#settings.now;
    if (!this.#wasReady) {
      this.#opening = true;
      this.#input({ t: 'opening', turns: settings.turns });
      return { config: settings, history };
    }
    const handle = this.#handle;
    const covers = handle !== undefined && this.#covers(handle);
    // One that did not last is not tried a second time.
    if (as === 'current') this.#handle = undefined;
    if (as === 'current' && covers) return { config: settings, history: [], resume: handle.id };
    return { config: settings, history: this.#ledger.seeds(this.#spokenItems()) };
  }

  /** The server's own memory is what we know of it. Of a turn that was open when it gave the handle nobody can say that. */
  #covers({ version, turns }: Handle): boolean {
    const { state } = this;
    return (
      version === this.#ledger.version &&
      !state.turns.some(({ turn, settled }) => !settled && turns.includes(turn))
    );
  }

  /** Items of turns that will be heard again, and of answers whose end is not known. */
  #spokenItems(): Set<string> {
    const { turns, responses } = this.state;
    const items = new Set(turns.map(({ item }) => item ?? ''));
    for (const { item } of responses) items.add(item ?? '');
    return items;
  }

  #dialFailed(connection: Connection, failure: LinkFailure): void {
    if (this.#closed) return;
    const as = connection === this.#current ? 'current' : 'next';
    if (as === 'next' && connection !== this.#next) return;
    connection.retire('not ready');
    if (as === 'current') this.#current = undefined;
    else this.#next = undefined;
    this.#input({ t: 'dial_failed', as, failure, random: this.#options.random() });
  }

  /** The link is gone, or let go: the machine hears what it took along. */
  #gone(connection: Connection, failure: LinkFailure, planned: boolean): void {
    const { config, random } = this.#options;
    this.#sureMs = this.#surelyHeardMs(connection);
    const flight: Command[] = [];
    for (const { command, atMs } of connection.flight) {
      if ('cmd' in command && isOwn(command.cmd)) {
        if (isAgain(command.cmd)) this.#early.add(command, atMs);
        continue;
      }
      // Behind speech that is sent again it is sent again, too: the order of speaking stays.
      if (command.t === 'item.add' && atMs > this.#sureMs && this.#early.add(command, atMs)) continue;
      if (command.t === 'configure') this.#settings.strand(command.patch);
      this.#ledger.absorb(command, () => this.#options.ids('item'));
      flight.push(command);
    }
    const again = new Again(this.#ledger, this.#early, this.#options.ids);
    again.unreached(connection, this.#sureMs);
    again.behind(this.state.turns);
    const heard: Record<string, string> = {};
    for (const { item, samples } of this.state.responses) {
      if (item !== null) heard[item] = this.#ledger.words(item, this.#spokenMs(samples));
    }
    this.#current = undefined;
    connection.retire(failure.message);
    const { instructions } = config;
    const turns = this.#settings.rulesOf(this.#next?.opening);
    this.#input({
      t: 'gone',
      planned,
      failure,
      flight,
      random: random(),
      heard,
      instructions,
      ...(turns === undefined ? {} : { turns }),
    });
  }

  #takeAudio(pcm: Int16Array): void {
    if (this.#closed) return;
    const sessionMs = this.#journal.toMs;
    this.#journal.push(pcm);
    if (this.state.phase === 'open') {
      this.#current?.audio(pcm, sessionMs, this.#journal.toMs - sessionMs);
      this.#untrimmed += 1;
      if (this.#untrimmed >= trimEvery) this.#trim();
    }
    this.#listener.heard(pcm);
  }

  /** Lets go of audio that no other link would need. */
  #trim(): void {
    this.#untrimmed = 0;
    if (this.#current === undefined) return;
    const unsureMs = Math.max(this.state.settledMs, this.#surelyHeardMs(this.#current));
    this.#journal.keepFrom(Math.min(neededFromMs(this.state), unsureMs));
  }

  /** What was on the line before has been heard by the server, and told of if it was speech. */
  #surelyHeardMs({ reachedMs, replayedFromMs, readyMs }: Connection): Ms {
    const nowMs = this.#options.clock.now();
    const lagMs = reachedMs === undefined ? blindLagMs : nowMs - reachedMs + hearingLagMs;
    // What was sent again came all at once.
    return nowMs - lagMs < readyMs ? replayedFromMs : this.#journal.toMs - lagMs;
  }

  #input(input: BareInput): void {
    const whole = input as EngineInput;
    whole.atMs = this.#options.clock.now();
    whole.lineMs = this.#journal.toMs;
    this.#runner.input(whole);
    this.#arm();
  }

  #perform(effects: readonly EngineEffect[]): void {
    for (const effect of effects) this.#do(effect);
    if (this.#closed) this.#end();
  }

  #do(effect: EngineEffect): void {
    switch (effect.t) {
      case 'emit':
        return this.#tell(effect.event);
      case 'notice':
        return this.#listener.notice(effect.notice);
      case 'send':
        return this.#send(effect.command);
      case 'dial':
        return this.#dial(effect.as);
      case 'swap':
        if (this.#current !== undefined) this.#gone(this.#current, rolledOver, true);
        return;
      case 'drop_link':
        if (this.#current !== undefined) this.#gone(this.#current, silent, false);
        return;
      case 'promote':
        this.#current = this.#next;
        this.#next = undefined;
        return;
      case 'replay':
        return this.#replay();
      case 'absorb':
        return this.#ledger.absorb(effect.command, () => this.#options.ids('item'));
      case 'cut_short':
        return this.#ledger.cutShort(effect.item, this.#spokenMs(effect.samples));
      case 'finish_words':
        return this.#finishWords(effect.turn, effect.item);
      case 'commit_turn':
        return this.#commitTurn(effect.turn, effect.item);
      case 'over':
        return this.#fail(effect.failure);
    }
  }

  #tell(event: Event): void {
    this.#ledger.event(event);
    this.#listener.event(event);
  }

  #finishWords(turn: string, item: string): void {
    if (this.#options.config.transcription === null) return;
    const text = this.#ledger.text(item);
    if (text !== '') return this.#tell({ t: 'heard', turn, item, text, how: 'final' });
    const message = 'The connection was lost before its words came';
    this.#tell({ t: 'heard', turn, item, text: message, how: 'failed' });
  }

  #commitTurn(turn: string, id: string): void {
    this.#tell({ t: 'committed', turn, item: id, basis: 'sent' });
    if (this.#ledger.remote.has(id)) return;
    const transcript = this.#ledger.text(id);
    const parts = [{ kind: 'audio' as const, transcript }];
    const item: Item = { kind: 'message', id, role: 'user', parts, status: 'completed' };
    this.#tell({ t: 'item', phase: 'added', item, basis: 'sent' });
    this.#tell({ t: 'item', phase: 'done', item, basis: 'sent' });
  }

  #send(command: Command): void {
    if (command.t === 'audio') return this.#takeAudio(command.pcm);
    if (command.t === 'item.cut' && this.#isOfEarlier(command.item)) return this.#cutHere(command);
    if (this.state.phase === 'open') {
      this.#ledger.sent(command);
      this.#current?.send(command, this.#journal.toMs);
    } else if (!this.#early.add(command, this.#journal.toMs) && 'cmd' in command) this.#refuse(command.cmd);
  }

  #isOfEarlier(item: string): boolean {
    return this.state.phase === 'reconnecting' || this.#current?.hasInWriting(item) === true;
  }

  /** Sound that an earlier link has made: this one cannot cut it, and the next is told what was heard. */
  #cutHere(command: Extract<Command, { t: 'item.cut' }>): void {
    this.#ledger.absorb(command, () => this.#options.ids('item'));
    for (const event of cutHere(command)) this.local(event);
  }

  #refuse(cmd: string): void {
    const message = 'Too many commands before the link was ready';
    this.local({ t: 'refused', cmd, code: 'illegal_command', message, benign: false });
  }

  #replay(): void {
    const connection = this.#current;
    if (connection === undefined) return;
    const fromMs = this.#neededMs;
    connection.readyMs = this.#options.clock.now();
    connection.replayedFromMs = fromMs;
    this.#resettle(connection);
    this.#settings.told();
    const droppedMs = replay(
      {
        state: this.state,
        connection,
        journal: this.#journal,
        ledger: this.#ledger,
        early: this.#early,
        ids: this.#options.ids,
        turns: this.#options.config.turns,
        rateHz: this.#model.capabilities.inputRateHz,
        edits: this.#model.capabilities,
        isFirst: !this.#wasReady,
      },
      fromMs,
    );
    if (droppedMs > 0) this.#listener.notice({ t: 'input_dropped', droppedMs });
  }

  /** From where on another link must hear the line. */
  get #neededMs(): Ms {
    if (!this.#wasReady) return 0;
    const unsureMs = Math.max(this.state.settledMs, this.#sureMs);
    return Math.max(0, Math.min(neededFromMs(this.state), unsureMs));
  }

  /** What was changed since it was opened, where it can be told. */
  #resettle(connection: Connection): void {
    const { opening } = connection;
    if (opening === undefined) return;
    const patch = this.#settings.changedSince(opening);
    if (patch === undefined) return;
    opening.config = withPatch(opening.config, patch);
    connection.send({ t: 'configure', cmd: this.#options.ids('own'), patch }, this.#journal.toMs);
  }

  /** A timer that is early wakes the machine for nothing; setting a new one with every frame would cost more. */
  #arm(): void {
    const deadlineMs = this.#closed ? Infinity : nextDeadline(this.state);
    if (this.#timerMs <= deadlineMs) return;
    this.#timer?.cancel();
    this.#timerMs = deadlineMs;
    const { clock } = this.#options;
    this.#timer = clock.at(deadlineMs, () => {
      this.#timerMs = Infinity;
      const heardFromMs = this.#current?.heardFromMs;
      this.#input({ t: 'wake', silentMs: heardFromMs === undefined ? 0 : clock.now() - heardFromMs });
    });
  }

  #spokenMs(samples: number): Ms {
    return Math.floor((samples * 1000) / this.#model.capabilities.outputRateHz);
  }

  #fail({ code, message, error }: LinkFailure): void {
    if (this.#closed) return;
    this.#end();
    this.#listener.failed(error ?? connectionError(code, message, this.#model.provider));
  }

  #end(): void {
    this.state.phase = 'closed';
    this.#runner.clear();
    this.#early.take();
    this.#journal.clear();
    this.#current?.retire('closed by the application');
    this.#next?.retire('closed by the application');
    this.#current = undefined;
    this.#next = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerMs = Infinity;
  }
}

const silent: LinkFailure = {
  code: 'connection_lost',
  message: 'The server gave no sign of life',
  retryable: true,
};
const rolledOver: LinkFailure = {
  code: 'rolled_over',
  message: 'Another connection takes over',
  retryable: true,
};

function failureOf({ code, message, disposition }: Extract<Event, { t: 'closing' }>): LinkFailure {
  return { code, message, retryable: disposition === 'retry' || disposition === 'resume' };
}

/** Commands of the engine itself: nobody waits for their answers. */
export function isOwn(cmd: string): boolean {
  return cmd.startsWith('own_');
}
