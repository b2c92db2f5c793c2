import type { Ms, ReparteeError } from '../../core/index.js';
import type { Tool } from './tool.js';

/**
 * Where tools come from that are not known beforehand, such as an MCP server. It stands among an agent's tools; a session
 * opens it when the agent comes in, and closes what it opened when the agent leaves. One source can serve many sessions at a
 * time.
 */
export interface ToolSource {
  /** For error messages. */
  readonly name: string;
  /** How long `open` may take. Default 10,000. */
  readonly openTimeoutMs?: Ms;
  /** Where it cannot be opened the session goes without it, with an `error` event. Default false: `start` rejects. */
  readonly optional?: boolean;
  open(context: SourceContext): Promise<OpenSource>;
}

export interface SourceContext {
  /** Nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** The tools have changed: these are all of them. */
  changed(tools: readonly Tool[]): void;
  /** It is out of order, and was not closed by us. Its tools stay, and fail in words. */
  failed(error: ReparteeError): void;
}

export interface OpenSource {
  readonly tools: readonly Tool[];
  /** Safe to call twice; never rejects. */
  close(): Promise<void>;
}

/** What an agent's `tools` takes. */
export type ToolEntry = Tool | ToolSource;

export function isSource(entry: ToolEntry): entry is ToolSource {
  return 'open' in entry;
}
