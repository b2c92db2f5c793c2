import { ChatContext, type ChatContextJSON, type ChatItem } from '../../chat/index.js';
import { ConfigError } from '../../core/index.js';
import type { ModelUsage } from '../usage/accounts.js';
import type { HeardText } from '../words.js';
import type { Agent } from './agent.js';

/** A call as plain JSON: what another process needs to go on with it. Readers ignore fields that they do not know. */
export interface SessionSnapshot {
  version: 1;
  /** Wall clock. */
  savedAtMs: number;
  /** What is being said counts as heard so far; calls of tools that are at work are not in it. */
  history: ChatContextJSON;
  /** The last is in charge; those before wait for the task behind them. `state`: what `Agent.saveState` gave. */
  agents: { name: string; state?: unknown }[];
  /** What was used so far, by model. */
  usage: ModelUsage[];
}

/** Where agents come from: by their names, or as a list; functions are called when they are needed. */
export type AgentRegistry = readonly Agent[] | Readonly<Record<string, Agent | (() => Agent)>>;

export interface SnapshotParts {
  history: ChatContext;
  /** Of an answer that is being spoken. */
  spoken(item: string): HeardText;
  line: readonly Agent[];
  usage: readonly ModelUsage[];
  wallMs: number;
}

/** ConfigError `option_invalid` where an agent's state is nothing that JSON carries. */
export function snapshotOf({ history, spoken, line, usage, wallMs }: SnapshotParts): SessionSnapshot {
  const items = history.items.map((item) => asHeard(item, spoken));
  return {
    version: 1,
    savedAtMs: wallMs,
    history: new ChatContext(items).toJSON(),
    agents: line.map((agent) => {
      const state = plain(agent.saveState(), agent.name);
      return { name: agent.name, ...(state === undefined ? {} : { state }) };
    }),
    usage: usage.map((one) => ({ ...one })),
  };
}

/** Nobody will hear the end of what is being spoken now. */
function asHeard(item: ChatItem, spoken: SnapshotParts['spoken']): ChatItem {
  if (item.kind !== 'message' || item.role !== 'assistant' || item.heard !== undefined) return item;
  if (!item.parts.some(({ kind }) => kind === 'audio')) return item;
  const { heard: heardText, rest } = spoken(item.id);
  const parts = [{ kind: 'audio' as const, transcript: heardText + rest }];
  return { ...item, parts, interrupted: true, heard: 'partly', heardText };
}

function plain(state: unknown, name: string): unknown {
  if (state === undefined) return undefined;
  try {
    const text = JSON.stringify(state);
    if (text !== undefined) return JSON.parse(text);
  } catch (cause) {
    throw stateless(name, cause);
  }
  throw stateless(name);
}

function stateless(name: string, cause?: unknown): ConfigError {
  const message = `The state of ${name} is nothing that JSON can carry`;
  return new ConfigError('option_invalid', message, {
    param: name,
    ...(cause === undefined ? {} : { cause }),
  });
}
