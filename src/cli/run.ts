import { ReparteeError } from '../core/index.js';
import { type Args, readArgs } from './args.js';

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
    return (await perform(readArgs(argv), terminal)) ? 0 : 1;
  } catch (thrown) {
    // Ours are written for the person at the keyboard; another is a fault of the program.
    terminal.err(
      thrown instanceof ReparteeError ? thrown.message : String((thrown as Error)?.stack ?? thrown),
    );
    return 1;
  }
}

/** Each command is loaded only when it is asked for. False: it was done, and what it found is not good. */
async function perform(args: Args, terminal: Terminal): Promise<boolean> {
  switch (args.command) {
    case 'help':
      terminal.out(args.text);
      return true;
    case 'serve': {
      const { serve } = await import('./serve.js');
      await serve(args, terminal);
      return true;
    }
    case 'call': {
      const { call } = await import('./call.js');
      return call(args, terminal);
    }
    case 'test': {
      const { test } = await import('./test.js');
      return test(args, terminal);
    }
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
