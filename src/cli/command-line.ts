import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ConfigError } from '../core/index.js';

type Options = NonNullable<ParseArgsConfig['options']>;

type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

/** Reads a command's options and what stands between them; ConfigError `option_invalid`, in one sentence. */
export function parseOptions<O extends Options>(
  command: string,
  argv: readonly string[],
  options: O,
): Parsed<O> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (cause) {
    // The rest of Node's message is about positionals that begin with a dash.
    const [sentence] = (cause instanceof Error ? cause.message : String(cause)).split(/\. |\n/);
    throw invalid(`${sentence}: see repartee ${command} --help.`);
  }
}

/** A whole number of an option. */
export function countOf(name: string, text: string, from: number, to: number): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < from || count > to) {
    throw invalid(`${name} takes a number from ${from} to ${to}, not '${text}'.`);
  }
  return count;
}

export function invalid(message: string): ConfigError {
  return new ConfigError('option_invalid', message);
}
