import { type CallArgs, callUsage, readCallArgs } from './call-args.js';
import { invalid } from './command-line.js';
import { readServeArgs, type ServeArgs, serveUsage } from './serve-args.js';
import { readTestArgs, type TestArgs, testUsage } from './test-args.js';

export const usage = `repartee serve    serves a realtime model on the wires of OpenAI and Gemini
repartee call     calls an agent as a scenario says, records and measures the call
repartee test     runs all scenarios of a folder

repartee COMMAND --help tells the options of a command.`;

export type Args =
  | { command: 'help'; text: string }
  | ({ command: 'serve' } & ServeArgs)
  | ({ command: 'call' } & CallArgs)
  | ({ command: 'test' } & TestArgs);

/** Reads the command line, whose first word is the command; ConfigError `option_invalid` or `options_conflict`, in one sentence. */
export function readArgs(argv: readonly string[]): Args {
  const [command, ...rest] = argv;
  switch (command) {
    case undefined:
    case '--help':
    case '-h':
      return { command: 'help', text: usage };
    case 'serve': {
      const args = readServeArgs(rest);
      return args === undefined ? { command: 'help', text: serveUsage } : { command, ...args };
    }
    case 'call': {
      const args = readCallArgs(rest);
      return args === undefined ? { command: 'help', text: callUsage } : { command, ...args };
    }
    case 'test': {
      const args = readTestArgs(rest);
      return args === undefined ? { command: 'help', text: testUsage } : { command, ...args };
    }
    default:
      throw invalid(`There is no command '${command}': repartee serve, call and test are those there are.`);
  }
}
