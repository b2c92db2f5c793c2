import { itemText } from '../../src/cascade/played-llm.js';
import { ReparteeError } from '../../src/core/index.js';
import type { Item } from '../../src/realtime/index.js';
import { assertLegal } from '../../src/testing/index.js';
import { samplesPerWord } from './caller.js';
import type { ConversationRecord } from './conversation.js';
import { outcomesNamed, turnsNamed } from './parts.js';
import { sessionBreaches } from './session-rules.js';
import type { Story } from './story.js';

/** Everything that a conversation did wrong, in words: `rule: what`. Nothing is the only good answer. */
export function breachesOf(record: ConversationRecord): string[] {
  return [
    ...ends(record),
    ...legality(record),
    ...sessionBreaches(record.caller.happenings),
    ...input(record),
    ...turns(record),
    ...answers(record),
    ...tools(record),
    ...order(record),
    ...ownHistory(record),
  ];
}

/** Every promise settles, nothing is left, and the session outlives what can be outlived. */
function ends({ caller, pendingTimers, proxy, gateway, endedEarly }: ConversationRecord): string[] {
  const breaches = [...caller.unsettled].map((what) => `hung promise: ${what}`);
  if (pendingTimers > 0) breaches.push(`left over: ${pendingTimers} timers after the close`);
  if (proxy.open > 0) breaches.push(`left over: ${proxy.open} sockets after the close`);
  if (gateway.connections > 0) breaches.push(`left over: ${gateway.connections} sessions of the gateway`);
  for (const error of gateway.errors) breaches.push(`gateway failed: ${String(error)}`);
  if (endedEarly) {
    const closed = caller.happenings.findLast(({ name }) => name === 'closed');
    breaches.push(`session ended: ${JSON.stringify(closed?.event)}`);
  }
  for (const { what, error } of caller.rejected) {
    if (!(error instanceof ReparteeError)) breaches.push(`untyped rejection: ${what}: ${String(error)}`);
  }
  const uncaught = caller.happenings.filter(
    ({ name, event }) => name === 'error' && event.code === 'listener_threw',
  );
  for (const { event } of uncaught) breaches.push(`listener threw: ${JSON.stringify(event)}`);
  return breaches;
}

function legality({ near, far }: ConversationRecord): string[] {
  const breaches: string[] = [];
  for (const [side, recorder] of [
    ['client', near],
    ['server', far],
  ] as const) {
    for (const [index, { entries }] of recorder.links.entries()) {
      try {
        assertLegal(entries);
      } catch (error) {
        // Of a link that the story cut off, nothing is owed any more.
        if (!String(error).includes('nothing answered')) {
          breaches.push(`illegal order: ${side} link ${index + 1}: ${String(error)}`);
        }
      }
    }
  }
  return breaches;
}

/** What the model was asked last: by then it knows the whole conversation. */
function lastRequest({ requests }: ConversationRecord): readonly Item[] {
  return requests.at(-1)?.items ?? [];
}

/** Every utterance is in the conversation: whole, once, and as one piece. */
function input(record: ConversationRecord): string[] {
  if (record.endedEarly) return [];
  const breaches: string[] = [];
  const times = new Map<number, number>();
  for (const item of lastRequest(record)) {
    if (item.kind !== 'message' || item.role !== 'user') continue;
    const text = itemText(item);
    for (const turn of turnsNamed(text)) times.set(turn, (times.get(turn) ?? 0) + 1);
    for (const [, turn, what] of text.matchAll(/u(\d+)\[([^\]]*)\]/g)) {
      breaches.push(`input not whole: utterance ${turn}: ${what}`);
    }
  }
  for (const turn of record.caller.brought) {
    const count = times.get(turn) ?? 0;
    // Heard and answered, and the link lost before its words were written down: nobody can tell them to the next one.
    const isWordless = count === 0 && wordsWereLost(record, turn);
    if (count === 0 && !isWordless) breaches.push(`input lost: turn ${turn} is not in the conversation`);
    if (count > 1) breaches.push(`input counted twice: turn ${turn} is ${count} times in the conversation`);
  }
  return breaches;
}

