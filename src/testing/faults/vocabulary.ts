import type { Ms } from '../../core/index.js';
import type { FaultWire } from './faults.js';

/** What the proxy must know of a wire to hurt it in its own words. */
export interface Vocabulary {
  /** Pieces of frames at which something may break that does not break elsewhere. */
  moments: { up: readonly string[]; down: readonly string[] };
  /** A server may send this event twice and mean it once. Never a delta: twice, it is said twice. */
  mayRepeat(frame: string): boolean;
  /** Neither of two neighbours depends on the other, so that a server may send them in either order. Never deltas of one part. */
  maySwap(first: string, second: string): boolean;
  /** What a server whose time is over says, and how it closes. */
  expiry(leftMs: Ms): { frame: string; code: number; reason: string };
  /** Events that a server may bring at any time and that must harm nothing. */
  oddities: readonly string[];
}

/** Source: protocol page of OpenAI's Realtime API, sections 5 to 8. */
const openai: Vocabulary = {
  moments: {
    up: [
      '"session.update"',
      '"conversation.item.create"',
      '"response.create"',
      '"conversation.item.truncate"',
      'function_call_output',
    ],
    down: [
      '"session.created"',
      '"session.updated"',
      '"input_audio_buffer.speech_started"',
      '"input_audio_buffer.speech_stopped"',
      '"input_audio_buffer.committed"',
      '"conversation.item.input_audio_transcription.completed"',
      '"response.created"',
      '"response.output_audio.delta"',
      '"response.function_call_arguments.done"',
      '"response.output_audio.done"',
      '"response.done"',
      '"conversation.item.done"',
    ],
  },
  mayRepeat(frame) {
    const type = openaiType(frame);
    return repeatable.has(type);
  },
  maySwap(first, second) {
    const [one, other] = [openaiType(first), openaiType(second)];
    return isFree(one, other) || isFree(other, one);
  },
  expiry: () => ({
    frame: openaiError('session_expired', 'Your session hit the maximum duration of 60 minutes.'),
    code: 1001,
    reason: '',
  }),
  oddities: [
    openaiError('rate_limit_exceeded', 'Rate limit reached. Please try again.'),
    openaiError('invalid_value', 'Audio content of 200ms is already shorter than 900ms'),
    '{"type":"session.weather.updated","event_id":"event_odd","sky":{"blue":true}}',
    '{"type":"rate_limits.updated","event_id":"event_odd_limits","rate_limits":[{"name":"requests","limit":10,"remaining":0,"reset_seconds":2.5}]}',
    '{"no":"type"}',
    '{"type":',
    '[]',
  ],
};

const repeatable = new Set([
  'rate_limits.updated',
  'input_audio_buffer.speech_started',
  'input_audio_buffer.speech_stopped',
  'input_audio_buffer.committed',
  'conversation.item.added',
  'conversation.item.done',
  'conversation.item.input_audio_transcription.completed',
  'response.created',
  'response.output_item.added',
  'response.function_call_arguments.done',
  'response.output_item.done',
  'response.done',
]);

function openaiType(frame: string): string {
  return /"type":\s*"([^"]*)"/.exec(frame.slice(0, 200))?.[1] ?? '';
}

/** The words of the user are written down beside the model; limits stand alone. */
function isFree(type: string, other: string): boolean {
  if (type === 'rate_limits.updated') return true;
  return type.startsWith('conversation.item.input_audio_transcription.') && other.startsWith('response.');
}

function openaiError(code: string, message: string): string {
  const error = { type: 'invalid_request_error', code, message, param: null, event_id: null };
  return JSON.stringify({ type: 'error', event_id: 'event_odd', error });
}

/** Source: protocol page of Gemini Live, sections 4 to 6. */
const gemini: Vocabulary = {
  moments: {
    up: ['"setup"', '"toolResponse"', '"clientContent"', '"audio"'],
    down: [
      '"setupComplete"',
      '"inputTranscription"',
      '"modelTurn"',
      '"outputTranscription"',
      '"toolCall"',
      '"generationComplete"',
      '"interrupted"',
      '"turnComplete"',
      '"usageMetadata"',
      '"sessionResumptionUpdate"',
    ],
  },
  mayRepeat: (frame) => ['toolCall', 'sessionResumptionUpdate', 'goAway'].includes(geminiKeys(frame).join()),
  // The service promises no order between transcripts of the user and what the model does.
  maySwap: (first, second) =>
    (isUserTranscript(first) && isModelTurn(second)) || (isModelTurn(first) && isUserTranscript(second)),
  expiry: (leftMs) => ({
    frame: `{"goAway":{"timeLeft":"${leftMs / 1000}s"}}`,
    code: 1008,
    reason:
      'Connection aborted because the client failed to close the connection after receiving a GoAway signal',
  }),
  oddities: [
    '{"weatherUpdate":{"sky":"blue"}}',
    '{"serverContent":{"somethingNew":true}}',
    '{"usageMetadata":{}}',
    '{"voiceActivity":{"type":"SOMETHING_ELSE"}}',
    '{}',
    '{"serverContent":',
    '[]',
  ],
};

function geminiKeys(frame: string): string[] {
  const message = parsed(frame);
  return Object.keys(message);
}

function contentKeys(frame: string): string[] {
  const message = parsed(frame);
  const { serverContent } = message;
  const alone = Object.keys(message).join() === 'serverContent';
  return alone && typeof serverContent === 'object' && serverContent !== null
    ? Object.keys(serverContent)
    : [];
}

const isUserTranscript = (frame: string) => contentKeys(frame).join() === 'inputTranscription';
const isModelTurn = (frame: string) => contentKeys(frame).join() === 'modelTurn';

function parsed(frame: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(frame);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export const vocabularies: Readonly<Record<FaultWire, Vocabulary>> = { openai, gemini };
