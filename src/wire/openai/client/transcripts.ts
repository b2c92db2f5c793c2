import type { Event } from '../../../realtime/contract.js';
import { transcriptionUsageFromWire } from '../convert/index.js';
import type { TranscriptionUsage } from '../events.js';
import type { ClientCore } from './core.js';
import { asFields, type Fields, idOf, optionalMs, optionalText, textOf } from './read.js';

type Heard = Extract<Event, { t: 'heard' }>;
type Words = Pick<Heard, 'text' | 'how'> &
  Partial<Pick<Heard, 'fromMs' | 'toMs' | 'language' | 'usage' | 'confidence'>>;

/** Words of the user come any time after the commit, also after the answer; nothing follows the final ones. */
function tell(core: ClientCore, event: Fields, name: string, words: Words): void {
  const item = idOf(event, 'item_id');
  if (core.heard.has(item)) return core.note(name, event);
  const turn = core.turns.of(item)?.turn;
  if (words.how === 'final' || words.how === 'failed') core.heard.add(item);
  core.emit({ t: 'heard', item, ...(turn === undefined ? {} : { turn }), ...words, raw: event });
}

export function onHeardDelta(core: ClientCore, event: Fields, name: string): void {
  const text = optionalText(event, 'delta') ?? '';
  if (text !== '') tell(core, event, name, { text, how: 'append' });
}

export function onHeardCompleted(core: ClientCore, event: Fields, name: string): void {
  const usage = asFields(event.usage) as TranscriptionUsage | undefined;
  const tokens = usage === undefined ? null : transcriptionUsageFromWire(usage);
  const languages = Array.isArray(event.languages) ? event.languages : [];
  const language = asFields(languages[0])?.code;
  const confidence = confidenceOf(event.logprobs);
  tell(core, event, name, {
    text: textOf(event, 'transcript'),
    how: 'final',
    ...(confidence === undefined ? {} : { confidence }),
    ...(tokens === null ? {} : { usage: tokens }),
    ...(typeof language === 'string' ? { language } : {}),
  });
}

/** The mean probability of the tokens, where the session includes their logarithms. */
function confidenceOf(logprobs: unknown): number | undefined {
  if (!Array.isArray(logprobs)) return undefined;
  const values = logprobs
    .map((entry) => asFields(entry)?.logprob)
    .filter((value): value is number => typeof value === 'number' && value <= 0);
  if (values.length === 0) return undefined;
  return Math.exp(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** A diarizing model tells finished stretches with their place, in seconds of the item's audio. */
export function onHeardSegment(core: ClientCore, event: Fields, name: string): void {
  const start = optionalMs(event, 'start');
  const end = optionalMs(event, 'end');
  tell(core, event, name, {
    text: textOf(event, 'text'),
    how: 'append',
    ...(start === undefined ? {} : { fromMs: start * 1000 }),
    ...(end === undefined ? {} : { toMs: end * 1000 }),
  });
}

export function onHeardFailed(core: ClientCore, event: Fields, name: string): void {
  const error = asFields(event.error) ?? {};
  const reason = optionalText(error, 'message') ?? optionalText(error, 'code') ?? 'no reason given';
  tell(core, event, name, { text: reason, how: 'failed' });
}
