import type { AudioFrame, Emitter, Listeners, ReparteeError } from '../core/index.js';
import { ProviderError } from '../core/index.js';
import type { Capabilities } from './capabilities.js';
import type { Item } from './contract.js';
import type { RealtimeEvents } from './events.js';

/** A session's events by plainer names, for whoever has no need of replies, parts and turns. They cost nothing until heard by `on`. */
export interface SimpleEvents {
  realtime_connected: { sessionId?: string; capabilities: Capabilities };
  /** `clean`: it was asked for. */
  realtime_disconnected: { reason: string; clean: boolean };
  /** The words so far; `isFinal`: all of them. */
  realtime_user_speech_transcription: { itemId: string; text: string; isFinal: boolean };
  realtime_agent_speech_transcription: { responseId: string | null; text: string; isFinal: boolean };
  /** What was added to the answer; with `isComplete` all of it, once. */
  realtime_response: { responseId: string | null; text: string; isComplete: boolean };
  /** Audio as it goes to the model. */
  realtime_audio_input: AudioFrame;
  /** Audio of the model. `epoch`: of its response; one below the session's is out of date. */
  realtime_audio_output: AudioFrame & { responseId: string | null; epoch: number };
  realtime_audio_output_done: { responseId: string; interrupted: boolean };
  realtime_conversation_item: { item: Item; previousItemId: string | null };
  /** `recoverable`: the session goes on. */
  realtime_error: { error: ReparteeError; recoverable: boolean };
}

/** Whose events they are. */
export interface SimpleHost extends Emitter<RealtimeEvents> {
  readonly capabilities: Capabilities;
  readonly connected: boolean;
  readonly sessionId: string | undefined;
  readonly epoch: number;
}

/** Responses whose words are kept until they are complete. */
const responseLimit = 16;

/** What must be heard so that an event of that name can be told; undefined: the session itself tells it, or it is none of these. */
export function simpleListeners(
  name: keyof RealtimeEvents,
  to: SimpleHost,
): Listeners<RealtimeEvents> | undefined {
  switch (name) {
    case 'realtime_connected':
      return {
        state_changed({ to: state }) {
          const { sessionId, capabilities } = to;
          const connected = sessionId === undefined ? { capabilities } : { sessionId, capabilities };
          if (state === 'open') to.emit('realtime_connected', connected);
        },
      };
    case 'realtime_disconnected':
      return {
        closed: ({ message, error }) =>
          to.emit('realtime_disconnected', { reason: message, clean: error === undefined }),
      };
    case 'realtime_user_speech_transcription':
      return {
        input_audio_transcription_updated: ({ itemId, text }) =>
          to.emit('realtime_user_speech_transcription', { itemId, text, isFinal: false }),
        input_audio_transcription_completed: ({ itemId, text }) =>
          to.emit('realtime_user_speech_transcription', { itemId, text, isFinal: true }),
      };
    case 'realtime_agent_speech_transcription':
      return agentWords(to);
    case 'realtime_response':
      return response(to);
    case 'realtime_audio_output':
      return {
        generation_audio: ({ responseId, pcm }) =>
          to.emit('realtime_audio_output', {
            responseId,
            epoch: to.epoch,
            pcm,
            sampleRateHz: to.capabilities.outputRateHz,
            channels: 1,
          }),
      };
    case 'realtime_audio_output_done':
      return audioDone(to);
    case 'realtime_conversation_item':
      return { remote_item_added: (event) => to.emit('realtime_conversation_item', event) };
    case 'realtime_error':
      return {
        error: (error) => to.emit('realtime_error', { error, recoverable: to.connected }),
        generation_ended({ outcome, reason }) {
          if (outcome !== 'failed') return;
          const error = new ProviderError('reply_failed', reason === '' ? 'The answer failed' : reason);
          to.emit('realtime_error', { error, recoverable: true });
        },
      };
  }
  return undefined;
}

function agentWords(to: SimpleHost): Listeners<RealtimeEvents> {
  const words = new Words();
  return {
    generation_text(said) {
      if (said.stage === 'thought') return;
      const text = words.add(said);
      to.emit('realtime_agent_speech_transcription', {
        responseId: said.responseId,
        text,
        isFinal: said.how === 'final',
      });
    },
    generation_ended: ({ responseId }) => void words.take(responseId),
  };
}

function response(to: SimpleHost): Listeners<RealtimeEvents> {
  const words = new Words();
  return {
    generation_text(said) {
      if (said.stage === 'thought') return;
      words.add(said);
      const { responseId, text, how } = said;
      if (how === 'append') to.emit('realtime_response', { responseId, text, isComplete: false });
    },
    generation_ended({ responseId }) {
      to.emit('realtime_response', { responseId, text: words.take(responseId), isComplete: true });
    },
  };
}

function audioDone(to: SimpleHost): Listeners<RealtimeEvents> {
  const speaking = new Set<string>();
  return {
    generation_audio({ responseId }) {
      if (responseId !== null) speaking.add(responseId);
    },
    generation_ended({ responseId, outcome }) {
      if (!speaking.delete(responseId)) return;
      to.emit('realtime_audio_output_done', { responseId, interrupted: outcome === 'cancelled' });
    },
  };
}

/** The words of each response's parts, in the order in which the parts began. */
class Words {
  readonly #responses = new Map<string | null, Map<string, string>>();

  /** The part's words so far. */
  add({ responseId, itemId, part, text, how }: RealtimeEvents['generation_text']): string {
    const parts = this.#responses.get(responseId) ?? new Map<string, string>();
    this.#responses.set(responseId, parts);
    const key = `${itemId}/${part}`;
    const whole = how === 'append' ? (parts.get(key) ?? '') + text : text;
    parts.set(key, whole);
    if (this.#responses.size > responseLimit)
      this.#responses.delete(this.#responses.keys().next().value ?? null);
    return whole;
  }

  take(responseId: string): string {
    const parts = this.#responses.get(responseId);
    this.#responses.delete(responseId);
    return [...(parts?.values() ?? [])].join(' ');
  }
}
