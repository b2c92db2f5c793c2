import type { AgentSession } from '../agent/index.js';
import { type Attributes, loadOtel, type OtelApi, type OtelMeter, type OtelTracer } from './peer.js';
import { instruments, SessionInstruments } from './session-instruments.js';
import { SessionSpans } from './session-spans.js';

export interface TelemetryOptions {
  /** Both sides' words, and what tools were given and found, on the spans. Default false. */
  words?: boolean;
  /** On the span of each call. */
  attributes?: Attributes;
  /** Default: of the providers that the application has registered with the API. */
  tracer?: OtelTracer;
  meter?: OtelMeter;
}

/** Spans and metrics of calls, to whatever the application has registered with `@opentelemetry/api`. */
export class Telemetry {
  readonly #api: OtelApi;
  readonly #tracer: OtelTracer;
  readonly #instruments: ReturnType<typeof instruments>;
  readonly #options: TelemetryOptions;

  /** Use `openTelemetry`. */
  constructor(api: OtelApi, options: TelemetryOptions) {
    this.#api = api;
    this.#options = options;
    this.#tracer = options.tracer ?? api.trace.getTracer('repartee');
    this.#instruments = instruments(options.meter ?? api.metrics.getMeter('repartee'));
  }

  /** From now on the session is seen; call it before `start`. The span of the call begins here and ends with `close`. */
  watch(session: AgentSession, attributes: Attributes = {}): void {
    const { words = false, attributes: all = {} } = this.#options;
    session.attach(
      new SessionSpans(this.#api, this.#tracer, session, { words, attributes: { ...all, ...attributes } }),
    );
    session.attach(new SessionInstruments(this.#instruments, session));
  }
}

/** Rejects with ConfigError `peer_missing` where `@opentelemetry/api` is not installed. Sessions that are not watched cost nothing. */
export async function openTelemetry(options: TelemetryOptions = {}): Promise<Telemetry> {
  return new Telemetry(await loadOtel(), options);
}
