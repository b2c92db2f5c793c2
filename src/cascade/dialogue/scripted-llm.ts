import type { LLM, LlmEvent, LlmRequest } from '../../speech/index.js';
import { playLlm, textEvents, wordUsage } from '../played-llm.js';
import { type CompiledDialogue, compile, variant } from './compile.js';
import { loadDialogue } from './load.js';
import { defaultMore, follow, type Owed } from './talk.js';
import type { Dialogue } from './types.js';

/**
 * A dialogue behind the `LLM` contract. It is a script, not a language model: it answers what its phrases foresee, takes no
 * notice of instructions, and never guesses. It keeps nothing between calls; where the conversation stands is read from its items
 * each time, so a reply that was cancelled, a text that was cut, or an item that was removed is as if never said.
 * ConfigError `option_invalid` for a dialogue that is none.
 */
export function scriptedLlm(dialogue: Dialogue): LLM {
  const compiled = compile(loadDialogue(dialogue));
  return {
    name: `script:${dialogue.name ?? 'dialogue'}`,
    chat: (request) => playLlm(eventsOf(compiled, request)),
    async close() {},
  };
}

function eventsOf(dialogue: CompiledDialogue, request: LlmRequest): LlmEvent[] {
  const owed = owedNow(dialogue, request);
  const text = owed.flatMap((one) => (one.t === 'say' ? [one.text] : [])).join(' ');
  const calls = owed.flatMap((one): LlmEvent[] =>
    one.t === 'call' ? [{ t: 'call', call: '', name: one.tool, args: JSON.stringify(one.args) }] : [],
  );
  const reason = calls.length > 0 ? 'calls' : 'stop';
  return [...textEvents(text), ...calls, { t: 'done', reason, usage: wordUsage(request, text) }];
}

function owedNow(dialogue: CompiledDialogue, { items, tools, toolChoice }: LlmRequest): Owed[] {
  const offered = toolChoice === 'none' ? [] : tools.map(({ name }) => name);
  const talk = follow(dialogue, items, new Set(offered));
  if (talk.owed.length > 0) return talk.owed;
  const { greeting, more = defaultMore } = dialogue.spec;
  const begun = talk.spoke || talk.turn > 0;
  return [{ t: 'say', text: begun ? variant(more, talk.turn) : variant(greeting, 0) }];
}
