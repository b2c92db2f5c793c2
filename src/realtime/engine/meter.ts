import type { Usage } from '../../chat/item.js';
import type { Clock, Emitter, Ms } from '../../core/index.js';
import type { Event } from '../contract.js';
import type { GenerationMetrics, RealtimeEvents, UsageReport } from '../events.js';
import type { Dialler } from '../model.js';

/** Time to first output, duration and usage of each response. */
export class GenerationMeter {
  readonly #model: Dialler;
  readonly #clock: Clock;
  readonly #to: Emitter<RealtimeEvents>;
  #running: Map<string, Running> | undefined;
  /** The response that something came of last. */
  #begun: string | null = null;
  /** While a connection is being made. */
  #dialledMs: Ms | undefined;
  #acquiredMs: Ms | undefined;
  /** A pipeline that tells what each of its parts has done. */
  #inParts = false;
  /** The response that ended last told its counts. */
  #hasTold = false;
  readonly #transcriber: () => string | undefined;

  /** `transcriber`: the name of what writes down the user's words, where it is known. */
  constructor(
    model: Dialler,
    clock: Clock,
    to: Emitter<RealtimeEvents>,
    transcriber: () => string | undefined,
  ) {
    this.#model = model;
    this.#transcriber = transcriber;
    this.#clock = clock;
    this.#to = to;
  }

  /** A connection is asked for: the time until its `ready` is told with what it serves. */
  dialling(): void {
    this.#dialledMs = this.#clock.now();
  }

  event(event: Event): void {
    if (event.t === 'ready') this.#ready();
    else if (event.t === 'audio' || event.t === 'said') this.#output(event.response);
    else if (event.t === 'heard') this.#heard(event);
    else if (event.t === 'usage') this.#usage(event);
    else if (event.t === 'response') {
      if (event.phase === 'started') {
        this.#running ??= new Map();
        this.#running.set(event.response, this.#begin());
      } else if (event.phase === 'ended') this.#ended(event);
    }
  }

  #ready(): void {
    this.#acquiredMs = this.#dialledMs === undefined ? undefined : this.#clock.now() - this.#dialledMs;
    this.#dialledMs = undefined;
  }

  #begin(): Running {
    return { wallMs: this.#clock.wallNow(), startedMs: this.#clock.now(), acquiredMs: this.#acquiredMs };
  }

  #output(response: string | null): void {
    // Nearly every frame is of the response that has begun already.
    if (response === this.#begun) return;
    this.#begun = response;
    const entry = response === null ? undefined : this.#running?.get(response);
    if (entry !== undefined) entry.firstMs ??= this.#clock.now();
  }

  #heard({ usage }: Extract<Event, { t: 'heard' }>): void {
    if (usage === undefined) return;
    const model = `${this.#model.provider}/${this.#transcriber() ?? 'transcription'}`;
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
    const entry = this.#running?.get(response);
    if (entry === undefined) return;
    this.#running?.delete(response);
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
  wallMs: number;
  startedMs: Ms;
  firstMs?: Ms;
  acquiredMs: Ms | undefined;
}
