import type { Clock, Emitter, Ms } from '../../core/index.js';
import type { Event } from '../contract.js';
import type { RealtimeEvents } from '../events.js';
import type { Dialler } from '../model.js';

/** Time to first output, duration and usage of each response. */
export class GenerationMeter {
  readonly #model: Dialler;
  readonly #clock: Clock;
  readonly #to: Emitter<RealtimeEvents>;
  #running: Map<string, { startedMs: Ms; firstMs: Ms | undefined }> | undefined;

  constructor(model: Dialler, clock: Clock, to: Emitter<RealtimeEvents>) {
    this.#model = model;
    this.#clock = clock;
    this.#to = to;
  }

  event(event: Event): void {
    if (event.t === 'audio' || event.t === 'said') this.#output(event.response);
    else if (event.t === 'response') {
      if (event.phase === 'started') {
        this.#running ??= new Map();
        this.#running.set(event.response, { startedMs: this.#clock.now(), firstMs: undefined });
      } else if (event.phase === 'ended') this.#ended(event);
    }
  }

  #output(response: string | null): void {
    const entry = response === null ? undefined : this.#running?.get(response);
    if (entry !== undefined && entry.firstMs === undefined) entry.firstMs = this.#clock.now();
  }

  #ended(event: Extract<Event, { t: 'response'; phase: 'ended' }>): void {
    const entry = this.#running?.get(event.response);
    if (entry === undefined) return;
    this.#running?.delete(event.response);
    this.#to.emit('metrics_collected', {
      type: 'realtime_model',
      provider: this.#model.provider,
      model: this.#model.model,
      responseId: event.response,
      durationMs: this.#clock.now() - entry.startedMs,
      cancelled: event.status === 'cancelled',
      ...(entry.firstMs === undefined ? {} : { ttftMs: entry.firstMs - entry.startedMs }),
      ...(event.usage === undefined ? {} : { usage: event.usage }),
    });
  }
}
