import type { Command, DialContext, Dialler, Event, Link } from '../../src/realtime/index.js';
import { RealtimeModel } from '../../src/realtime/index.js';
import type { LinkEntry } from '../../src/testing/index.js';

/** What stands for audio in the record: who keeps a minute of it for every conversation is busy collecting garbage. */
const sample = new Int16Array(1);

/** A link whose conversation is written down. */
export interface RecordedLink {
  dialledAtMs: number;
  entries: LinkEntry[];
}

/** Stands between a session and a model, changes nothing, and writes down what both say on each link. */
export class Recorder extends RealtimeModel {
  readonly provider: string;
  readonly model: string;
  readonly capabilities;
  readonly defaults;
  readonly links: RecordedLink[] = [];
  readonly #inner: Dialler;

  constructor(inner: Dialler) {
    super();
    this.#inner = inner;
    this.provider = inner.provider;
    this.model = inner.model;
    this.capabilities = inner.capabilities;
    this.defaults = inner.defaults;
  }

  async dial(context: DialContext): Promise<Link> {
    const link = await this.#inner.dial(context);
    const record: RecordedLink = { dialledAtMs: context.clock.now(), entries: [] };
    this.links.push(record);
    return new Tapped(link, record.entries);
  }
}

class Tapped implements Link {
  constructor(
    readonly inner: Link,
    readonly entries: LinkEntry[],
  ) {}

  // Asked by the engine; a link that knows nothing of it has none.
  get heardFromMs(): number {
    return this.inner.heardFromMs ?? Number.NaN;
  }

  send(command: Command): void {
    const noted = command.t === 'audio' && command.pcm.length > 0 ? { ...command, pcm: sample } : command;
    this.entries.push({ dir: 'command', command: noted });
    this.inner.send(command);
  }

  onEvent(listener: (event: Event) => void): void {
    this.inner.onEvent((event) => {
      const noted = event.t === 'audio' && event.pcm.length > 0 ? { ...event, pcm: sample } : event;
      this.entries.push({ dir: 'event', event: noted });
      listener(event);
    });
  }
}
