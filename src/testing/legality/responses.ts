import { checkId, checkMs, checkPcm, checkUsage, checkWords } from './shapes.js';
import type { EventOf, Fail, PartRecord, Seen } from './state.js';

/** response: started, [produced], ended; one at a time, out-of-band ones aside. */
export function checkResponse(seen: Seen, event: EventOf<'response'>, fail: Fail): void {
  const { response } = event;
  checkId('response', response, fail);
  const record = seen.responses.get(response);
  if (event.phase === 'started') {
    if (record !== undefined) fail('response-started-once', `${response} has started already`);
    if (!event.outOfBand) checkSlot(seen, response, fail);
    if (event.cause.by === 'command' && !seen.commands.has(event.cause.cmd)) {
      fail('response-cause', `${response} names command ${event.cause.cmd}, which was never sent`);
    }
    seen.responses.set(response, { outOfBand: event.outOfBand, produced: false, ended: false });
    return;
  }
  if (record === undefined) fail('response-started-first', `${response} never started`);
  if (record.ended) fail('response-ended-once', `${response} has ended already`);
  if (event.phase === 'produced') {
    if (record.produced) fail('response-produced-once', `${response} was produced already`);
    record.produced = true;
    return;
  }
  checkUsage(event.usage, fail);
  if (event.status === 'completed' && event.basis === 'wire') checkPartsDone(seen, response, fail);
  record.ended = true;
}

function checkSlot(seen: Seen, response: string, fail: Fail): void {
  for (const [other, record] of seen.responses) {
    if (!record.outOfBand && !record.ended) {
      fail('one-response', `${response} starts while ${other} is running`);
    }
  }
}

function checkPartsDone(seen: Seen, response: string, fail: Fail): void {
  for (const [key, part] of seen.parts) {
    if (part.response === response && !part.done) {
      fail('parts-done', `${response} is completed while part ${key} is open`);
    }
  }
}

export function checkPart(seen: Seen, event: EventOf<'part'>, fail: Fail): void {
  checkId('item', event.item, fail);
  checkRunning(seen, event.response, fail);
  const key = partKey(event.item, event.part);
  const record = seen.parts.get(key);
  if (event.phase === 'started') {
    if (record !== undefined) fail('part-started-once', `part ${key} has started already`);
    seen.parts.set(key, { kind: event.kind, response: event.response, done: false, finals: new Set() });
    return;
  }
  if (record === undefined) fail('part-started-first', `part ${key} never started`);
  if (record.done) fail('part-done-once', `part ${key} is done already`);
  record.done = true;
}

export function checkAudio(seen: Seen, event: EventOf<'audio'>, fail: Fail): void {
  checkPcm(event.pcm, fail);
  checkMs('outMs', event.outMs, fail);
  checkRunning(seen, event.response, fail);
  if (event.item === null) return;
  const record = startedPart(seen, event.item, event.part, fail);
  if (record.done) fail('audio-in-part', `part ${partKey(event.item, event.part)} is done already`);
  if (record.kind !== 'audio')
    fail('audio-in-part', `part ${partKey(event.item, event.part)} is a text part`);
}

/** said: legal after its response ended; nothing after the final of its stage. */
export function checkSaid(seen: Seen, event: EventOf<'said'>, fail: Fail): void {
  checkWords(event.words, fail);
  if (event.response !== null && !seen.responses.has(event.response)) {
    fail('response-started-first', `${event.response} never started`);
  }
  if (event.item === null) return;
  const record = startedPart(seen, event.item, event.part, fail);
  if (record.finals.has(event.stage)) {
    fail(
      'said-final',
      `the ${event.stage} words of part ${partKey(event.item, event.part)} were final already`,
    );
  }
  if (event.how === 'final') record.finals.add(event.stage);
}

/** call: args…, ready once, withdrawn after either; withdrawn may follow the end of the response. */
export function checkCall(seen: Seen, event: EventOf<'call'>, fail: Fail): void {
  checkId('call', event.call, fail);
  const record = seen.calls.get(event.call);
  if (record?.withdrawn) fail('call-withdrawn', `call ${event.call} was withdrawn`);
  if (record !== undefined && record.name !== event.name) {
    fail('call-name', `call ${event.call} was to ${record.name} before`);
  }
  if (event.phase === 'withdrawn') {
    if (record === undefined) fail('call-withdrawn', `call ${event.call} is unknown`);
    record.withdrawn = true;
    return;
  }
  checkRunning(seen, event.response, fail);
  if (record?.ready) fail('call-ready-once', `call ${event.call} is ready already`);
  const known = record ?? { name: event.name, ready: false, withdrawn: false };
  known.ready = event.phase === 'ready';
  seen.calls.set(event.call, known);
}

function checkRunning(seen: Seen, response: string | null, fail: Fail): void {
  if (response === null) return;
  const record = seen.responses.get(response);
  if (record === undefined) fail('response-started-first', `${response} never started`);
  if (record.ended) fail('nothing-after-ended', `${response} has ended`);
}

function startedPart(seen: Seen, item: string, part: number, fail: Fail): PartRecord {
  const record = seen.parts.get(partKey(item, part));
  return record ?? fail('part-started-first', `part ${partKey(item, part)} never started`);
}

function partKey(item: string, part: number): string {
  return `${item}/${part}`;
}
