import { isReparteeError } from '../../calls/errors.js';
import { type CallRecord, piecesIn } from './call.js';

/** Everything that a call did wrong, in words. */
export function faultsOf(record: CallRecord): string[] {
  return [
    ...ends(record),
    ...errors(record),
    ...calls(record),
    ...ear(record),
    ...replies(record),
    ...atRest(record),
  ];
}

function ends({
  unsettled,
  pendingTimers,
  events,
  listenersLeft,
  handlesOpen,
  rejected,
  assertLegal,
}: CallRecord): string[] {
  const faults = unsettled.map((name) => `never settled: ${name}`);
  if (pendingTimers !== 0) faults.push(`${pendingTimers} timers after the close`);
  if (handlesOpen !== 0) faults.push(`${handlesOpen} handles never ended`);
  if (events.filter(({ name }) => name === 'close').length !== 1 || events.at(-1)?.name !== 'close') {
    faults.push(`the last event is ${events.at(-1)?.name}`);
  }
  // Its own meter listens as long as it lives.
  if (listenersLeft > 4) faults.push(`${listenersLeft} listeners after the close`);
  for (const { name, error } of rejected) {
    const isExpected = isReparteeError(
      error,
      'handoff_failed',
      'closed',
      'task_cancelled',
      'illegal_command',
    );
    if (!isExpected && !/of the story/.test(String(error))) faults.push(`${name}: ${String(error)}`);
  }
  try {
    assertLegal();
  } catch (error) {
    faults.push(`illegal: ${String(error)}`);
  }
  return faults;
}

function errors({ events }: CallRecord): string[] {
  return events.flatMap(({ name, event }) => {
    if (name !== 'error' || /of the story/.test(String(event))) return [];
    const isExpected = isReparteeError(
      event,
      'tool_failed',
      'tool_unknown',
      'tool_timeout',
      'handoff_failed',
      'connection_lost',
    );
    // A tool's own task may be cancelled; then the tool has failed.
    return isExpected || isReparteeError(event, 'illegal_command') ? [] : [`error: ${String(event)}`];
  });
}

/** One outcome per call: by an answer, by its items, by the history that an opening tells, or by being withdrawn. */
function calls({ links, sent, events, ended, session }: CallRecord): string[] {
  const faults: string[] = [];
  const asked = new Set<string>();
  const withdrawn = new Set<string>();
  for (const entry of links.flat()) {
    if (entry.dir !== 'event' || entry.event.t !== 'call') continue;
    if (entry.event.phase === 'ready') asked.add(entry.event.call);
    if (entry.event.phase === 'withdrawn') withdrawn.add(entry.event.call);
  }
  const answers = new Map<string, number>();
  const items = new Map<string, number>();
  const count = (of: Map<string, number>, call: string) => of.set(call, (of.get(call) ?? 0) + 1);
  for (const { command } of sent) {
    if (command.t === 'answer') count(answers, command.call);
    if (command.t === 'item.add' && command.item.kind === 'result') count(items, command.item.call);
  }
  // However a link learns of a result, it does so once.
  const known = new Map<string, number>();
  for (const { link, command } of sent) {
    const results = command.t === 'open' ? command.history : command.t === 'item.add' ? [command.item] : [];
    for (const item of results) if (item.kind === 'result') count(known, `${item.call} on link ${link}`);
    if (command.t === 'answer') count(known, `${command.call} on link ${link}`);
  }
  for (const [call, times] of known)
    if (times > 1) faults.push(`the result of ${call} was told ${times} times`);
  const outputs = new Map<string, number>();
  for (const item of session.history.items) if (item.kind === 'function_output') count(outputs, item.call);
  const over = new Map<string, number>();
  for (const { name, event } of events) {
    if (name === 'tool_ended') count(over, (event as { callId: string }).callId);
  }
  for (const call of asked) {
    if ((answers.get(call) ?? 0) > 1) faults.push(`call ${call} has ${answers.get(call)} answers`);
    if ((outputs.get(call) ?? 0) > 1)
      faults.push(`call ${call} is ${outputs.get(call)} times in the history`);
    if ((over.get(call) ?? 0) > 1) faults.push(`the tool of ${call} ended ${over.get(call)} times`);
    if (ended || withdrawn.has(call)) continue;
    if ((outputs.get(call) ?? 0) !== 1 && over.has(call)) faults.push(`call ${call} is not in the history`);
  }
  for (const { name, event } of events) {
    if (name !== 'tool_started') continue;
    const { callId } = event as { callId: string };
    if (over.get(callId) !== 1) faults.push(`the tool of ${callId} never ended`);
  }
  return faults;
}

