import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../core/index.js';
import {
  type CallResult,
  junitXml,
  type RunOutcome,
  readScenario,
  type Scenario,
  scenarioEndings,
  scenarioOutcomes,
  tapLines,
} from '../testing/index.js';
import { writeCall } from './call-files.js';
import { calleePath, callTarget } from './callee.js';
import { invalid } from './command-line.js';
import type { Terminal } from './run.js';
import type { Format, TestArgs } from './test-args.js';

interface Planned {
  scenario: Scenario;
  target: string;
}

/** `repartee test`: all scenarios of a folder; false where a run did not pass. All are read before the first is run. */
export async function test(args: TestArgs, terminal: Terminal): Promise<boolean> {
  const planned = await plan(args);
  const printer = printers[args.format](terminal, planned.length * args.repeat);
  const runs: RunOutcome[] = [];
  for (const { scenario, target } of planned) {
    const first = args.seed ?? scenario.seed ?? 1;
    for (let seed = first; seed < first + args.repeat && !terminal.stop.aborted; seed++) {
      const { run, result } = await runOnce(scenario, target, { seed, signal: terminal.stop });
      runs.push(run);
      if (args.out !== undefined && result !== undefined) {
        await writeCall(args.out, `${scenario.name}-${seed}`, result);
      }
      printer.run(run, result);
    }
  }
  printer.end(runs);
  return runs.length === planned.length * args.repeat && runs.every(({ passed }) => passed);
}

async function plan({ folder, agent }: TestArgs): Promise<Planned[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw new ConfigError('file_unreadable', `The folder ${folder} cannot be read.`, { cause });
  }
  const files = names.filter((name) => scenarioEndings.some((ending) => name.endsWith(ending))).sort();
  if (files.length === 0)
    throw invalid(
      `There is no scenario in ${folder}: none of its files ends with ${scenarioEndings.join(', ')}.`,
    );
  const planned: Planned[] = [];
  for (const name of files) {
    const scenario = await readScenario(path.join(folder, name));
    if (agent !== undefined) planned.push({ scenario, target: calleePath(agent, process.cwd()) });
    else if (scenario.agent !== undefined)
      planned.push({ scenario, target: calleePath(scenario.agent, folder) });
    else throw invalid(`${name} names no agent to be called: give --agent, or 'agent' in the scenario.`);
  }
  return planned;
}

/** A run that could not be made has failed, and does not keep the others from being made. */
async function runOnce(
  scenario: Scenario,
  target: string,
  options: { seed: number; signal: AbortSignal },
): Promise<{ run: RunOutcome; result?: CallResult }> {
  const { name } = scenario;
  const { seed } = options;
  try {
    const result = await callTarget(scenario, target, options);
    const { passed, durationMs } = result;
    const failures = result.failures.map(({ message }) => message);
    return { run: { scenario: name, seed, passed, failures, durationMs }, result };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { run: { scenario: name, seed, passed: false, failures: [message], durationMs: 0 } };
  }
}

interface Printer {
  /** `result` is absent where the call could not be made. */
  run(run: RunOutcome, result: CallResult | undefined): void;
  end(runs: readonly RunOutcome[]): void;
}

const printers: Record<Format, (terminal: Terminal, total: number) => Printer> = {
  lines: (terminal) => ({
    run({ scenario, seed, passed, failures, durationMs }) {
      terminal.out(
        `${passed ? 'passed' : 'FAILED'}  ${scenario}  (seed ${seed}, ${(durationMs / 1000).toFixed(1)} s)`,
      );
      for (const message of failures) terminal.out(`        ${message}`);
    },
    end(runs) {
      const repeated = scenarioOutcomes(runs).filter((one) => one.runs > 1);
      for (const { scenario, runs: n, passes, passAt1, passAtK, passAllK } of repeated) {
        const chances = `pass@1 ${passAt1.toFixed(2)}, pass@${n} ${passAtK.toFixed(2)}, pass^${n} ${passAllK.toFixed(2)}`;
        terminal.out(`${scenario}: ${passes} of ${n} (${chances})`);
      }
      const passes = runs.filter(({ passed }) => passed).length;
      terminal.out(`${passes} of ${runs.length} runs passed`);
    },
  }),
  tap: (terminal, total) => {
    let number = 0;
    terminal.out('TAP version 14');
    terminal.out(`1..${total}`);
    return {
      run(run) {
        number += 1;
        for (const line of tapLines(run, number)) terminal.out(line);
      },
      end: (runs) => {
        for (const { scenario, runs: n, passAt1, passAtK, passAllK } of scenarioOutcomes(runs)) {
          if (n > 1)
            terminal.out(`# ${scenario}: pass@1 ${passAt1}, pass@${n} ${passAtK}, pass^${n} ${passAllK}`);
        }
      },
    };
  },
  junit: (terminal) => ({ run() {}, end: (runs) => terminal.out(junitXml(runs).trimEnd()) }),
  json(terminal) {
    const reports: (RunOutcome & Partial<Pick<CallResult['report'], 'metrics' | 'gates'>>)[] = [];
    return {
      run: (run, result) => {
        if (result === undefined) reports.push(run);
        else reports.push({ ...run, metrics: result.report.metrics, gates: result.report.gates });
      },
      end: (runs) =>
        terminal.out(
          JSON.stringify(
            { schema: 'repartee.test-run', version: 1, scenarios: scenarioOutcomes(runs), runs: reports },
            null,
            2,
          ),
        ),
    };
  },
};