/** The turn was answered, and its transcription was told to have failed. */
function wordsWereLost({ caller }: ConversationRecord, turn: number): boolean {
  const isHeard = [...caller.heard.keys()].some((word) => /^[ab](\d+)w/.exec(word)?.[1] === String(turn));
  const isAnswered = isHeard || caller.calls.some((call) => call.turn === turn);
  return isAnswered && caller.happenings.some(({ name }) => name === 'input_audio_transcription_failed');
}

/** Each utterance is one turn, however often its audio was sent. */
function turns({ story, caller, endedEarly }: ConversationRecord): string[] {
  if (endedEarly) return [];
  const started = new Set<string>();
  for (const { name, event } of caller.happenings) {
    if (name === 'input_speech_started') started.add(event.turnId);
    if (name === 'input_speech_stopped' && event.discarded) started.delete(event.turnId);
  }
  const spoken = story.turns.filter(
    ({ kind }, index) => kind !== 'type' && kind !== 'ask' && caller.brought.has(index),
  ).length;
  return started.size === spoken ? [] : [`turns counted: ${started.size} turns of ${spoken} utterances`];
}

/** Each turn has one answer, and no word of it is heard twice. */
function answers(record: ConversationRecord): string[] {
  const { story, caller, endedEarly } = record;
  const breaches: string[] = [];
  const { heard } = caller;
  const perWord = samplesPerWord(caller.outputRateHz);
  for (const [word, samples] of heard) {
    const turn = Number(/^[abc](\d+)w/.exec(word)?.[1] ?? -1);
    if (word.startsWith('c')) {
      if (!caller.asked.has(turn) && !isMixed(story, turn) && !wordsWereLost(record, turn + 1))
        breaches.push(`answered again: ${word} was heard and never asked for`);
    } else if (samples > perWord) breaches.push(`heard twice: ${word} for ${samples} of ${perWord} samples`);
  }
  if (endedEarly) return breaches;
  for (const [index, { kind, calls }] of story.turns.entries()) {
    // Nobody waited for these.
    if (kind === 'hasty' || kind === 'ask' || !caller.brought.has(index)) continue;
    // What was partly heard when its link was lost is left as it was.
    const firsts = calls.length === 0 ? ['a'] : caller.left.has(index) ? ['a', 'b'] : ['b'];
    const isAnswer = (word: string) => firsts.some((first) => word.startsWith(`${first}${index}w`));
    const isAnswered = [...heard.keys()].some(isAnswer) || isHeardWithNext(record, index);
    if (!isAnswered && !isFailed(record, index) && !wordsWereLost(record, index))
      breaches.push(`never answered: turn ${index}`);
  }
  return breaches;
}

/** The application was told that no answer comes: by the error of its promise, or by the failure of the reply that ran its tools. */
function isFailed({ caller }: ConversationRecord, turn: number): boolean {
  if (caller.rejected.some(({ what }) => what.startsWith(`reply to ${turn} `))) return true;
  const calls = caller.calls.filter((call) => call.turn === turn).map(({ callId }) => callId);
  const responses: (string | null)[] = [];
  const replies = new Set<string>();
  for (const { name, event } of caller.happenings) {
    if (name === 'generation_call' && calls.includes(event.callId)) responses.push(event.responseId);
  }
  for (const { name, event } of caller.happenings) {
    if (name === 'generation_created' && responses.includes(event.responseId)) replies.add(event.replyId);
    if (name === 'reply_failed' && replies.has(event.replyId)) return true;
  }
  return false;
}

