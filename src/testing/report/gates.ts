import type { Figures } from './figures.js';

/** A bound that a good conversation keeps. */
export interface Gate {
  metric: string;
  max?: number;
  min?: number;
}

export interface GateResult extends Gate {
  value: number;
  passed: boolean;
}

/** What people who measured many calls hold to be acceptable; a scenario that wants less or more says so in its `expect`. */
export const defaultGates: readonly Gate[] = [
  { metric: 'v2v_ms.p95', max: 2500 },
  { metric: 'v2v_tool_ms.p95', max: 4000 },
  { metric: 'bargein_stop_ms.p95', max: 600 },
  { metric: 'truncation_error_ms.max', max: 60 },
  { metric: 'tools_orphaned', max: 0 },
  { metric: 'tools_answered_twice', max: 0 },
  { metric: 'dead_air_agent_count', max: 0 },
];

/** Those for which there is a figure. */
export function judgedGates(figures: Figures, gates: readonly Gate[] = defaultGates): GateResult[] {
  return gates.flatMap((gate) => {
    const value = figureAt(figures, gate.metric);
    if (value === undefined) return [];
    const passed =
      (gate.max === undefined || value <= gate.max) && (gate.min === undefined || value >= gate.min);
    return [{ ...gate, value, passed }];
  });
}

/** A figure by name, such as `v2v_ms.p95`, `yield_rate` (its value) or `yield_rate.n`. Undefined where there is none. */
export function figureAt(figures: Figures, path: string): number | undefined {
  const [name = '', part] = path.split('.');
  const figure = figures[name];
  if (figure === undefined || typeof figure === 'number') return part === undefined ? figure : undefined;
  const value = Object.entries(figure).find(([field]) => field === (part ?? 'value'))?.[1];
  return typeof value === 'number' ? value : undefined;
}
