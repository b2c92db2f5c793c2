import { ChatContext, type ChatItem, seedItems } from '../chat/index.js';
import { StateError, UnsupportedError } from '../core/index.js';
import type { RealtimeSession } from '../realtime/index.js';
import type { SpeechHandle } from './mouth/speech-handle.js';

export interface AppendOptions {
  /** Tell the model as well. Default: only where `respond`. */
  sync?: boolean;
  /** Ask for an answer to it. Default false. */
  respond?: boolean;
}

/** What comes of an item that was put into the history. */
export interface Appended {
  /** Resolves when the model has it, at once where it is not told. Whoever does not wait for it hears of a failure by `error`. */
  synced: Promise<void>;
  /** Of the answer, where one was asked for. */
  speech?: SpeechHandle;
}

/** Whose history it is. */
export interface HistoryHost {
  model(): RealtimeSession;
  respond(): SpeechHandle;
  /** It has its place. */
  appended(item: ChatItem): void;
  failed(error: Error): void;
}

/** What was said and heard, by both sides, in the order of speaking. To be read; `append` adds what nobody said. */
export class SessionHistory extends ChatContext {
  #host: HistoryHost | undefined;

  /** The session's own call. */
  connect(host: HistoryHost): void {
    this.#host = host;
  }

  /** The session's own call: an item that it tells of by itself. */
  put(item: ChatItem): void {
    super.append(item);
  }

  /**
   * Puts an item last: here alone, or (`sync`) into the model's conversation too, as text, or (`respond`) for it to answer.
   * `option_invalid` where its id is taken; with `sync`: StateError `not_started` or `closed`, UnsupportedError `unsupported` for a
   * wire that takes a history at its opening only, or an item that no wire knows.
   */
  override append(item: ChatItem, { respond = false, sync = respond }: AppendOptions = {}): Appended {
    const host = this.#host;
    if (host === undefined) throw new StateError('not_started', 'The history has no session');
    const told = sync ? this.#told(item, host) : undefined;
    super.append(item);
    host.appended(item);
    const synced = told?.() ?? Promise.resolve();
    synced.catch((error: Error) => host.failed(error));
    return respond ? { synced, speech: host.respond() } : { synced };
  }

  /** How the model is told. */
  #told(item: ChatItem, host: HistoryHost): () => Promise<void> {
    const model = host.model();
    const { provider } = model.model;
    if (model.capabilities.history === 'opening') {
      throw new UnsupportedError('unsupported', `${provider} takes a history at its opening only`, {
        provider,
      });
    }
    const [seed] = seedItems([item]);
    if (seed === undefined) {
      throw new UnsupportedError('unsupported', `Nothing of a ${item.kind} can be told to a model`, {
        provider,
      });
    }
    return () => model.addItem(seed);
  }
}
