import type { Word } from '../../realtime/index.js';
import { addItem, itemOf } from './item-list.js';
import { emit, type Pass, type Response, type SpokenMessage } from './state.js';

/** The one message of a response: it opens with the first word. */
export function openMessage(pass: Pass, response: Response): SpokenMessage {
  const message: SpokenMessage = {
    item: pass.ids('item'),
    index: response.count,
    written: '',
    said: '',
    audioMs: 0,
  };
  response.message = message;
  response.count += 1;
  if (!response.outOfBand) {
    const { item: id } = message;
    const record = addItem(pass, {
      kind: 'message',
      id,
      role: 'assistant',
      parts: [],
      status: 'in_progress',
    });
    record.spokenMs = response.output === 'audio' ? 0 : null;
  }
  tellPart(pass, response, message, 'started');
  return message;
}

function tellPart(pass: Pass, response: Response, message: SpokenMessage, phase: 'started' | 'done'): void {
  const { item, index } = message;
  emit(pass, { t: 'part', phase, response: response.id, item, index, part: 0, kind: response.output });
}

export function tellSaid(
  pass: Pass,
  response: Response,
  message: SpokenMessage,
  text: string,
  words: Word[],
): void {
  message.said += text;
  const { item } = message;
  const timed = words.length > 0 ? { words } : {};
  const stage = 'spoken';
  emit(pass, { t: 'said', response: response.id, item, part: 0, text, how: 'append', stage, ...timed });
  if (!response.outOfBand) pass.fx.push({ fx: 'append', item, kind: response.output, text, words });
}

export function closeMessage(pass: Pass, response: Response, status: 'completed' | 'incomplete'): void {
  const { message } = response;
  if (message === null) return;
  const { item } = message;
  // A synthesiser that tells no clauses has still spoken what was written.
  if (status === 'completed' && message.said === '') tellSaid(pass, response, message, message.written, []);
  const stage = 'spoken';
  emit(pass, { t: 'said', response: response.id, item, part: 0, text: message.said, how: 'final', stage });
  tellPart(pass, response, message, 'done');
  if (!response.outOfBand && itemOf(pass.state, item) !== undefined) {
    pass.fx.push({ fx: 'status', item, status }, { fx: 'tell', phase: 'done', item });
  }
}
