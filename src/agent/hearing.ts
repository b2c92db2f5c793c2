import { type Clock, type Ms, ProviderError, type Transport } from '../core/index.js';
import type { RealtimeSession } from '../realtime/index.js';
import type { Conversation } from './conversation.js';
import type { AgentEvents } from './events.js';
import type { AgentInput } from './machine/state.js';

/** An input of the agent's machine without what the runner adds. */
export type BareInput = AgentInput extends infer I
  ? I extends AgentInput
    ? Omit<I, 'atMs' | 'replying'>
    : never
  : never;

export interface Ears {
  clock: Clock;
  conversation: Conversation;
  input(input: BareInput): void;
  audio(response: string, item: string, part: number, pcm: Int16Array): void;
  emit<K extends keyof AgentEvents>(name: K, event: AgentEvents[K]): void;
  /** Responses beside the conversation are not spoken. */
  isSpoken(response: string): boolean;
}

/** What the model's session tells becomes inputs of the agent's machine, words of the conversation, and events. */
export function hearModel(
  model: RealtimeSession,
  { clock, conversation, input, audio, emit, isSpoken }: Ears,
): void {
  model.on('input_speech_started', ({ turnId }) => {
    conversation.speechStarted(turnId);
    input({ t: 'speech', edge: 'start', turn: turnId, voiceEndedMs: 0 });
  });
  model.on('input_speech_stopped', ({ turnId, atMs }) => {
    input({ t: 'speech', edge: 'stop', turn: turnId, voiceEndedMs: clock.now() - sinceVoiceMs(model, atMs) });
  });
  model.on('input_audio_committed', ({ turnId, itemId }) => {
    conversation.committed(turnId, itemId);
    input({ t: 'refresh' });
  });
  model.on('input_audio_transcription_updated', (event) => conversation.transcribed(event, false));
  model.on('input_audio_transcription_completed', (event) => conversation.transcribed(event, true));

  model.on('generation_created', ({ replyId, responseId, outOfBand }) =>
    input({ t: 'generation', phase: 'created', reply: replyId, response: responseId, aside: outOfBand }),
  );
  model.on('generation_part', ({ phase, responseId, itemId, kind }) => {
    if (responseId === null) return;
    if (phase === 'started' && isSpoken(responseId)) conversation.begun(itemId);
    input({ t: 'part', phase, response: responseId, item: itemId, kind });
  });
  model.on('generation_audio', ({ responseId, itemId, part, pcm }) => {
    if (responseId !== null && itemId !== null && isSpoken(responseId)) audio(responseId, itemId, part, pcm);
  });
  model.on('generation_text', (event) => {
    if (event.responseId === null || isSpoken(event.responseId)) conversation.said(event);
  });
  model.on('generation_ended', ({ replyId, responseId, outcome, reason }) => {
    if (outcome === 'failed')
      emit('error', new ProviderError('reply_failed', reason || 'The model failed to answer'));
    input({ t: 'generation', phase: 'ended', reply: replyId, response: responseId, outcome });
  });
  model.on('generation_call', ({ responseId, callId, name, args }) =>
    input({ t: 'call', response: responseId ?? '', call: callId, name, args }),
  );
  model.on('generation_call_withdrawn', ({ callId }) => input({ t: 'withdrawn', call: callId }));
  model.on('reply_failed', ({ replyId }) => input({ t: 'reply_failed', reply: replyId }));
  model.on('interrupted', ({ by }) => {
    if (by === 'server') input({ t: 'server_interrupted' });
  });
  model.on('metrics_collected', (metrics) => emit('metrics_collected', metrics));
  model.on('error', (error) => emit('error', error));
}

/** The wire's position of the end of speech includes the window of silence that it waited for. */
function sinceVoiceMs({ silenceMs, inputMs }: RealtimeSession, atMs: Ms | undefined): Ms {
  return atMs === undefined ? silenceMs : Math.max(0, inputMs - atMs + silenceMs);
}

export function hearTransport(transport: Transport, input: Ears['input']): void {
  transport.output.onPlayback(({ phase, playedMs }) => input({ t: 'playback', phase, playedMs }));
}
