import { type Clock, ProviderError } from '../../core/index.js';
import type { Item } from '../../realtime/index.js';
import type { LLM, LlmEvent, LlmRequest } from '../../speech/index.js';
import { fill } from '../dialogue/template.js';
import { itemText, playLlm, resultValue, textEvents, wordUsage } from '../played-llm.js';
import type { Script, ScriptTurn } from './script.js';

/**
 * Plays the turn that the conversation has come to. It keeps nothing between calls: the turn is the one whose `hears` is
 * the user's last text, the nearest to its place if there are several, or else the one at its place.
 */
export function scriptLlm(script: Script, clock: Clock): LLM {
  return {
    name: 'script',
    chat(request) {
      const turn = turnOf(script, request.items);
      const faults = turn === undefined ? undefined : turn.faults;
      const delayMs = (script.thinkMs ?? 0) + (faults?.responseLateMs ?? 0);
      return playLlm(eventsOf(script, turn, request), { clock, delayMs });
    },
    async close() {},
  };
}

/** The turn that the last message of the user belongs to, in this script. */
export function turnOf(script: Script, items: readonly Item[]): ScriptTurn | undefined {
  const asked = items.filter((item) => item.kind === 'message' && item.role === 'user');
  const last = asked.at(-1);
  if (last === undefined) return undefined;
  const place = asked.length - 1;
  const text = normal(itemText(last));
  let best: number | undefined;
  script.turns.forEach((turn, index) => {
    if (text === '' || normal(turn.hears ?? '') !== text) return;
    if (best === undefined || Math.abs(index - place) < Math.abs(best - place)) best = index;
  });
  return script.turns[best ?? place];
}

function eventsOf(script: Script, turn: ScriptTurn | undefined, request: LlmRequest): LlmEvent[] {
  const { items } = request;
  const lastUser = items.findLastIndex((item) => item.kind === 'message' && item.role === 'user');
  if (lastUser < 0) return speech(request, script.greeting ?? 'Hello.');
  const since = items.slice(lastUser + 1);
  const result = since.findLast((item) => item.kind === 'result');
  const response = turn?.faults?.response;
  if (response === 'failed') {
    return [{ t: 'failed', error: new ProviderError('llm_failed', 'The script lets this response fail.') }];
  }
  if (response === 'silent') return speech(request, '');
  if (result !== undefined && turn?.thenSays !== undefined) {
    return speech(request, fill(turn.thenSays, { result: resultValue(result.output) }));
  }
  const answered =
    since.some((item) => item.kind === 'message' && itemText(item) !== '') || result !== undefined;
  if (turn === undefined || answered) return speech(request, script.otherwise ?? 'That is all I know.');
  if (response === 'incomplete')
    return [...textEvents(turn.says ?? ''), done(request, turn.says ?? '', 'length')];
  const calls = request.toolChoice === 'none' ? [] : (turn.calls ?? []);
  const asCalls = calls.map(
    ({ name, args = {} }): LlmEvent => ({
      t: 'call',
      // The link mints an id for an empty one.
      call: '',
      name,
      args: JSON.stringify(args),
    }),
  );
  const says = turn.says ?? '';
  return [...textEvents(says), ...asCalls, done(request, says, calls.length > 0 ? 'calls' : 'stop')];
}

function speech(request: LlmRequest, text: string): LlmEvent[] {
  return [...textEvents(text), done(request, text, 'stop')];
}

function done(request: LlmRequest, written: string, reason: 'stop' | 'length' | 'calls'): LlmEvent {
  return { t: 'done', reason, usage: wordUsage(request, written) };
}

function normal(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .replace(/ +/g, ' ')
    .trim();
}
