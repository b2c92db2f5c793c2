import type { ChatContext, Item, RemoteConversation } from '../chat/index.js';
import type { Clock, Ms } from '../core/index.js';
import type { Capabilities } from './capabilities.js';
import { type ItemEditor, updateChat } from './history.js';
import type { ChatUpdate, TruncateOptions } from './session-options.js';
import { isTextCut, syncHeardText } from './text-cut.js';

/** Whose conversation is changed. */
export interface ChatHost {
  readonly model: { readonly provider: string };
  readonly capabilities: Capabilities;
  readonly connected: boolean;
  readonly opened: Promise<void>;
  addItem(item: Item, after?: string | null): Promise<void>;
  removeItem(itemId: string): Promise<void>;
}

/** Changes of the server's conversation that take more than one command. */
export class ChatEdits implements ItemEditor {
  readonly #host: ChatHost;
  readonly #remote: RemoteConversation;
  readonly #clock: Clock;
  /** The last of the updates under way: one after the other. */
  #last: Promise<void> | undefined;

  constructor(host: ChatHost, remote: RemoteConversation, clock: Clock) {
    this.#host = host;
    this.#remote = remote;
    this.#clock = clock;
  }

  get canRemove(): boolean {
    return this.#host.capabilities.remove;
  }

  get provider(): string {
    return this.#host.model.provider;
  }

  addItem(item: Item, after?: string | null): Promise<void> {
    return this.#host.addItem(item, after);
  }

  removeItem(itemId: string): Promise<void> {
    return this.#host.removeItem(itemId);
  }

  /** Makes the conversation equal to `chat` as it is now. Its time begins when the session is open. */
  async update(chat: ChatContext, timeoutMs: Ms): Promise<ChatUpdate> {
    const wanted = chat.copy();
    const run = () => {
      const { connected, opened } = this.#host;
      const linked = connected ? undefined : opened;
      return updateChat(this, this.#remote.items, wanted, { clock: this.#clock, timeoutMs, linked });
    };
    const update = this.#last === undefined ? run() : this.#last.then(run);
    const over: Promise<void> = update.then(
      () => {},
      () => {},
    );
    this.#last = over;
    try {
      return await update;
    } finally {
      if (this.#last === over) this.#last = undefined;
    }
  }

  /** Whether the server knows now what was heard of a text; undefined: it is none, and is cut by its milliseconds. */
  cutText(options: TruncateOptions): Promise<boolean> | undefined {
    const { itemId, heardText = '' } = options;
    const remote = this.#remote;
    const standing = {
      item: remote.get(itemId),
      previous: remote.previousOf(itemId) ?? null,
      isLast: remote.lastId === itemId,
    };
    if (!isTextCut(options, standing)) return undefined;
    return syncHeardText(this, standing, heardText, this.#host.capabilities);
  }
}
