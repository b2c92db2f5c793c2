import type { Usage } from '../../chat/item.js';
import { byId, type Clock, type Emitter, type Ms } from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import type { Config, Event } from '../contract.js';
import type { GenerationMetrics, RealtimeEvents, UsageReport } from '../events.js';
import type { Dialler } from '../model.js';

/** Time to first output, duration and usage of each response. */
export class GenerationMeter {
  readonly #model: Dialler;
  readonly #clock: Clock;
  readonly #to: Emitter<RealtimeEvents>;
  #running: readonly Running[] = none;
  /** The response that something came of last. */
  #begun: string | null = null;
  /** While a connection is being made. */
  #dialledMs: Ms | undefined;
  #acquiredMs: Ms | undefined;
  /** A pipeline that tells what each of its parts has done. */
  #inParts = false;
  /** The response that ended last told its counts. */
  #hasTold = false;
  readonly #settings: { readonly config: Pick<Config, 'transcription'> };

  constructor(
    model: Dialler,
    clock: Clock,
    to: Emitter<RealtimeEvents>,
    settings: { readonly config: Pick<Config, 'transcription'> },
  ) {
    this.#model = model;
    this.#settings = settings;
    this.#clock = clock;
    this.#to = to;
  }

  /** A connection is asked for: the time until its `ready` is told with what it serves. */
  dialling(): void {
    this.#dialledMs = this.#clock.now();
  }

  event(event: Event): void {
    if (event.t === 'ready') this.#ready();
    else if (event.t === 'audio' || event.t === 'said') this.output(event.response);
    else if (event.t === 'heard') this.#heard(event);
    else if (event.t === 'usage') this.#usage(event);
    else if (event.t === 'response') {
      if (event.phase === 'started') {
        this.#begin(event.response);
      } else if (event.phase === 'ended') this.#ended(event);
    }
  }

  #ready(): void {
    this.#acquiredMs = this.#dialledMs === undefined ? undefined : this.#clock.now() - this.#dialledMs;
    this.#dialledMs = undefined;
  }

  #begin(id: string): void {
    const [wallMs, startedMs] = [this.#clock.wallNow(), this.#clock.now()];
    const running: Running = { id, wallMs, startedMs, firstMs: undefined, acquiredMs: this.#acquiredMs };
    this.#running = this.#running.filter((other) => other.id !== id).concat(running);
  }

  /** Something came of the response: words, or a frame of audio, of which that is all there is to tell. */
  output(response: string | null): void {
    // Nearly every frame is of the response that has begun already.
    if (response === this.#begun) return;
    this.#begun = response;
    const entry = response === null ? undefined : byId(this.#running, response);
    if (entry !== undefined) entry.firstMs ??= this.#clock.now();
  }

  #heard({ usage }: Extract<Event, { t: 'heard' }>): void {
    if (usage === undefined) return;
    const { model: transcriber = 'transcription' } = this.#settings.config.transcription ?? {};
    const model = `${this.#model.provider}/${transcriber}`;
    this.#report({ of: 'transcription', model, mode: 'delta', usage });
  }

  #usage(event: Extract<Event, { t: 'usage' }>): void {
    const { usage } = event;
    if (event.scope === 'part') {
      this.#inParts = true;
      this.#report({ of: event.part, model: event.model, mode: 'delta', usage });
      return;
    }
    const { scope, mode } = event;
    const isFirst = scope === 'response' && mode === 'total' && !this.#hasTold;
    if (scope === 'response') this.#hasTold = true;
    this.#report({ of: scope, model: this.#label, mode: isFirst ? 'delta' : mode, usage });
  }

  #report(report: UsageReport): void {
    this.#to.emit('usage_reported', report);
  }

  get #label(): string {
    return `${this.#model.provider}/${this.#model.model}`;
  }

  #told(usage: Usage | undefined): void {
    this.#hasTold = usage !== undefined;
    if (usage !== undefined && !this.#inParts)
      this.#report({ of: 'response', model: this.#label, mode: 'delta', usage });
  }

  #ended({ response, status, usage }: Extract<Event, { t: 'response'; phase: 'ended' }>): void {
    this.#told(usage);
    const entry = byId(this.#running, response);
    if (entry === undefined) return;
    this.#running = allBut(this.#running, entry);
    const { provider, model } = this.#model;
    const { wallMs, startedMs, firstMs, acquiredMs } = entry;
    const durationMs = this.#clock.now() - startedMs;
    const metrics: GenerationMetrics = {
      type: 'realtime_model',
      label: this.#label,
      provider,
      model,
      timestampMs: wallMs,
      responseId: response,
      requestId: response,
      durationMs,
      cancelled: status === 'cancelled',
    };
    if (firstMs !== undefined) metrics.ttftMs = firstMs - startedMs;
    if (acquiredMs !== undefined) metrics.connectionAcquiredMs = acquiredMs;
    if (usage !== undefined) metrics.usage = usage;
    const tokens = usage?.outputTokens;
    if (tokens !== undefined && durationMs > 0) metrics.tokensPerSecond = (tokens * 1_000) / durationMs;
    this.#to.emit('metrics_collected', metrics);
  }
}

/** A response under way. */
interface Running {
  id: string;
  wallMs: number;
  startedMs: Ms;
  firstMs: Ms | undefined;
  acquiredMs: Ms | undefined;
}
