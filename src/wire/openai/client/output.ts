import type { Event } from '../../../realtime/contract.js';
import { readAudio } from './audio.js';
import { addArguments, itemOf, readCall, setArguments, settleCall } from './calls.js';
import type { ClientCore } from './core.js';
import { type KnownItem, type Part, partAt } from './items.js';
import { readMcpItem } from './mcp.js';
import { asId, asIndex, asText, type Fields, fieldsOf, idOf, indexOf, optionalText, textOf } from './read.js';
import { responseOf, runningOf } from './response-events.js';
import type { Running } from './responses.js';

/** Everything here belongs to a response; once it is over, nothing changes any more. */
export function onOutputItemAdded(core: ClientCore, event: Fields, name: string): void {
  const running = responseOf(core, event);
  if (running === null) return core.note(name, event);
  outputItem(core, running, event);
}

export function onOutputItemDone(core: ClientCore, event: Fields, name: string): void {
  const running = responseOf(core, event);
  if (running === null) return core.note(name, event);
  const known = outputItem(core, running, event);
  const item = fieldsOf(event, 'item');
  const { status } = item;
  readMcpItem(core, item, true, event);
  settleCall(core, running, known, status === undefined || status === null || status === 'completed', event);
}

function outputItem(core: ClientCore, running: Running, event: Fields): KnownItem {
  const item = fieldsOf(event, 'item');
  const known =
    item.type === 'function_call' || item.type === 'mcp_call'
      ? readCall(core, running, item)
      : itemOf(core, running, idOf(item, 'id'));
  known.index = indexOf(event, 'output_index');
  return known;
}

export function onPartAdded(core: ClientCore, event: Fields, name: string): void {
  const running = responseOf(core, event);
  if (running === null) return core.note(name, event);
  const known = itemOf(core, running, idOf(event, 'item_id'));
  if (partAt(known, indexOf(event, 'content_index')) !== undefined) return core.note(name, event);
  partOf(core, running, event, kindOf(fieldsOf(event, 'part')));
}

export function onPartDone(core: ClientCore, event: Fields, name: string): void {
  const running = responseOf(core, event);
  if (running === null) return core.note(name, event);
  const fields = fieldsOf(event, 'part');
  const { known, part } = partOf(core, running, event, kindOf(fields));
  if (part.done) return core.note(name, event);
  const text = optionalText(fields, part.kind === 'audio' ? 'transcript' : 'text');
  if (!part.final && text) say(core, running, known, event, part, text, 'final');
  part.done = true;
  core.emit({
    t: 'part',
    phase: 'done',
    response: running.id,
    item: known.id,
    index: known.index,
    part: indexOf(event, 'content_index'),
    kind: part.kind,
    raw: event,
  });
}

/**
 * The hot path: one lookup each for response, item and part, and no event but the audio. Its fields are read by their names: an
 * engine knows where they are then, and need not look for them.
 */
export function onAudioDelta(core: ClientCore, event: Fields, name: string): Event | undefined {
  const { response_id: response, item_id: item, content_index: place, delta } = event;
  const running = runningOf(core, asId(response, 'response_id'), event);
  if (running === null) {
    core.note(name, event);
    return undefined;
  }
  const text = asText(delta, 'delta');
  const known = itemOf(core, running, asId(item, 'item_id'));
  const index = asIndex(place);
  const part = partAt(known, index) ?? beginPart(core, running, known, event, index, 'audio');
  if (part.done || part.kind !== 'audio') {
    core.note(name, event);
    return undefined;
  }
  const { pcm, whole } = readAudio(text, core.outputFormat);
  if (!whole) {
    const message = 'Audio of the server was not whole: what could not be read was left out.';
    core.emit({ t: 'refused', code: 'audio_malformed', message, benign: true, raw: event });
  }
  if (pcm.length === 0) return undefined;
  core.spoke = true;
  part.samples += pcm.length;
  if (whole) {
    const flow = { response: running.id, item: known.id, part };
    core.flowing.saw({ flow, eventId: event.event_id, delta: text });
  }
  return { t: 'audio', response: running.id, item: known.id, part: index, pcm };
}

export function onTranscriptDelta(core: ClientCore, event: Fields, name: string): void {
  onWords(core, event, name, 'audio', 'delta', 'append');
}

export function onTranscriptDone(core: ClientCore, event: Fields, name: string): void {
  onWords(core, event, name, 'audio', 'transcript', 'final');
}

export function onTextDelta(core: ClientCore, event: Fields, name: string): void {
  onWords(core, event, name, 'text', 'delta', 'append');
}

export function onTextDone(core: ClientCore, event: Fields, name: string): void {
  onWords(core, event, name, 'text', 'text', 'final');
}

export function onArgumentsDelta(core: ClientCore, event: Fields, name: string): void {
  const running = responseOf(core, event);
  if (running === null) return core.note(name, event);
  addArguments(core, running, event, textOf(event, 'delta'));
}

export function onArgumentsDone(core: ClientCore, event: Fields, name: string): void {
  const running = responseOf(core, event);
  if (running === null) return core.note(name, event);
  setArguments(core, running, event, textOf(event, 'arguments'));
}

function onWords(
  core: ClientCore,
  event: Fields,
  name: string,
  kind: Part['kind'],
  field: string,
  how: 'append' | 'final',
): void {
  const running = responseOf(core, event);
  if (running === null) return core.note(name, event);
  const text = textOf(event, field);
  const { known, part } = partOf(core, running, event, kind);
  if (part.final) return core.note(name, event);
  if (text !== '' || how === 'final') say(core, running, known, event, part, text, how);
}

function say(
  core: ClientCore,
  running: Running,
  known: KnownItem,
  event: Fields,
  part: Part,
  text: string,
  how: 'append' | 'final',
): void {
  if (how === 'final') part.final = true;
  core.emit({
    t: 'said',
    response: running.id,
    item: known.id,
    part: indexOf(event, 'content_index'),
    text,
    how,
    stage: 'spoken',
    raw: event,
  });
}

/** The part that an event names; begun by it where the server left its start out. */
function partOf(
  core: ClientCore,
  running: Running,
  event: Fields,
  kind: Part['kind'],
): { known: KnownItem; part: Part } {
  const known = itemOf(core, running, idOf(event, 'item_id'));
  const index = indexOf(event, 'content_index');
  return { known, part: partAt(known, index) ?? beginPart(core, running, known, event, index, kind) };
}

function beginPart(
  core: ClientCore,
  running: Running,
  known: KnownItem,
  event: Fields,
  index: number,
  kind: Part['kind'],
): Part {
  known.index = indexOf(event, 'output_index');
  const part: Part = { index, kind, done: false, final: false, samples: 0 };
  // Not pushed: room for more would be kept as long as the conversation.
  known.parts = known.parts.concat(part);
  core.emit({
    t: 'part',
    phase: 'started',
    response: running.id,
    item: known.id,
    index: known.index,
    part: index,
    kind,
    raw: event,
  });
  return part;
}

function kindOf(part: Fields): Part['kind'] {
  return part.type === 'audio' || part.type === 'output_audio' ? 'audio' : 'text';
}
