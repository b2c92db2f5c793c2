import type { CallRecord } from './call.js';
import { isReparteeError } from './errors.js';

/** Everything that a call did wrong, in words; nothing is the only good answer. */
export function faultsOf(record: CallRecord): string[] {
  const always = [...ends(record), ...errors(record), ...atRest(record)];
  // Over a link that loses what it should tell, only the ends are promised.
  if (record.story.losses.length > 0) return always;
  return [...always, ...orders(record), ...tools(record), ...cuts(record), ...history(record)];
}

function orders(record: CallRecord): string[] {
  try {
    record.assertLegal();
    return [];
  } catch (error) {
    return [`illegal: ${String(error)}`];
  }
}

function ends({
  unsettled,
  pendingTimers,
  events,
  lateWrites,
  handles,
  rejected,
  thrown,
  ended,
}: CallRecord): string[] {
  const faults = unsettled.map((name) => `never settled: ${name}`);
  if (pendingTimers !== 0) faults.push(`${pendingTimers} timers after the close`);
  const closes = events.filter(({ name }) => name === 'close').length;
  if (closes !== 1) faults.push(`${closes} close events`);
  if (events.at(-1)?.name !== 'close') faults.push(`${events.at(-1)?.name} after close`);
  faults.push(...new Set(lateWrites));
  for (const [index, handle] of handles.entries())
    if (!handle.done) faults.push(`handle ${index} never ended`);
  for (const { name, error } of rejected) {
    if (!(ended && name.startsWith('start') && isReparteeError(error)))
      faults.push(`${name}: ${String(error)}`);
  }
  for (const error of thrown) {
    if (!isReparteeError(error, 'closed', 'not_started')) faults.push(`thrown: ${String(error)}`);
  }
  return faults;
}

/** What the application may be told; races and our own mistakes are not among it. */
const expectedErrors = [
  'tool_failed',
  'tool_timeout',
  'tool_unknown',
  'reply_failed',
  'connection_lost',
  'transport_lost',
];

function errors({ events, story, via }: CallRecord): string[] {
  const faults: string[] = [];
  const hasCalls = events.some(({ name }) => name === 'tool_started');
  for (const { name, event } of events) {
    if (name === 'gateway failed') faults.push(`gateway failed: ${String(event)}`);
    if (name !== 'error' || isReparteeError(event, ...expectedErrors)) continue;
    if (story.losses.length > 0 && isReparteeError(event, 'reply_timeout', 'provider_failed')) continue;
    // Without transcription nobody is told that a turn had no words and gets no answer.
    if (!story.transcribes && isReparteeError(event, 'reply_timeout')) continue;
    // A failed response is the end of a Gemini session.
    if (via === 'gemini' && isReparteeError(event, 'provider_failed')) continue;
    // While its calls wait for answers that model gives no other reply, and merges what it is asked for meanwhile.
    if (via === 'gemini' && hasCalls && isReparteeError(event, 'reply_timeout')) continue;
    // Nobody may ask for more than so many at once.
    if (isReparteeError(event, 'illegal_command') && /waiting for their turn/.test(String(event))) continue;
    // The story's own listeners and agents throw this.
    if (/of the story/.test(String(event))) continue;
    faults.push(`error: ${String(event)}`);
  }
  return faults;
}

function tools({ outer, endless, ended }: CallRecord): string[] {
  const owed = new Map<string, number>();
  for (const entry of outer) {
    if (entry.dir === 'event' && entry.event.t === 'call') {
      if (entry.event.phase === 'ready') owed.set(entry.event.call, 0);
      if (entry.event.phase === 'withdrawn') owed.delete(entry.event.call);
    } else if (entry.dir === 'command' && entry.command.t === 'answer') {
      const { call } = entry.command;
      owed.set(call, (owed.get(call) ?? 1) + 1);
    }
  }
  const faults: string[] = [];
  for (const [call, answers] of owed) {
    const held = endless.has(call) || [...endless].length > 0;
    if (answers > 1) faults.push(`call ${call} has ${answers} answers`);
    if (answers === 0 && !ended && !held) faults.push(`call ${call} has no answer`);
  }
  return faults;
}

