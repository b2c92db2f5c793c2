import { ChatContext } from '../../chat/index.js';
import { ConfigError, ReparteeError } from '../../core/index.js';
import type { UsedOf } from '../usage/accounts.js';
import { noCounts } from '../usage/counts.js';
import type { Agent } from './agent.js';
import type { AgentRegistry } from './snapshot.js';

/** A snapshot that was read, with the agents that it names. */
export interface Restored {
  history: ChatContext;
  line: readonly { agent: Agent; state: unknown }[];
  usage: readonly UsedOf[];
}

const usageKinds = ['realtime', 'transcription', 'stt', 'llm', 'tts'] as const;

/** Who is in charge first. ConfigError `option_invalid` where nobody is, `options_conflict` where two are. */
export function firstAgent(agent: Agent | undefined, restored: Restored | undefined): Agent {
  const kept = restored?.line.at(-1)?.agent;
  if (agent !== undefined && kept !== undefined) {
    throw new ConfigError('options_conflict', 'The snapshot names the agent: give none', { param: 'agent' });
  }
  const first = agent ?? kept;
  if (first === undefined) throw new ConfigError('option_invalid', 'Give an agent', { param: 'agent' });
  return first;
}

/** ConfigError `option_invalid` with the path at fault: of what is no snapshot, or names an agent that is not there. */
export function restoredFrom(json: unknown, registry: AgentRegistry): Restored {
  const snapshot = objectAt(parsed(json), '');
  if (snapshot.version !== 1) throw bad('version', `must be 1, not ${JSON.stringify(snapshot.version)}`);
  const agents = listAt(snapshot.agents, 'agents');
  if (agents.length === 0) throw bad('agents', 'must name the agent in charge');
  const history = historyOf(snapshot.history);
  const line = agents.map((entry, index) => {
    const { name, state } = objectAt(entry, `agents[${index}]`);
    return { agent: agentNamed(name, `agents[${index}].name`, registry), state };
  });
  const usage = listAt(snapshot.usage ?? [], 'usage').map((entry, index) =>
    usageAt(entry, `usage[${index}]`),
  );
  return { history, line, usage };
}

function parsed(json: unknown): unknown {
  if (typeof json !== 'string') return json;
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw bad('', 'is not JSON', cause);
  }
}

function historyOf(json: unknown): ChatContext {
  try {
    return ChatContext.fromJSON(json);
  } catch (cause) {
    const at = cause instanceof ReparteeError ? cause.param : undefined;
    throw bad(at === undefined ? 'history' : `history.${at}`, 'is not as ChatContext writes it', cause);
  }
}

function agentNamed(name: unknown, path: string, registry: AgentRegistry): Agent {
  if (typeof name !== 'string') throw bad(path, 'must be a text');
  const known = isList(registry) ? registry.find((agent) => agent.name === name) : ownOf(registry, name);
  if (known === undefined) throw bad(path, `names an agent that is not among the given ones: '${name}'`);
  return typeof known === 'function' ? known() : known;
}

function isList(registry: AgentRegistry): registry is readonly Agent[] {
  return Array.isArray(registry);
}

function ownOf<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function usageAt(value: unknown, path: string): UsedOf {
  const { model, of: kind, ...counts } = objectAt(value, path);
  if (typeof model !== 'string') throw bad(`${path}.model`, 'must be a text');
  const of = usageKinds.find((known) => known === kind);
  if (of === undefined) throw bad(`${path}.of`, `must be one of ${usageKinds.join(', ')}`);
  const read = noCounts();
  for (const name of ['input', 'cached', 'output'] as const) {
    const given = objectAt(counts[name], `${path}.${name}`);
    readInto(read[name], given, `${path}.${name}`);
  }
  const { inputAudioMs, characters, sessionMs, unsplit } = read;
  return {
    model,
    of,
    counts: { ...read, ...readInto({ inputAudioMs, characters, sessionMs, unsplit }, counts, path) },
  };
}

/** The fields that `to` has, of `from`. */
function readInto<Numbers extends object>(to: Numbers, from: Record<string, unknown>, path: string): Numbers {
  for (const name of Object.keys(to)) {
    const value = from[name];
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw bad(`${path}.${name}`, 'must be a number');
    Object.assign(to, { [name]: value });
  }
  return to;
}

function objectAt(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw bad(path, 'must be an object');
}

function listAt(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw bad(path, 'must be a list');
}

function bad(path: string, problem: string, cause?: unknown): ConfigError {
  const where = path === '' ? 'The snapshot' : `The snapshot: ${path}`;
  const details = cause === undefined ? {} : { cause };
  return new ConfigError('option_invalid', `${where} ${problem}`, {
    ...(path === '' ? {} : { param: path }),
    ...details,
  });
}
