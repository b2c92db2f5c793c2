import type { Ms } from '../../core/index.js';
import { comparisonFigures } from './comparisons.js';
import type { Figure, Figures } from './figures.js';
import { type GateResult, judgedGates } from './gates.js';
import { healthFigures } from './health.js';
import { interruptionFigures, type Overlap, overlapsOf } from './interruptions.js';
import { latencyFigures } from './latency.js';
import { type ReportInput, sceneOf, type UserTurn } from './scene.js';
import { detector } from './segments.js';
import type { Span } from './spans.js';
import { type ToolRun, toolFigures, toolRuns } from './tool-figures.js';
import { type DeadAir, deadAirOf, turnTakingFigures } from './turn-taking.js';

/** How a conversation went. JSON; `version` is raised when a figure's meaning changes or one goes. */
export interface ConversationReport {
  schema: 'repartee.conversation-report';
  version: 1;
  durationMs: Ms;
  /** What the figures rest on. */
  basis: { log: boolean; labels: boolean };
  /** How speech was found in the recording. */
  detector: typeof detector;
  /** By name; what could not be measured is absent. Definitions: docs/testing.md. */
  metrics: Figures;
  /** The default gates for whose figures there were measurements. */
  gates: GateResult[];
  /** What the figures were made of. */
  turns: readonly UserTurn[];
  agentSpeech: readonly Span[];
  overlaps: readonly Overlap[];
  deadAir: readonly DeadAir[];
  tools: readonly ToolRun[];
  /** What these figures cannot tell. */
  limits: readonly string[];
}

const limits = [
  'A call in one process has no network and no device: their delays are not in it.',
  'Another detector of speech moves latencies by tens of milliseconds.',
  'With a scripted model the latencies are the script and the framework, not a model.',
  'What a sound was meant to be is taken from the scenario, not from the audio.',
];

/** Measures a call. The same input always gives the same report; nothing is changed. */
export function conversationReport(input: ReportInput): ConversationReport {
  const scene = sceneOf(input);
  const overlaps = overlapsOf(scene);
  const deadAir = deadAirOf(scene);
  const tools = toolRuns(scene.log);
  const metrics = rounded({
    ...latencyFigures(scene),
    ...interruptionFigures(scene, overlaps),
    ...turnTakingFigures(scene, deadAir),
    ...toolFigures(scene, tools),
    ...healthFigures(scene),
    ...comparisonFigures(scene, overlaps),
  });
  return {
    schema: 'repartee.conversation-report',
    version: 1,
    durationMs: scene.durationMs,
    basis: { log: scene.hasLog, labels: scene.isLabelled },
    detector,
    metrics,
    gates: judgedGates(metrics),
    turns: scene.turns,
    agentSpeech: scene.agent,
    overlaps,
    deadAir,
    tools,
    limits,
  };
}

/** To a thousandth: what lies below is arithmetic, not measurement. */
function rounded(figures: Figures): Figures {
  const round = (value: number) => Math.round(value * 1000) / 1000;
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]): [string, Figure] => {
      if (typeof figure === 'number') return [name, round(figure)];
      const parts = Object.entries(figure).map(([part, value]) => [
        part,
        typeof value === 'number' ? round(value) : value,
      ]);
      return [name, Object.fromEntries(parts) as Figure];
    }),
  );
}
