import type { Ms } from '../../../core/index.js';
import { type ConversationReport, conversationReport } from '../../report/index.js';
import type { Label, LogEntry, Recording } from '../../report/recording.js';
import { failedExpectations } from '../scenario/expectations.js';
import type { Failure } from '../scenario/failure.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Caller } from './caller.js';

/** A call that was made. */
export interface CallResult {
  scenario: string;
  seed: number;
  passed: boolean;
  failures: readonly Failure[];
  durationMs: Ms;
  recording: Recording;
  log: readonly LogEntry[];
  labels: readonly Label[];
  report: ConversationReport;
}

/** Judges a call that is over. */
export function callResult(caller: Caller, scenario: Scenario, seed: number): CallResult {
  const { recording, labels } = caller.result();
  const { log } = caller;
  const report = conversationReport({ recording, log, labels });
  const failures = [...caller.failures, ...failedExpectations(scenario.expect ?? [], log, report)];
  return {
    scenario: scenario.name,
    seed,
    passed: failures.length === 0,
    failures,
    durationMs: report.durationMs,
    recording,
    log,
    labels,
    report,
  };
}
