import type { Ms } from '../../../src/core/index.js';
import { type Kind, kinds } from './overlaps.js';
import type { Outcome, Setting } from './simulation.js';

/** A real interruption is yielded to within this, from its onset to the agent's last sample. */
export const yieldMs: Ms = 600;

/** Silent in time, and for good. */
function isRight({ overlap, stoppedMs, resumed }: Outcome): boolean {
  if (overlap.kind !== 'interruption') return stoppedMs === null;
  return stoppedMs !== null && stoppedMs <= yieldMs && !resumed;
}

export interface Row {
  setting: Setting;
  /** Share of right ones, and how many there were. */
  rates: Record<Kind, { share: number; n: number }>;
  /** Of the interruptions that were yielded to at all. */
  p50Ms: Ms;
  p95Ms: Ms;
  /** Overlaps for which the agent paused, and went on before that was a stop. */
  breaths: number;
  /** Share of the backchannels that cost no word: it talked on, or went on from where it had paused. */
  wentOn: number;
}

export function rowOf(setting: Setting, outcomes: readonly Outcome[]): Row {
  const rates = Object.fromEntries(
    kinds.map((kind) => {
      const all = outcomes.filter(({ overlap }) => overlap.kind === kind);
      return [kind, { share: all.filter(isRight).length / all.length, n: all.length }];
    }),
  ) as Row['rates'];
  const yields = outcomes
    .flatMap(({ overlap, stoppedMs }) =>
      overlap.kind === 'interruption' && stoppedMs !== null ? [stoppedMs] : [],
    )
    .sort((a, b) => a - b);
  const nearestRank = (share: number) =>
    Math.round(yields[Math.ceil(share * yields.length) - 1] ?? Number.NaN);
  const breaths = outcomes.filter(({ breathMs }) => breathMs > 0).length;
  const nods = outcomes.filter(({ overlap }) => overlap.kind === 'backchannel');
  const wentOn = nods.filter(({ stoppedMs, resumed }) => stoppedMs === null || resumed).length / nods.length;
  return { setting, rates, wentOn, p50Ms: nearestRank(0.5), p95Ms: nearestRank(0.95), breaths };
}

const titles: Record<Kind, string> = {
  interruption: `yield rate (<= ${yieldMs} ms)`,
  backchannel: 'backchannel kept',
  cough: 'cough ignored',
  noise: 'noise ignored',
  echo: 'echo ignored',
  'side speech': 'side speech ignored',
};

/** Markdown, a row for each setting. */
export function tableOf(rows: readonly Row[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const head = [
    'ears',
    'words',
    'policy',
    'yield latency p50 / p95 ms',
    ...kinds.map((kind) => `${titles[kind]}, n = ${first.rates[kind].n}`),
    'brief pauses',
    'backchannel kept, or resumed',
  ];
  const lines = rows.map(({ setting, rates, p50Ms, p95Ms, breaths, wentOn }) => [
    setting.ears === 'server' ? 'server VAD' : 'local VAD',
    setting.words,
    setting.policy ? 'yes' : 'no',
    `${p50Ms} / ${p95Ms}`,
    ...kinds.map((kind) => rates[kind].share.toFixed(2)),
    `${breaths}`,
    wentOn.toFixed(2),
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
