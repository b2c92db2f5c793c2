import { ConfigError } from '../core/index.js';

/** What we use of `@opentelemetry/api`. Ours, so that no emitted declaration needs the package. */
export interface OtelApi {
  readonly ROOT_CONTEXT: unknown;
  readonly trace: {
    getTracer(name: string, version?: string): OtelTracer;
    setSpan(context: unknown, span: OtelSpan): unknown;
  };
  readonly metrics: { getMeter(name: string, version?: string): OtelMeter };
  readonly context: { active(): unknown };
}

export type Attributes = Record<string, string | number | boolean>;

export interface OtelTracer {
  /** Times are milliseconds since the epoch. */
  startSpan(
    name: string,
    options?: { kind?: number; attributes?: Attributes; startTime?: number },
    context?: unknown,
  ): OtelSpan;
}

export interface OtelSpan {
  setAttributes(attributes: Attributes): unknown;
  recordException(exception: { name?: string; message: string }): void;
  setStatus(status: { code: number; message?: string }): unknown;
  end(endTime?: number): void;
}

export interface OtelMeter {
  createCounter(
    name: string,
    options?: InstrumentOptions,
  ): { add(value: number, attributes?: Attributes): void };
  createUpDownCounter(
    name: string,
    options?: InstrumentOptions,
  ): { add(value: number, attributes?: Attributes): void };
  createHistogram(
    name: string,
    options?: InstrumentOptions,
  ): { record(value: number, attributes?: Attributes): void };
}

export interface InstrumentOptions {
  description?: string;
  unit?: string;
  advice?: { explicitBucketBoundaries?: number[] };
}

/** Rejects with `peer_missing`. */
export async function loadOtel(
  load: () => Promise<OtelApi> = () => import('@opentelemetry/api'),
): Promise<OtelApi> {
  try {
    return await load();
  } catch (cause) {
    const message = 'Telemetry needs the package @opentelemetry/api: npm install @opentelemetry/api';
    throw new ConfigError('peer_missing', message, { cause });
  }
}
