import {
  type Clock,
  ConfigError,
  type ReparteeError,
  StateError,
  type Timer,
  ToolError,
  toReparteeError,
} from '../../core/index.js';
import { isSource, type OpenSource, type ToolEntry, type ToolSource } from './source.js';
import type { Tool } from './tool.js';

/** Whom an open box tells. */
export interface BoxHost {
  readonly clock: Clock;
  /** A source has other tools now. */
  changed(): void;
  failed(error: ReparteeError): void;
}

interface Opened {
  source: OpenSource;
  tools: readonly Tool[];
}

/** The tools of an agent: its own, and those of its sources while they are open. */
export class ToolBox {
  #entries: readonly ToolEntry[];
  #open: Map<ToolSource, Opened> | undefined;
  /** Sources on their way. */
  #opening: Set<AbortController> | undefined;
  #host: BoxHost | undefined;

  /** ConfigError `option_invalid` where two tools have one name. */
  constructor(entries: readonly ToolEntry[]) {
    assertDistinct(entries.filter((entry) => !isSource(entry)));
    this.#entries = entries;
  }

  get hasSources(): boolean {
    return this.#entries.some(isSource);
  }

  /** In the order in which they were given. */
  get tools(): readonly Tool[] {
    return this.#entries.flatMap((entry) =>
      isSource(entry) ? (this.#open?.get(entry)?.tools ?? []) : [entry],
    );
  }

  /**
   * Opens the sources side by side. Rejects with ToolError `tool_source_failed` where one that is not optional cannot be
   * opened in time, and with ConfigError `option_invalid` where two tools have one name; then none stays open.
   */
  async open(host: BoxHost): Promise<void> {
    this.#host = host;
    try {
      await this.#openAll(this.#entries, host);
      assertDistinct(this.tools);
    } catch (thrown) {
      await this.close();
      throw thrown;
    }
  }

  /**
   * Other tools from now on: new sources are opened, those that are not there any more closed. Rejects as `open`; then
   * nothing changes.
   */
  async update(entries: readonly ToolEntry[]): Promise<void> {
    const before = this.#entries;
    const host = this.#host;
    if (host === undefined) assertDistinct(entries.filter((entry) => !isSource(entry)));
    else {
      const fresh = entries.filter((entry) => !before.includes(entry));
      try {
        await this.#openAll(fresh, host);
        this.#entries = entries;
        assertDistinct(this.tools);
      } catch (thrown) {
        this.#entries = before;
        await this.#close(fresh.filter(isSource));
        throw thrown;
      }
    }
    this.#entries = entries;
    await this.#close([...(this.#open?.keys() ?? [])].filter((source) => !entries.includes(source)));
  }

  /** Closes all sources; what is being opened is given up. Safe to call twice. */
  async close(): Promise<void> {
    this.#host = undefined;
    for (const abort of this.#opening ?? []) abort.abort();
    await this.#close([...(this.#open?.keys() ?? [])]);
  }

  async #openAll(entries: readonly ToolEntry[], host: BoxHost): Promise<void> {
    const all = await Promise.allSettled(
      entries.filter(isSource).map((source) => this.#openOne(source, host)),
    );
    const failed = all.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #openOne(source: ToolSource, host: BoxHost): Promise<void> {
    if (this.#open?.has(source)) return;
    try {
      const opened = await this.#connect(source, host);
      if (this.#host !== host) return await opened.close();
      this.#open ??= new Map();
      this.#open.set(source, { source: opened, tools: opened.tools });
    } catch (thrown) {
      const error = toReparteeError(thrown, 'tool_source_failed', `${source.name}: `);
      if (source.optional !== true || error instanceof StateError) throw error;
      host.failed(error);
    }
  }

  async #connect(source: ToolSource, host: BoxHost): Promise<OpenSource> {
    const { name, openTimeoutMs = 10_000 } = source;
    const { clock } = host;
    const abort = new AbortController();
    this.#opening ??= new Set();
    this.#opening.add(abort);
    let timer: Timer | undefined;
    const opening = this.#started(source, abort.signal);
    const givenUp = new Promise<never>((_, reject) => {
      const closed = () => reject(new StateError('closed', `${name} was closed while it was opened`));
      abort.signal.addEventListener('abort', closed, { once: true });
      timer = clock.at(clock.now() + openTimeoutMs, () => {
        const message = `${name} did not list its tools within ${openTimeoutMs} ms`;
        reject(new ToolError('tool_source_failed', message));
        abort.abort();
      });
    });
    try {
      return await Promise.race([opening, givenUp]);
    } catch (thrown) {
      // It may yet come, and then nobody wants it.
      opening.then(
        (late) => late.close(),
        () => {},
      );
      throw thrown;
    } finally {
      timer?.cancel();
      this.#opening?.delete(abort);
    }
  }

  /** Rejects also where the source throws in place of it. */
  async #started(source: ToolSource, signal: AbortSignal): Promise<OpenSource> {
    return await source.open({
      signal,
      changed: (tools) => this.#changed(source, tools),
      failed: (error) => this.#host?.failed(error),
    });
  }

  /** A name that another tool has already keeps to that one. */
  #changed(source: ToolSource, tools: readonly Tool[]): void {
    const opened = this.#open?.get(source);
    const host = this.#host;
    if (opened === undefined || host === undefined) return;
    opened.tools = [];
    const taken = new Set(this.tools.map(nameOf));
    for (const tool of tools) {
      if (taken.has(nameOf(tool))) host.failed(clash(nameOf(tool)));
    }
    opened.tools = tools.filter((tool) => !taken.has(nameOf(tool)));
    host.changed();
  }

  async #close(sources: readonly ToolSource[]): Promise<void> {
    const gone = sources.flatMap((source) => this.#open?.get(source) ?? []);
    for (const source of sources) this.#open?.delete(source);
    await Promise.all(gone.map(({ source }) => source.close()));
  }
}

const nameOf = ({ spec }: Tool) => spec.name;

function assertDistinct(tools: readonly ToolEntry[]): void {
  const names = tools.flatMap((entry) => (isSource(entry) ? [] : [nameOf(entry)]));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw clash(twice);
}

function clash(name: string): ConfigError {
  return new ConfigError('option_invalid', `Two tools are called '${name}'`, { param: 'tools' });
}
