import type { InterruptedBy } from '../../../src/agent/index.js';
import type { GenerationCreated } from '../../../src/realtime/index.js';
import type { LinkEntry } from '../../../src/testing/index.js';
import { markOfSample } from './models.js';

/** Knows what may still be played: nothing that was begun, asked for or due before an interruption. */
export class Censor {
  readonly #link: () => readonly LinkEntry[];
  readonly #replies = new Map<string, string>();
  readonly #void = new Map<string, string>();
  /** Of the link's story, at the last interruption. */
  #length = 0;

  constructor(link: () => readonly LinkEntry[]) {
    this.#link = link;
  }

  created({ responseId, replyId }: GenerationCreated): void {
    this.#replies.set(responseId, replyId);
  }

  interrupted(by: InterruptedBy): void {
    const why = `after it was interrupted by the ${by}`;
    for (const entry of this.#link()) {
      if (entry.dir === 'command') {
        // The server's own cut says nothing of what it has not begun.
        if (entry.command.t === 'reply' && by !== 'server') this.#void.set(asker(entry.command.cmd), why);
      } else if (entry.event.t === 'response' && entry.event.phase === 'started') {
        this.#void.set(entry.event.response, why);
      } else if (entry.event.t === 'committed' && by !== 'server') this.#void.set(entry.event.turn, why);
    }
    this.#length = this.#link().length;
  }

  dropped(reply: string): void {
    this.#void.set(reply, 'after its handle was interrupted');
  }

  ended(reply: string): void {
    this.#void.set(reply, 'after its handle had ended');
  }

  /** Why audio with this mark may not be written now. */
  objection(mark: number): string | undefined {
    let response: string | null = null;
    for (const entry of this.#link()) {
      if (entry.dir !== 'event') continue;
      const { event } = entry;
      if (event.t === 'audio' && markOfSample(event.pcm[0] ?? 0) === mark) response = event.response;
    }
    if (response === null) return undefined;
    const cause = this.#causeOf(response);
    const reply = this.#replies.get(response) ?? '';
    const why = this.#void.get(response) ?? this.#void.get(cause) ?? this.#void.get(reply);
    return why === undefined ? undefined : `audio of ${response} ${why}`;
  }

  #causeOf(response: string): string {
    const story = this.#link();
    const place = story.findIndex(
      (entry) => entry.dir === 'event' && entry.event.t === 'response' && entry.event.response === response,
    );
    const started = story[place];
    if (started?.dir !== 'event' || started.event.t !== 'response' || started.event.phase !== 'started')
      return '';
    const { cause } = started.event;
    if (cause.by === 'command') return asker(cause.cmd);
    // What was said since is answered with it.
    const since = story.slice(this.#length, place);
    const isNews = since.some((entry) => entry.dir === 'event' && entry.event.t === 'committed');
    return cause.by === 'turn' && !isNews ? cause.turn : '';
  }
}

/** The create's first id: one that is sent again has a number behind it. */
function asker(cmd: string): string {
  return cmd.split('.')[0] ?? cmd;
}