/** The links get the caller's voice one after the other, and each utterance is heard as a whole by one of them. */
function ear({ sent, spoken, ended, session }: CallRecord): string[] {
  const faults: string[] = [];
  let last = -1;
  const past = new Set<number>();
  for (const { link, command } of sent) {
    if (command.t !== 'audio') continue;
    if (link === last) continue;
    if (past.has(link)) faults.push(`link ${link} hears again after another one did`);
    if (last >= 0) past.add(last);
    last = link;
  }
  if (ended || session.isClosed === false) return faults;
  const onLinks = new Map<number, Set<number>>();
  for (const { link, command } of sent) {
    if (command.t !== 'audio') continue;
    const pieces = onLinks.get(link) ?? new Set();
    for (const n of piecesIn(command.pcm)) pieces.add(n);
    onLinks.set(link, pieces);
  }
  for (const utterance of spoken) {
    const isWhole = [...onLinks.values()].some((pieces) => utterance.every((n) => pieces.has(n)));
    if (!isWhole) faults.push(`nobody heard all of ${utterance.join(' ')}`);
  }
  return faults;
}

/** No reply twice: no speech, no item and no turn's answer. */
function replies({ events, session, links }: CallRecord): string[] {
  const faults: string[] = [];
  const created = events.flatMap(({ name, event }) =>
    name === 'speech_created' ? [(event as { speech: { replyId: string } }).speech.replyId] : [],
  );
  if (new Set(created).size !== created.length) faults.push(`speeches twice: ${created.join(' ')}`);
  const ids = session.history.ids();
  if (new Set(ids).size !== ids.length) faults.push(`items twice: ${ids.join(' ')}`);
  for (const item of session.history.items) {
    if (item.kind === 'message' && item.role === 'assistant' && item.heard === undefined)
      faults.push(`${item.id} was never settled`);
  }
  for (const link of links) {
    const turns = link.flatMap((entry) =>
      entry.dir === 'event' &&
      entry.event.t === 'response' &&
      entry.event.phase === 'started' &&
      entry.event.cause.by === 'turn'
        ? [entry.event.cause.turn]
        : [],
    );
    if (new Set(turns).size !== turns.length) faults.push(`turns answered twice: ${turns.join(' ')}`);
  }
  return faults;
}

function atRest({ session, quiet }: CallRecord): string[] {
  const faults: string[] = [];
  if (session.agentState === 'speaking' || session.userState === 'speaking')
    faults.push('somebody speaks after the end');
  if (quiet === undefined) return faults;
  if (quiet.user !== 'listening') faults.push(`the user is ${quiet.user} in the end`);
  if (quiet.agent !== 'listening') faults.push(`the agent is ${quiet.agent} in the end`);
  for (const state of quiet.states) {
    if ('phase' in state && state.phase === 'closed') continue;
    for (const name of [
      'responses',
      'replies',
      'items',
      'calls',
      'background',
      'waiting',
      'owed',
      'aside',
      'shielded',
    ]) {
      const value = (state as Record<string, unknown>)[name];
      const size = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
      if (size > 0) faults.push(`${name} still holds ${JSON.stringify(value)}`);
    }
    if ('slot' in state && (state.slot as { is: string }).is !== 'free')
      faults.push(`slot ${JSON.stringify(state.slot)}`);
  }
  return faults;
}