function cuts(record: CallRecord): string[] {
  const { outer, playedMs, story, via } = record;
  /** Milliseconds of audio that came of each item. */
  const received = new Map<string, number>();
  const cut = new Map<string, number>();
  const faults: string[] = [];
  for (const entry of outer) {
    if (entry.dir === 'event' && entry.event.t === 'audio') {
      const { item, pcm } = entry.event;
      received.set(item ?? '', (received.get(item ?? '') ?? 0) + pcm.length / 24);
    } else if (entry.dir === 'command' && entry.command.t === 'item.cut') {
      const { item, heardMs } = entry.command;
      if (cut.has(item)) faults.push(`item ${item} is cut twice`);
      cut.set(item, heardMs);
      if (!Number.isInteger(heardMs) || heardMs < 0) faults.push(`item ${item} is cut at ${heardMs}`);
      if (heardMs > (received.get(item) ?? 0)) faults.push(`item ${item} is cut behind its end`);
    }
  }
  // A far end that answers too late goes on playing after its position was guessed.
  const tolerance = story.clearAfterMs === 450 ? 470 : 20;
  for (const [item, heardMs] of cut) {
    const really = playedMs.get(item) ?? 0;
    if (Math.abs(really - heardMs) > tolerance)
      faults.push(`item ${item} is cut at ${heardMs}, heard ${really}`);
  }
  if (record.ended || story.clearAfterMs === 450) return faults;
  for (const [item, wholeMs] of received) {
    const heardMs = playedMs.get(item) ?? 0;
    const message = record.session.history.message(item);
    // A resampler blurs the ends. Interrupted between two clauses, nobody can know whether there was more.
    const isWhole = Math.abs(heardMs - wholeMs) < 4 && !cut.has(item) && message?.heard !== 'partly';
    const truth = isWhole ? 'heard' : heardMs > 0 ? 'partly' : 'unheard';
    if (message?.heard !== truth && !(heardMs < 4 && message?.heard === 'unheard')) {
      faults.push(
        `item ${item} is ${message?.heard} in the history: ${heardMs} of ${wholeMs} ms were played`,
      );
    }
    // This wire has no words for it.
    const isTold = via === 'gemini' || cut.has(item);
    if (truth !== 'heard' && !isTold) faults.push(`the model was not told that ${item} was ${truth}`);
    if (message?.heard === 'partly' && Math.abs((message.heardMs ?? 0) - heardMs) > tolerance) {
      faults.push(`item ${item}: heard ${message.heardMs} in the history, really ${heardMs}`);
    }
  }
  return faults;
}

