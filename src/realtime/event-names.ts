import type { RemoteConversation } from '../chat/index.js';
import type { Emitter } from '../core/index.js';
import type { Event } from './contract.js';
import type { RealtimeEvents } from './events.js';

type Of<T extends Event['t']> = Extract<Event, { t: T }>;

/** The contract's events under the ecosystem's names, with ids spelled out and transcripts put together. */
export class EventNames {
  readonly #to: Emitter<RealtimeEvents>;
  readonly #remote: RemoteConversation;
  readonly #transcribes: () => boolean;
  /** Words so far of items whose transcript is not final. */
  readonly #transcripts = new Map<string, string>();

  constructor(to: Emitter<RealtimeEvents>, remote: RemoteConversation, transcribes: () => boolean) {
    this.#to = to;
    this.#remote = remote;
    this.#transcribes = transcribes;
  }

  event(event: Event): void {
    switch (event.t) {
      case 'audio':
        return this.#to.emit('generation_audio', {
          responseId: event.response,
          itemId: event.item,
          part: event.part,
          pcm: event.pcm,
        });
      case 'said':
        return this.#said(event);
      case 'speech':
        return this.#speech(event);
      case 'committed':
        return this.#to.emit('input_audio_committed', { turnId: event.turn, itemId: event.item });
      case 'heard':
        return this.#heard(event);
      case 'part':
        return this.#to.emit('generation_part', {
          phase: event.phase,
          responseId: event.response,
          itemId: event.item,
          index: event.index,
          part: event.part,
          kind: event.kind,
        });
      case 'call':
        return this.#call(event);
      case 'item':
        return this.#item(event);
      case 'limits':
        return this.#to.emit('rate_limits_updated', { limits: event.limits });
      case 'expiring':
        return this.#to.emit('session_expiring', { inMs: event.inMs });
    }
  }

  #said({ response, item, part, text, how, stage, words }: Of<'said'>): void {
    const said = { responseId: response, itemId: item, part, text, how, stage };
    this.#to.emit('generation_text', words === undefined ? said : { ...said, words });
  }

  #speech({ edge, turn, atMs }: Of<'speech'>): void {
    const speech = { turnId: turn, ...(atMs === undefined ? {} : { atMs }) };
    if (edge === 'start') this.#to.emit('input_speech_started', speech);
    else this.#to.emit('input_speech_stopped', { ...speech, userTranscriptionEnabled: this.#transcribes() });
  }

  #heard({ item, turn, text, how, words, language }: Of<'heard'>): void {
    const itemId = item ?? turn ?? '';
    const of = { itemId, ...(turn === undefined ? {} : { turnId: turn }) };
    if (how === 'failed') {
      this.#transcripts.delete(itemId);
      this.#to.emit('input_audio_transcription_failed', { ...of, message: text });
    } else if (how === 'final') {
      this.#transcripts.delete(itemId);
      this.#to.emit('input_audio_transcription_completed', {
        ...of,
        text,
        ...(words === undefined ? {} : { words }),
        ...(language === undefined ? {} : { language }),
      });
    } else {
      const whole = how === 'append' ? (this.#transcripts.get(itemId) ?? '') + text : text;
      this.#transcripts.set(itemId, whole);
      this.#to.emit('input_audio_transcription_updated', { ...of, text: whole });
    }
  }

  #call({ phase, call, name, args, owner, response, item }: Of<'call'>): void {
    if (phase === 'withdrawn') this.#to.emit('generation_call_withdrawn', { callId: call });
    else if (phase === 'ready' && owner === 'us') {
      const ready = { responseId: response, callId: call, name, args };
      this.#to.emit('generation_call', item === undefined ? ready : { ...ready, itemId: item });
    }
  }

  #item({ phase, item, after, heardMs, basis }: Of<'item'>): void {
    if (phase === 'added') {
      this.#remote.insert(item, after);
      this.#to.emit('remote_item_added', { previousItemId: after ?? null, item });
    } else if (phase === 'done') {
      this.#remote.update(item);
    } else if (phase === 'removed') {
      this.#remote.delete(item.id);
      this.#to.emit('remote_item_removed', { itemId: item.id });
    } else if (phase === 'cut') {
      this.#to.emit('remote_item_truncated', { itemId: item.id, heardMs: heardMs ?? 0, basis });
    }
  }
}
