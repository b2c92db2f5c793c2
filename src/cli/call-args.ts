import { countOf, invalid, parseOptions } from './command-line.js';

export const callUsage = `repartee call [AGENT] --scenario FILE    calls an agent as a scenario says

AGENT is a module whose default export is a callee ({ agent, options }, or a function that makes one; see
docs/testing.md), or the address of a running voice server (http://… or ws://…). Without it, the one that the
scenario names. A module is called on a virtual clock, unless the scenario says 'clock: real'.

  --scenario FILE    what the caller does, YAML or JSON
  --out DIR          where to write the recording (WAV), the log (JSONL) and the report (JSON)
  --seed N           of all chance in the call, in place of the scenario's
  --help             this text

The exit code is 0 where the call was as the scenario expects it, otherwise 1.`;

/** What `repartee call` was asked for. */
export interface CallArgs {
  agent?: string;
  scenario: string;
  out?: string;
  seed?: number;
}

const options = {
  scenario: { type: 'string' },
  out: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads what follows `call`; undefined where help was asked for. ConfigError `option_invalid`. */
export function readCallArgs(argv: readonly string[]): CallArgs | undefined {
  const { values, positionals } = parseOptions('call', argv, options);
  if (values.help) return undefined;
  const [agent, more] = positionals;
  if (more !== undefined) throw invalid(`repartee call takes one agent, not '${more}' as well.`);
  const { scenario, out, seed } = values;
  if (scenario === undefined) throw invalid('repartee call needs a scenario: --scenario FILE.');
  return {
    scenario,
    ...(agent === undefined ? {} : { agent }),
    ...(out === undefined ? {} : { out }),
    ...(seed === undefined ? {} : { seed: seedOf(seed) }),
  };
}

export function seedOf(text: string): number {
  return countOf('--seed', text, 0, 1e9);
}
