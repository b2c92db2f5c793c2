import { emit, type Pass, type Response, type Unheard } from './state.js';

/** The words of this item are wanted; whoever replies from now on waits for them. */
export function awaitWords(
  pass: Pass,
  item: string,
  span: Pick<Unheard, 'turn' | 'fromMs' | 'toMs' | 'interim' | 'answer'>,
): void {
  const { unheard, limits } = pass.state;
  unheard.push({ item, ...span, deadlineMs: pass.nowMs + limits.wordsTimeoutMs });
  const oldest = unheard.length > limits.maxUnheard ? unheard.shift() : undefined;
  if (oldest !== undefined) failWords(pass, oldest, 'Too many utterances are waiting for the recogniser.');
}

/** No words will come of an item that is no longer among the unheard. */
export function failWords(pass: Pass, unheard: Unheard, text: string): void {
  const { item } = unheard;
  if (pass.state.config.transcription !== null) {
    emit(pass, { t: 'heard', item, ...spanOf(unheard), text, how: 'failed' });
  }
  heardItem(pass, item);
}

/** A recogniser that does not answer in time has failed. */
export function wakeWords(pass: Pass): void {
  const { state, nowMs } = pass;
  const late = state.unheard.filter((unheard) => unheard.deadlineMs <= nowMs);
  if (late.length === 0) return;
  state.unheard = state.unheard.filter((unheard) => unheard.deadlineMs > nowMs);
  for (const unheard of late) failWords(pass, unheard, 'The recogniser did not answer in time.');
}

/** The words of an item are known, failed or gone: responses that waited for it may go on. */
export function heardItem(pass: Pass, item: string): void {
  const { main, aside } = pass.state;
  for (const response of main === null ? aside : [main, ...aside]) {
    const place = response.awaiting.indexOf(item);
    if (place < 0) continue;
    response.awaiting.splice(place, 1);
    thinkWhenHeard(pass, response);
  }
}

export function thinkWhenHeard(pass: Pass, response: Response): void {
  if (response.awaiting.length === 0) pass.fx.push({ fx: 'think', response: response.id });
}

/** Where an utterance lies on the input line; audio that came in an item lies nowhere. */
export function spanOf({ turn, fromMs, toMs }: Unheard): { turn?: string; fromMs?: number; toMs?: number } {
  return turn === null ? {} : { turn, fromMs, toMs };
}
