import { type Ms, type ReparteeError, type Timer, toReparteeError } from '../../core/index.js';
import type { SessionHost } from '../session-host.js';
import { CompletedTurn, type TurnDecision } from './completed-turn.js';
import type { Transcripts } from './transcripts.js';
import type { RepliesBy } from './turn-rule.js';

/** The hook waits so long for the words of its turn, and may take so long itself; then the reply is asked for without. */
const wordsMs: Ms = 3_000;
const hookMs: Ms = 10_000;
/** After the end of speech the wire has this long to say that it was a turn. */
const commitMs: Ms = 1_000;

/** A turn to be answered. */
interface Owed {
  turn: string;
  item: string;
  /** Undefined while the hook decides. */
  decision: TurnDecision | undefined;
  abort: AbortController;
}

const plainly: TurnDecision = { answer: true, text: undefined, instructions: [], notes: [] };

/**
 * Asks for the answer to each turn where the wire does not do so by itself: not while the user speaks, once for what was said
 * last, not where the policy says that it was no turn (`SessionHost.answers`) or somebody else talks with the caller (`holds`),
 * and as the agent's `onUserTurnCompleted` decides.
 */
export class Replier {
  repliesBy: RepliesBy = 'wire';
  readonly #host: SessionHost;
  readonly #transcripts: Transcripts;
  #owed: Owed | undefined;
  /** The turn being spoken, or of which nobody has said what became of it. */
  #spoken: string | undefined;
  #timer: Timer | undefined;
  /** How many turns there were, and the last of them that is answered. */
  #completed = 0;
  #answered = 0;
  #closed = false;

  constructor(host: SessionHost, transcripts: Transcripts) {
    this.#host = host;
    this.#transcripts = transcripts;
  }

  /** The user begins to speak: what is owed waits. */
  speechStarted(turn: string): void {
    this.#timer?.cancel();
    this.#spoken = turn;
  }

  /** The wire will say that it was a turn, or not. */
  speechStopped(turn: string): void {
    if (turn !== this.#spoken || this.repliesBy !== 'session') return;
    const { clock } = this.#host;
    this.#timer?.cancel();
    this.#timer = clock.at(clock.now() + commitMs, () => this.#quiet(turn));
  }

  discarded(turn: string): void {
    this.#quiet(turn);
  }

  /** The turn is an item of the conversation. `answer`: whoever ended it wants one. */
  completed(turn: string, item: string, answer: boolean): void {
    if (this.#closed) return;
    const { isHeld, answers } = this.#host;
    const isMine = this.repliesBy === 'session' && answer && !isHeld;
    const verdict = isMine && (answers?.(turn) ?? true);
    const place = ++this.#completed;
    const decided = (is: boolean) => this.#decided(turn, item, is, place);
    if (typeof verdict === 'boolean') return decided(verdict);
    verdict.then(decided, (thrown) => {
      this.#host.emit('error', toReparteeError(thrown, 'listener_threw'));
      decided(true);
    });
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#drop();
  }

  /** `place`: of the turn among those that were completed. The answer to a later one answers it as well. */
  #decided(turn: string, item: string, isAnswered: boolean, place: number): void {
    if (this.#closed) return;
    if (isAnswered && place > this.#answered) {
      this.#answered = place;
      this.#owe(turn, item);
    }
    this.#quiet(turn);
  }

  #quiet(turn: string): void {
    if (this.#spoken === turn) {
      this.#timer?.cancel();
      this.#spoken = undefined;
    }
    this.#goOn();
  }

  #owe(turn: string, item: string): void {
    this.#drop();
    const owed: Owed = { turn, item, decision: undefined, abort: new AbortController() };
    this.#owed = owed;
    if (this.#host.agent()?.decidesTurns !== true) owed.decision = plainly;
    else void this.#prepare(owed);
  }

  #drop(): void {
    this.#owed?.abort.abort();
    this.#owed = undefined;
  }

  async #prepare(owed: Owed): Promise<void> {
    const { turn, item, abort } = owed;
    const { conversation, emit } = this.#host;
    if (this.#transcripts.expects(turn)) {
      await this.#transcripts.settled(turn, { timeoutMs: wordsMs }).catch(() => {});
    }
    const message = conversation.history.get(item);
    if (abort.signal.aborted) return;
    const decided = new CompletedTurn(turn, item, this.#transcripts.of(turn), abort.signal);
    try {
      const asked = message?.kind === 'message' && this.#host.agent()?.onUserTurnCompleted(decided, message);
      if (asked instanceof Promise) await this.#inTime(asked, abort.signal);
    } catch (thrown) {
      emit('error', toReparteeError(thrown, 'listener_threw', 'onUserTurnCompleted: '));
    }
    const decision = decided.close();
    if (abort.signal.aborted) return;
    owed.decision = decision;
    this.#goOn();
  }

  /** Whatever comes first: it is done, it is not wanted any more, or its time is over. */
  async #inTime(done: Promise<void>, signal: AbortSignal): Promise<void> {
    const { clock } = this.#host;
    await new Promise<void>((resolve, reject) => {
      const late = () => reject(new Error(`it has not decided within ${hookMs} ms`));
      const timer = clock.at(clock.now() + hookMs, late);
      const dropped = () => {
        timer.cancel();
        resolve();
      };
      signal.addEventListener('abort', dropped, { once: true });
      done.then(resolve, reject).finally(() => {
        timer.cancel();
        signal.removeEventListener('abort', dropped);
      });
    });
  }

  #goOn(): void {
    const owed = this.#owed;
    if (owed?.decision === undefined || this.#spoken !== undefined || this.#closed) return;
    this.#owed = undefined;
    const { answer, text, notes, instructions } = owed.decision;
    if (text !== undefined) this.#edit(owed, text);
    for (const note of notes) this.#note(note, instructions);
    if (answer) this.#ask(instructions);
  }

  /** The wire's copy is replaced where it can be. */
  #edit({ turn, item }: Owed, text: string): void {
    const { conversation } = this.#host;
    const model = this.#host.model();
    this.#transcripts.freeze(turn);
    conversation.recorded(item, text, undefined);
    if (!model.capabilities.remove || model.capabilities.history !== 'any') return;
    const parts = [{ kind: 'text', text } as const];
    this.#expectOk(model.addItem({ kind: 'message', id: '', role: 'user', parts }, item));
    this.#expectOk(model.removeItem(item));
  }

  /** Where the conversation takes no items any more it is said with the reply. */
  #note(text: string, instructions: string[]): void {
    const model = this.#host.model();
    const id = this.#host.conversation.noted(text);
    if (model.capabilities.history === 'opening') instructions.push(text);
    else {
      const parts = [{ kind: 'text', text } as const];
      this.#expectOk(model.addItem({ kind: 'message', id, role: 'system', parts }));
    }
  }

  #ask(more: readonly string[]): void {
    this.#host.speaking.reply(more.length === 0 ? {} : { instructions: more.join('\n\n') }, 'turn');
  }

  #expectOk(done: Promise<unknown>): void {
    done.catch((error: ReparteeError) => {
      if (!this.#closed && error.vendorCode !== 'superseded') this.#host.emit('error', error);
    });
  }
}
