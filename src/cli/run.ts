import { ReparteeError } from '../core/index.js';
import { readArgs, usage } from './args.js';
import { serve } from './serve.js';

/** Where a command writes, and what stops it. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Aborted once the user wants it to end. */
  stop: AbortSignal;
}

/** Runs one command line to its end; gives the exit code. */
export async function run(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    const args = readArgs(argv);
    if (args.command === 'help') terminal.out(usage);
    else await serve(args, terminal);
    return 0;
  } catch (thrown) {
    // Ours are written for the person at the keyboard; another is a fault of the program.
    terminal.err(
      thrown instanceof ReparteeError ? thrown.message : String((thrown as Error)?.stack ?? thrown),
    );
    return 1;
  }
}

/** The first signal ends it in order, the second at once. */
function processTerminal(): Terminal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return {
    out: (line) => console.log(line),
    err: (line) => console.error(line),
    stop: controller.signal,
  };
}
