import type { LogEntry } from '../../report/recording.js';
import type { ExpectedCall, ExpectedEvent, ExpectedText } from './scenario.js';
import { has, plainWords } from './where.js';

/** A call of a tool, as the log tells it. */
export interface LoggedCall {
  atMs: number;
  callId: string;
  name: string;
  args: unknown;
}

/** What was said, by either side, as texts: one for each item of the conversation. */
export interface LoggedWords {
  /** The agent's text, heard or not. */
  agent: string[];
  /** What of it was heard. */
  heard: string[];
  /** What the agent took the caller to say. */
  user: string[];
}

/** In order of their starting. */
export function loggedCalls(log: readonly LogEntry[]): LoggedCall[] {
  return log
    .filter(({ source, event }) => source === 'session' && event === 'tool_started')
    .map(({ atMs, data }) => ({
      atMs,
      callId: String(data.callId),
      name: String(data.name),
      args: parsed(data.args),
    }));
}

/** Each item's last text. */
export function loggedWords(log: readonly LogEntry[]): LoggedWords {
  const agent = new Map<unknown, { heard: string; rest: string }>();
  const user = new Map<unknown, string>();
  for (const { source, event, data } of log) {
    if (source !== 'session') continue;
    if (event === 'agent_output_transcribed') {
      agent.set(data.itemId, { heard: String(data.heard ?? ''), rest: String(data.rest ?? '') });
    } else if (event === 'user_input_transcribed') user.set(data.itemId, String(data.transcript ?? ''));
  }
  const said = [...agent.values()];
  return {
    agent: said.map(({ heard, rest }) => `${heard} ${rest}`),
    heard: said.map(({ heard }) => heard),
    user: [...user.values()],
  };
}

/** Entries of that name with these fields. */
export function eventsThatFit(log: readonly LogEntry[], { event, where = {} }: ExpectedEvent): LogEntry[] {
  return log.filter((entry) => entry.event === event && has(entry.data, where));
}

/** Calls of that tool with these arguments. */
export function callsThatFit(log: readonly LogEntry[], { calls, args = {} }: ExpectedCall): LoggedCall[] {
  return loggedCalls(log).filter((call) => call.name === calls && has(call.args, args));
}

/** Whether the words were said, in one item or over several. */
export function saysWords(log: readonly LogEntry[], expected: ExpectedText): boolean {
  const words = loggedWords(log);
  const wanted = [
    [expected.textContains, words.agent],
    [expected.heard, words.heard],
    [expected.understood, words.user],
  ] as const;
  return wanted.every(
    ([text, said]) =>
      text === undefined || ` ${plainWords(said.join(' '))} `.includes(` ${plainWords(text)} `),
  );
}

function parsed(args: unknown): unknown {
  if (typeof args !== 'string') return args ?? {};
  try {
    return JSON.parse(args === '' ? '{}' : args);
  } catch {
    return args;
  }
}
