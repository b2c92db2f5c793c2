import type { ConversationReport } from './conversation-report.js';
import { figureAt } from './gates.js';

export { type ConversationReport, conversationReport } from './conversation-report.js';
export type { Distribution, Figure, Figures, Rate } from './figures.js';
export { defaultGates, type Gate, type GateResult } from './gates.js';
export { echoOf } from './health.js';
export type { Overlap } from './interruptions.js';
export { junitXml } from './junit.js';
export { type Label, type LogEntry, type Recording, recordingWav } from './recording.js';
export { passAll, passAt, type RunOutcome, type ScenarioOutcome, scenarioOutcomes } from './run-outcome.js';
export type { ReportInput, UserTurn } from './scene.js';
export { type Segments, speechSegments } from './segments.js';
export type { Span } from './spans.js';
export { tap, tapLines } from './tap.js';
export type { ToolRun } from './tool-figures.js';
export type { DeadAir } from './turn-taking.js';

/** A figure of a report by name, such as `v2v_ms.p95`, or `yield_rate` for its value. Undefined where it was not measured. */
export function metricAt(report: ConversationReport, path: string): number | undefined {
  return figureAt(report.metrics, path);
}
