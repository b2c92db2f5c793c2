import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '../core/index.js';
import { isAddress } from '../testing/caller/call/call-server.js';
import {
  type CalleeSource,
  type CallResult,
  callAgent,
  callServer,
  type Scenario,
} from '../testing/index.js';

/** Who is to be called: an address as it is, a module as a path, from the folder of whoever named it. */
export function calleePath(target: string, folder: string): string {
  return isAddress(target) ? target : path.resolve(folder, target);
}

/** Calls a module or a server. ConfigError where there is nobody to be called. */
export async function callTarget(
  scenario: Scenario,
  target: string,
  options: { seed: number; signal: AbortSignal },
): Promise<CallResult> {
  if (isAddress(target)) return callServer(scenario, target, options);
  return callAgent(scenario, await loadCallee(target), options);
}

/** The callee that a module exports. ConfigError `file_unreadable` or `option_invalid`, with what it should export. */
export async function loadCallee(file: string): Promise<CalleeSource> {
  let exported: Record<string, unknown>;
  try {
    exported = await import(pathToFileURL(file).href);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    const hint = /\.[cm]?tsx?$/.test(file)
      ? ' Build it first, or let Node load TypeScript (--import tsx).'
      : '';
    throw new ConfigError('file_unreadable', `The module ${file} cannot be imported: ${why}.${hint}`, {
      cause,
    });
  }
  const callee = exported.default ?? exported.callee;
  if (isCallee(callee)) return callee;
  throw new ConfigError(
    'option_invalid',
    `The module ${file} exports no callee: its default export must be { agent, options: { llm, … } }, or a function that gives that.`,
  );
}

function isCallee(value: unknown): value is CalleeSource {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && 'agent' in value && 'options' in value;
}
