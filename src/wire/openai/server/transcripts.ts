import type { Event } from '../../../realtime/contract.js';
import { usageToWire } from '../convert/index.js';
import type { LogProb, TranscriptionUsage } from '../events.js';
import type { Context } from './context.js';
import type { Conversation } from './conversation.js';
import type { SessionState } from './session.js';
import { isRecord } from './validate/check.js';
import { setTranscript } from './wire-items.js';

type Heard = Event & { t: 'heard' };

const maxItems = 64;
const maxHeldPerItem = 256;

/**
 * What the user said, as text beside the audio. The wire can only add to a transcript, so words that replace others wait
 * for the final text unless they continue what was sent. Nothing is told of an item that the client does not have yet.
 */
export class Transcripts {
  readonly #context: Context;
  readonly #session: SessionState;
  readonly #conversation: Conversation;
  /** Held until the item is there. */
  readonly #held = new Map<string, Heard[]>();
  /** Text sent in deltas, until the final text. */
  readonly #sent = new Map<string, string>();

  constructor(context: Context, session: SessionState, conversation: Conversation) {
    this.#context = context;
    this.#session = session;
    this.#conversation = conversation;
  }

  heard(item: string, event: Heard): void {
    if (this.#session.value.audio.input.transcription === null) return;
    if (this.#conversation.get(item)?.announced) {
      this.#tell(item, event);
      return;
    }
    const held = this.#held.get(item) ?? [];
    // The final text says it all again.
    if (held.length >= maxHeldPerItem) held.shift();
    held.push(event);
    this.#held.set(item, held);
    if (this.#held.size > maxItems) this.#held.delete(this.#held.keys().next().value!);
  }

  /** The item is there now. */
  release(item: string): void {
    const held = this.#held.get(item) ?? [];
    this.#held.delete(item);
    for (const event of held) this.#tell(item, event);
  }

  forget(item: string): void {
    this.#held.delete(item);
    this.#sent.delete(item);
  }

  #tell(item: string, event: Heard): void {
    const entry = this.#conversation.get(item);
    if (entry === undefined) return;
    switch (event.how) {
      case 'append':
        this.#delta(item, event.text, this.#logprobs(event));
        return;
      case 'replace': {
        const sent = this.#sent.get(item) ?? '';
        if (event.text.startsWith(sent)) this.#delta(item, event.text.slice(sent.length));
        return;
      }
      case 'final':
        this.#sent.delete(item);
        setTranscript(entry.wire, 0, event.text);
        this.#context.send('conversation.item.input_audio_transcription.completed', {
          item_id: item,
          content_index: 0,
          transcript: event.text,
          usage: transcriptionUsage(event, entry.audioMs),
          ...this.#logprobs(event),
        });
        return;
      case 'failed':
        this.#sent.delete(item);
        this.#context.send('conversation.item.input_audio_transcription.failed', {
          item_id: item,
          content_index: 0,
          error: {
            type: 'server_error',
            code: 'transcription_failed',
            message: event.text,
            param: null,
          },
        });
    }
  }

  /** Where the session includes them and the model behind speaks this wire too. */
  #logprobs({ raw }: Heard): { logprobs?: LogProb[] } {
    if (!this.#session.value.include?.length || !isRecord(raw) || !Array.isArray(raw.logprobs)) return {};
    return { logprobs: raw.logprobs.filter(isLogProb) };
  }

  #delta(item: string, text: string, more: { logprobs?: LogProb[] } = {}): void {
    if (text === '') return;
    if (this.#sent.size >= maxItems && !this.#sent.has(item)) {
      this.#sent.delete(this.#sent.keys().next().value!);
    }
    this.#sent.set(item, (this.#sent.get(item) ?? '') + text);
    this.#context.send('conversation.item.input_audio_transcription.delta', {
      item_id: item,
      content_index: 0,
      delta: text,
      ...more,
    });
  }
}

/** By tokens where all three counts are known, else by the length of the audio. */
function transcriptionUsage(event: Heard, audioMs: number): TranscriptionUsage {
  const { total_tokens, input_tokens, output_tokens } = usageToWire(event.usage ?? {});
  if (total_tokens === undefined || input_tokens === undefined || output_tokens === undefined) {
    return { type: 'duration', seconds: Math.round(event.usage?.inputAudioMs ?? audioMs) / 1000 };
  }
  return { type: 'tokens', total_tokens, input_tokens, output_tokens };
}

function isLogProb(value: unknown): value is LogProb {
  return (
    isRecord(value) &&
    typeof value.token === 'string' &&
    typeof value.logprob === 'number' &&
    Array.isArray(value.bytes)
  );
}