function history({ via, story, session, begun, outer, events, ended }: CallRecord): string[] {
  const faults: string[] = [];
  const ids = session.history.ids();
  if (new Set(ids).size !== ids.length) faults.push(`ids twice: ${ids.join(' ')}`);
  const isBroken =
    story.actions.some((action) => action.do === 'break') ||
    outer.some(
      (entry) =>
        entry.dir === 'event' &&
        entry.event.t === 'closing' &&
        ['retry', 'resume'].includes(entry.event.disposition),
    );
  const messages = session.history.items
    .filter((item) => item.kind === 'message')
    .map(({ id }) => id)
    // What was typed while there was no link may end before another one is told.
    .filter((id) => !isBroken || begun.includes(id));
  const spoken = begun.filter((id) => messages.includes(id));
  // A wire without ears tells of a turn long after our own ears: beside an answer, or what was typed, its order is not the order of speaking.
  const kinds =
    via === 'gemini' ? ['user text', 'user audio', 'assistant text', 'assistant audio'] : [undefined];
  for (const kind of kinds) {
    const isOf = (id: string) => {
      const message = session.history.message(id);
      return kind === undefined || kind === `${message?.role} ${message?.parts[0]?.kind}`;
    };
    const [had, wanted] = [messages.filter(isOf), spoken.filter(isOf)];
    if (had.join() !== wanted.join()) faults.push(`history ${had.join(' ')}, spoken ${wanted.join(' ')}`);
  }
  const said = new Map<string, string>();
  for (const entry of outer) {
    if (entry.dir !== 'event' || entry.event.t !== 'said' || entry.event.how !== 'append') continue;
    const { item, text } = entry.event;
    said.set(item ?? '', (said.get(item ?? '') ?? '') + text);
  }
  for (const item of session.history.items) {
    if (item.kind !== 'message' || item.role !== 'assistant') continue;
    const whole = said.get(item.id) ?? '';
    const transcript = item.parts.map((part) => (part.kind === 'audio' ? part.transcript : '')).join('');
    // What came after the end is nobody's any more.
    const isSaid = ended ? whole.startsWith(transcript) : transcript.trim() === whole.trim();
    if (!isSaid) faults.push(`item ${item.id} says '${transcript}', the model said '${whole}'`);
    if (!whole.startsWith(item.heardText ?? '')) {
      faults.push(`item ${item.id} heard '${item.heardText}' of '${whole}'`);
    }
    if (item.heard === undefined) faults.push(`item ${item.id} was never settled`);
  }
  const created = events.flatMap(({ name, event }) =>
    name === 'speech_created' ? [(event as { speech: { replyId: string } }).speech.replyId] : [],
  );
  if (new Set(created).size !== created.length) faults.push(`speeches twice: ${created.join(' ')}`);
  const added = events.flatMap(({ name, event }) =>
    name === 'conversation_item_added' ? [(event as { item: { id: string } }).item.id] : [],
  );
  if (new Set(added).size !== added.length) faults.push(`announced twice: ${added.join(' ')}`);
  for (const id of ids) if (!added.includes(id)) faults.push(`item ${id} was never announced`);
  return faults;
}

function atRest({ via, session, quiet, endless, story }: CallRecord): string[] {
  const faults: string[] = [];
  if (session.agentState === 'speaking' || session.userState === 'speaking')
    faults.push('somebody speaks after the end');
  if (quiet === undefined) return faults;
  const isLossy = story.losses.length > 0;
  if (quiet.user !== 'listening') faults.push(`the user is ${quiet.user} in the end`);
  if (endless.size > 0) return faults;
  if (quiet.agent !== 'listening') faults.push(`the agent is ${quiet.agent} in the end`);
  if (quiet.handlesOpen > 0) faults.push(`${quiet.handlesOpen} replies never end`);
  for (const state of quiet.states) {
    // Of a session of the gateway whose model ended it: it is over as it was.
    if ('phase' in state && state.phase === 'closed') continue;
    for (const [name, value] of Object.entries(state)) {
      const size = Array.isArray(value)
        ? value.length
        : typeof value === 'object' && value !== null
          ? Object.keys(value).length
          : 0;
      // What is abandoned may yet begin, as far as anybody knows: the list is bounded.
      const isKept =
        // A Gemini server keeps calls of an interrupted response to itself.
        (via === 'gemini' && ['calls', 'abandoned'].includes(name)) ||
        (isLossy && ['abandoned', 'ownStops'].includes(name)) ||
        ['unanswered', 'unwanted', 'untranscribed', 'unnamed'].includes(name);
      if (
        !isKept &&
        !['can', 'line', 'deadAir', 'hosted', 'turns', 'playout', 'slot', 'unanswered', 'rules'].includes(
          name,
        ) &&
        size > 0
      ) {
        faults.push(`${name} still holds ${JSON.stringify(value)}`);
      }
    }
    if ('slot' in state && (state.slot as { is: string }).is !== 'free')
      faults.push(`slot ${JSON.stringify(state.slot)}`);
    if ('playout' in state && (state.playout as { segments: unknown[] }).segments.length > 1) {
      faults.push(`segments ${JSON.stringify(state.playout)}`);
    }
  }
  return faults;
}
