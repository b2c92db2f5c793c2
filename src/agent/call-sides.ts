import type { ChatItem } from '../chat/index.js';
import { type Clock, type Ms, StateError, toReparteeError } from '../core/index.js';
import type { RealtimeSession } from '../realtime/index.js';
import type { Call } from './call.js';
import type { SpeechHandle } from './mouth/speech-handle.js';
import type { HistoryHost } from './session-history.js';
import type { AccountsOptions } from './usage/accounts.js';
import type { Prices } from './usage/prices.js';

// What parts of a call may ask and tell it. Objects: a function for each question would cost every call its memory.

const listPricesOnly: Prices = {};

/** For the one that keeps the books. */
export class BooksSide implements AccountsOptions {
  readonly #call: Call;
  readonly prices: Prices;

  constructor(call: Call, prices = listPricesOnly) {
    this.#call = call;
    this.prices = prices;
  }

  get clock(): Clock {
    return this.#call.clock;
  }

  audio(): { inMs: Ms; outMs: Ms } {
    const { path, state } = this.#call;
    return { inMs: path.positionMs, outMs: state.playout.playedMs };
  }

  updated(): void {
    const { accounts, events, limits } = this.#call;
    // Adding all of it up is for whoever asks.
    if (limits === undefined && !events.has('usage_updated')) return;
    const { usage } = accounts;
    events.emit('usage_updated', usage);
    limits?.used(usage);
  }
}

/** For the history, to which the application appends. */
export class HistorySide implements HistoryHost {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  model(): RealtimeSession {
    const { events } = this.#call;
    if (events.isClosed) throw new StateError('closed', 'The session is closed');
    if (!events.isRunning) throw new StateError('not_started', 'The session has not been started');
    return events.realtime;
  }

  respond(): SpeechHandle {
    return this.#call.events.generateReply();
  }

  appended(item: ChatItem): void {
    this.#call.emit('conversation_item_added', { item });
  }

  failed(error: Error): void {
    this.#call.emit('error', toReparteeError(error, 'provider_refused'));
  }
}
