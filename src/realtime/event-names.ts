import type { Emitter } from '../core/index.js';
import type { Event } from './contract.js';
import type { EngineNotice } from './engine/state.js';
import type { GenerationCreated, RealtimeEvents } from './events.js';
import { providerError } from './failures.js';

type Of<T extends Event['t']> = Extract<Event, { t: T }>;

/** Items whose words were never final make room for others. */
const transcriptLimit = 64;

/** Who tells the events. */
export interface Teller extends Emitter<RealtimeEvents> {
  /** The model writes down what the user says. */
  readonly transcribes: boolean;
}

/**
 * The contract's events, and what the engine noticed, under the ecosystem's names: with ids spelled out and transcripts
 * put together. Fields stand before spreads: V8 gives an object that begins with a spread, and gets more, a shape of its own each time.
 */
export class EventNames {
  readonly #to: Teller;
  readonly #provider: string;
  /** Words so far of items whose transcript is not final. */
  #transcripts: Map<string, string> | undefined;

  constructor(to: Teller, provider: string) {
    this.#to = to;
    this.#provider = provider;
  }

  event(event: Exclude<Event, { t: 'audio' }>): void {
    const to = this.#to;
    switch (event.t) {
      case 'said':
        return this.#said(event);
      case 'speech':
        return this.#speech(event);
      case 'committed':
        return to.emit('input_audio_committed', { turnId: event.turn, itemId: event.item });
      case 'heard':
        return this.#heard(event);
      case 'part':
        return to.emit('generation_part', {
          phase: event.phase,
          responseId: event.response,
          itemId: event.item,
          index: event.index,
          part: event.part,
          kind: event.kind,
        });
      case 'call':
        return this.#call(event);
      case 'approval':
        return this.#approval(event);
      case 'item':
        return this.#item(event);
      case 'limits':
        return to.emit('rate_limits_updated', { limits: event.limits });
      case 'expiring':
        return to.emit('session_expiring', { inMs: event.inMs });
    }
  }

  notice(notice: EngineNotice): void {
    const to = this.#to;
    switch (notice.t) {
      case 'generation': {
        if (notice.phase === 'created') return to.emit('generation_created', generationCreated(notice));
        const { reply, response, outcome, reason, calls, again } = notice;
        const ended = { replyId: reply.id, responseId: response, outcome, reason, calls };
        return to.emit('generation_ended', again ? { again, ...ended } : ended);
      }
      case 'reply_failed': {
        const error = providerError(notice, this.#provider);
        return to.emit('reply_failed', { replyId: notice.reply.id, error, asked: notice.cmd !== null });
      }
      case 'unanswered':
        return to.emit('turn_unanswered', { turnId: notice.reply.turn ?? '' });
      case 'input_dropped':
        return to.emit('input_audio_dropped', { droppedMs: notice.droppedMs });
      case 'retrying': {
        const { tries: attempt, delayMs, code, message } = notice;
        return to.emit('session_retrying', { attempt, delayMs, code, message });
      }
      case 'replayed':
        return to.emit('input_replayed', { turnId: notice.turn, durationMs: notice.durationMs });
      case 'dead_air': {
        const { turn: turnId, waitedMs, then } = notice;
        return to.emit('dead_air', { turnId, waitedMs, then });
      }
      case 'interrupted': {
        const { by, epoch, response } = notice;
        return to.emit('interrupted', { by, epoch, responseId: response });
      }
    }
  }

  #said({ response, item, part, text, how, stage, words }: Of<'said'>): void {
    const said = { responseId: response, itemId: item, part, text, how, stage };
    this.#to.emit('generation_text', words === undefined ? said : { words, ...said });
  }

  #speech({ edge, turn, item, atMs }: Of<'speech'>): void {
    const to = this.#to;
    const speech = {
      turnId: turn,
      ...(item === undefined ? {} : { itemId: item }),
      ...(atMs === undefined ? {} : { atMs }),
    };
    if (edge === 'start') return to.emit('input_speech_started', speech);
    const discarded = edge === 'discarded';
    if (discarded && item !== undefined) this.#transcripts?.delete(item);
    to.emit('input_speech_stopped', { discarded, userTranscriptionEnabled: to.transcribes, ...speech });
  }

  #heard({ item, turn, text, how, words, language, confidence }: Of<'heard'>): void {
    const to = this.#to;
    const itemId = item ?? turn ?? '';
    const of = { itemId, ...(turn === undefined ? {} : { turnId: turn }) };
    if (how === 'failed') {
      this.#transcripts?.delete(itemId);
      to.emit('input_audio_transcription_failed', { message: text, ...of });
    } else if (how === 'final') {
      this.#transcripts?.delete(itemId);
      to.emit('input_audio_transcription_completed', {
        text,
        ...of,
        ...(words === undefined ? {} : { words }),
        ...(language === undefined ? {} : { language }),
        ...(confidence === undefined ? {} : { confidence }),
      });
    } else {
      this.#transcripts ??= new Map();
      const whole = how === 'append' ? (this.#transcripts.get(itemId) ?? '') + text : text;
      this.#transcripts.set(itemId, whole);
      if (this.#transcripts.size > transcriptLimit) {
        this.#transcripts.delete(this.#transcripts.keys().next().value ?? '');
      }
      to.emit('input_audio_transcription_updated', { text: whole, ...of });
    }
  }

  #approval({ approval: approvalId, call, server, name, args }: Of<'approval'>): void {
    const asked = { approvalId, server, name, args };
    this.#to.emit('mcp_approval_requested', call === undefined ? asked : { callId: call, ...asked });
  }

  #call({ phase, call, name, args, owner, response, item }: Of<'call'>): void {
    const to = this.#to;
    if (phase === 'withdrawn') to.emit('generation_call_withdrawn', { callId: call });
    else if (phase === 'ready' && owner === 'us') {
      const ready = { responseId: response, callId: call, name, args };
      to.emit('generation_call', item === undefined ? ready : { itemId: item, ...ready });
    }
  }

  #item({ phase, item, after, heardMs, basis }: Of<'item'>): void {
    const to = this.#to;
    if (phase === 'added') {
      to.emit('remote_item_added', { previousItemId: after ?? null, item });
    } else if (phase === 'removed') {
      to.emit('remote_item_removed', { itemId: item.id });
    } else if (phase === 'cut') {
      to.emit('remote_item_truncated', { itemId: item.id, heardMs: heardMs ?? 0, basis });
    }
  }
}

export function generationCreated(
  notice: Extract<EngineNotice, { t: 'generation'; phase: 'created' }>,
): GenerationCreated {
  const { reply, response, outOfBand, epoch } = notice;
  return {
    replyId: reply.id,
    responseId: response,
    userInitiated: reply.cause === 'user' || reply.cause === 'tools',
    outOfBand,
    epoch,
    ...(reply.turn === null ? {} : { turnId: reply.turn }),
  };
}
