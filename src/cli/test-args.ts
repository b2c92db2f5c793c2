import { seedOf } from './call-args.js';
import { countOf, invalid, parseOptions } from './command-line.js';

export const testUsage = `repartee test DIR    runs every scenario of a folder (.yaml, .yml, .json), in the order of their names

  --agent AGENT      whom to call, in place of the agent that a scenario names: a module or an address
  --repeat N         runs each scenario with N seeds, one after another (default 1); tells pass@k
  --seed N           the first seed, in place of the scenario's
  --format F         lines (default), tap, junit or json
  --out DIR          where to write the recording, log and report of each run
  --help             this text

The exit code is 0 where every run passed, otherwise 1.`;

export const formats = ['lines', 'tap', 'junit', 'json'] as const;
export type Format = (typeof formats)[number];

/** What `repartee test` was asked for. */
export interface TestArgs {
  folder: string;
  agent?: string;
  repeat: number;
  seed?: number;
  format: Format;
  out?: string;
}

const options = {
  agent: { type: 'string' },
  repeat: { type: 'string' },
  seed: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads what follows `test`; undefined where help was asked for. ConfigError `option_invalid`. */
export function readTestArgs(argv: readonly string[]): TestArgs | undefined {
  const { values, positionals } = parseOptions('test', argv, options);
  if (values.help) return undefined;
  const [folder, more] = positionals;
  if (folder === undefined) throw invalid('repartee test needs the folder of the scenarios.');
  if (more !== undefined) throw invalid(`repartee test takes one folder, not '${more}' as well.`);
  const { agent, repeat = '1', seed, format: asked = 'lines', out } = values;
  const format = formats.find((one) => one === asked);
  if (format === undefined) throw invalid(`--format takes ${formats.join(', ')}, not '${asked}'.`);
  return {
    folder,
    repeat: countOf('--repeat', repeat, 1, 10_000),
    format,
    ...(agent === undefined ? {} : { agent }),
    ...(seed === undefined ? {} : { seed: seedOf(seed) }),
    ...(out === undefined ? {} : { out }),
  };
}
