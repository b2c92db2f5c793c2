import type {
  Capabilities,
  Command,
  Config,
  DialContext,
  Dialler,
  Event,
  Link,
} from '../../src/realtime/index.js';
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
  readonly capabilities: Capabilities;
  defaults: Config;
  readonly links: RecordedLink[] = [];
  readonly #inner: Dialler;

  constructor(inner: Dialler) {
    super();
    this.#inner = inner;
    this.provider = inner.provider;
    this.model = inner.model;
    this.capabilities = inner.capabilities;
    this.defaults = inner.defaults;
    if (inner.connOptions !== undefined) this.connOptions = inner.connOptions;
    if (inner.maxSessionDurationMs !== undefined) this.maxSessionDurationMs = inner.maxSessionDurationMs;
  }

  override checkConfig(config: Config): void {
    this.#inner.checkConfig?.(config);
  }

  async dial(context: DialContext): Promise<Link> {
    const link = await this.#inner.dial(context);
    const record: RecordedLink = { dialledAtMs: context.clock.now(), entries: [] };
    this.links.push(record);
    return 'heardFromMs' in link ? new HearingTap(link, record.entries) : new Tap(link, record.entries);
  }
}

class Tap implements Link {
  constructor(
    readonly inner: Link,
    readonly entries: LinkEntry[],
  ) {}

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

/** Of a link that knows when its far end was heard. */
class HearingTap extends Tap implements Link {
  get heardFromMs(): number | undefined {
    return this.inner.heardFromMs;
  }

  get reachedMs(): number | undefined {
    return this.inner.reachedMs;
  }
}
