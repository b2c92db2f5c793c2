import path from 'node:path';
import { type CallResult, metricAt, readScenario } from '../testing/index.js';
import type { CallArgs } from './call-args.js';
import { writeCall } from './call-files.js';
import { calleePath, callTarget } from './callee.js';
import { invalid } from './command-line.js';
import type { Terminal } from './run.js';

/** `repartee call`: one call, told line by line; false where it was not as expected. */
export async function call(args: CallArgs, terminal: Terminal): Promise<boolean> {
  const scenario = await readScenario(args.scenario);
  const target =
    args.agent !== undefined
      ? calleePath(args.agent, process.cwd())
      : scenario.agent === undefined
        ? undefined
        : calleePath(scenario.agent, path.dirname(args.scenario));
  if (target === undefined) {
    throw invalid(`Nobody is to be called: give a module or an address, or 'agent' in ${args.scenario}.`);
  }
  const seed = args.seed ?? scenario.seed ?? 1;
  const result = await callTarget(scenario, target, { seed, signal: terminal.stop });
  terminal.out(`${scenario.name}, seed ${seed}: ${(result.durationMs / 1000).toFixed(1)} s`);
  for (const line of conversationLines(result)) terminal.out(`  ${line}`);
  for (const line of figureLines(result)) terminal.out(`  ${line}`);
  if (args.out !== undefined) terminal.out(`Written: ${await writeCall(args.out, scenario.name, result)}.*`);
  for (const { message } of result.failures) terminal.err(`failed: ${message}`);
  if (result.passed) terminal.out('passed');
  return result.passed;
}

/** Who said what, when. */
function conversationLines({ log, labels }: CallResult): string[] {
  const lines = labels.flatMap(({ kind, fromMs, text }) => {
    if (kind === 'pause') return [];
    return [
      { atMs: fromMs, text: `caller  ${kind === 'turn' ? '' : `(${kind.replace('_', ' ')}) `}${text ?? ''}` },
    ];
  });
  const heard = new Map<unknown, { atMs: number; text: string }>();
  for (const { event, data, atMs } of log) {
    if (event === 'agent_output_transcribed' && String(data.heard ?? '') !== '') {
      const cut = data.interrupted === true ? ' …' : '';
      const first = heard.get(data.itemId);
      heard.set(data.itemId, {
        atMs: first?.atMs ?? atMs,
        text: `agent   ${String(data.heard).trim()}${cut}`,
      });
    } else if (event === 'tool_started') {
      lines.push({ atMs, text: `tool    ${String(data.name)} ${String(data.args)}` });
    }
  }
  lines.push(...heard.values());
  return lines
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, text }) => `${(atMs / 1000).toFixed(2).padStart(7)}  ${text}`);
}

/** The figures that most are after, and default gates that were not kept. */
function figureLines({ report }: CallResult): string[] {
  const told = [
    ['v2v_ms.p50', 'answers after (ms, median)'],
    ['v2v_tool_ms.p50', 'answers after a tool (ms, median)'],
    ['bargein_stop_ms.p95', 'stops when interrupted, after (ms, p95)'],
    ['false_interruptions', 'stopped for nothing'],
    ['response_rate', 'turns answered'],
  ].flatMap(([metric = '', words = '']) => {
    const value = metricAt(report, metric);
    return value === undefined ? [] : [`${words}: ${Math.round(value * 100) / 100}`];
  });
  const missed = report.gates
    .filter(({ passed }) => !passed)
    .map(({ metric, value, max, min }) => `beyond what callers accept: ${metric} ${value} (${max ?? min})`);
  return [...told, ...missed];
}