/** Spoken on while no link answered: both were sent again in one go, and one answer is the answer to both. */
function isHeardWithNext(record: ConversationRecord, turn: number): boolean {
  const replayedMs = record.caller.happenings.flatMap(({ name, atMs }) =>
    name === 'input_replayed' ? [atMs] : [],
  );
  if (new Set(replayedMs).size === replayedMs.length) return false;
  const named = lastRequest(record).map((item) =>
    item.kind === 'message' && item.role === 'user' ? turnsNamed(itemText(item)) : [],
  );
  const at = named.findIndex((turns) => turns.includes(turn));
  return at >= 0 && (named[at]!.at(-1) !== turn || named[at + 1]?.[0] === turn + 1);
}

/** Each call has one outcome that the model is told once. */
function tools(record: ConversationRecord): string[] {
  const { caller, near, endedEarly } = record;
  const breaches: string[] = [];
  for (const [index, { entries }] of near.links.entries()) {
    const answered = new Set<string>();
    for (const entry of entries) {
      if (entry.dir !== 'command' || entry.command.t !== 'answer') continue;
      const { call } = entry.command;
      if (answered.has(call)) breaches.push(`answered twice: call ${call} on link ${index + 1}`);
      answered.add(call);
    }
  }
  if (endedEarly) return breaches;
  const told = lastRequest(record).flatMap((item) => outcomesNamed(itemText(item)));
  // A model may ask the same thing in two calls: each has its outcome.
  for (const output of new Set(caller.calls.map((call) => call.output))) {
    const asked = caller.calls.filter((call) => call.output === output);
    const owed = asked.filter(({ withdrawn }) => !withdrawn);
    const times = told.filter((one) => one === output).length;
    if (times < owed.length) {
      const calls = owed.map(({ callId, settled }) => `${callId} ${String(settled)}`).join(', ');
      breaches.push(`no outcome: told ${times} of ${owed.length} calls of ${output}: ${calls}`);
    }
    if (times > asked.length) breaches.push(`told twice: ${output}`);
  }
  return breaches;
}

/** Questions in the order of asking, and every answer behind its question. */
function order(record: ConversationRecord): string[] {
  if (record.endedEarly) return [];
  const breaches: string[] = [];
  let last = -1;
  for (const item of lastRequest(record)) {
    if (item.kind !== 'message') continue;
    const text = itemText(item);
    if (item.role === 'user') {
      for (const turn of turnsNamed(text)) {
        if (turn < last && !isMixed(record.story, last))
          breaches.push(`out of order: turn ${turn} comes behind turn ${last}`);
        last = Math.max(last, turn);
      }
    } else if (item.role === 'assistant') {
      const turn = Number(/\b[ab](\d+)w/.exec(text)?.[1] ?? -1);
      const isAsked = isMixed(record.story, turn) || isMixed(record.story, turn + 1);
      if (turn > last && !isAsked && !wordsWereLost(record, turn))
        breaches.push(`out of order: the answer to turn ${turn} comes before it`);
      // Its answer may begin while somebody who did not wait is speaking already.
      const isHasty = record.story.turns[turn]?.kind === 'hasty';
      if (turn >= 0 && turn < last && !isHasty) {
        breaches.push(`out of order: the answer to turn ${turn} comes behind turn ${last}`);
      }
    }
  }
  return breaches;
}

/** The application's own history, where it keeps one, has the order of speaking too. */
function ownHistory({ story, caller, endedEarly }: ConversationRecord): string[] {
  if (endedEarly) return [];
  const breaches: string[] = [];
  let last = -1;
  for (const { role, text } of caller.history?.() ?? []) {
    if (role !== 'user') continue;
    for (const turn of turnsNamed(text)) {
      // A wire without ears may tell of it only when what was written behind it is answered.
      if (story.turns[turn]?.kind === 'hasty') continue;
      if (turn <= last) breaches.push(`own history out of order: turn ${turn} comes behind turn ${last}`);
      last = Math.max(last, turn);
    }
  }
  return breaches;
}

/** Typed or asked right behind something that nobody waited for the answer to: one answer may do for both, and come before. */
function isMixed({ turns }: Story, turn: number): boolean {
  const kind = turns[turn]?.kind;
  return (kind === 'type' || kind === 'ask') && turns[turn - 1]?.kind === 'hasty';
}
