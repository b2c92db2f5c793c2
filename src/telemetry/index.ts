export type { Attributes, OtelMeter, OtelSpan, OtelTracer } from './peer.js';
export { openTelemetry, Telemetry, type TelemetryOptions } from './telemetry.js';
