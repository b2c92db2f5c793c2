import { type Clock, type Ms, ProviderError } from '../core/index.js';
import type { RawEvent, RealtimeSession } from '../realtime/index.js';
import type { Conversation } from './conversation.js';
import type { AgentEvents } from './events.js';
import type { AgentInput } from './machine/state.js';
import type { Speeches } from './speeches.js';

/** An input of the agent's machine without what the runner adds. */
export type BareInput = AgentInput extends infer I
  ? I extends AgentInput
    ? Omit<I, 'atMs' | 'replying'>
    : never
  : never;

export interface Ears {
  clock: Clock;
  conversation: Conversation;
  speeches: Speeches;
  input(input: BareInput): void;
  audio(response: string, item: string, part: number, pcm: Int16Array): void;
  emit<K extends keyof AgentEvents>(name: K, event: AgentEvents[K]): void;
  /** Responses beside the conversation are not part of it. */
  isAside(response: string): boolean;
}

type Hear = RealtimeSession['on'];

/** What the model's session tells becomes inputs of the agent's machine, words of the conversation, and events; until the returned function is called. */
export function hearModel(model: RealtimeSession, ears: Ears): () => void {
  const stops: (() => void)[] = [];
  const hear: Hear = (name, listener) => {
    const stop = model.on(name, listener);
    stops.push(stop);
    return stop;
  };
  hearCaller(hear, model, ears);
  hearGenerations(hear, model, ears);
  const { input, emit } = ears;
  hear('generation_call', ({ responseId, callId, name, args }) =>
    input({ t: 'call', response: responseId ?? '', call: callId, name, args }),
  );
  hear('generation_call_withdrawn', ({ callId }) => input({ t: 'withdrawn', call: callId }));
  hear('interrupted', ({ by, responseId }) => input({ t: 'model_interrupted', by, response: responseId }));
  hear('metrics_collected', (metrics) => emit('metrics_collected', metrics));
  hear('error', (error) => emit('error', error));
  return () => {
    for (const stop of stops) stop();
  };
}

function hearCaller(hear: Hear, model: RealtimeSession, { clock, conversation, input }: Ears): void {
  hear('input_speech_started', ({ turnId, itemId }) => {
    conversation.speechStarted(turnId, itemId);
    input({ t: 'speech', edge: 'start', turn: turnId, voiceEndedMs: 0 });
  });
  hear('input_speech_stopped', ({ turnId, atMs, discarded }) => {
    if (discarded) conversation.speechDiscarded(turnId);
    const edge = discarded ? 'discarded' : 'stop';
    input({ t: 'speech', edge, turn: turnId, voiceEndedMs: clock.now() - sinceVoiceMs(model, atMs) });
  });
  hear('input_audio_committed', ({ turnId, itemId }) => {
    conversation.committed(turnId, itemId, model.transcribes);
    input({ t: 'refresh' });
  });
  hear('input_audio_transcription_updated', (event) => conversation.transcribed(event, false));
  hear('input_audio_transcription_completed', (event) => conversation.transcribed(event, true));
  hear('input_audio_transcription_failed', ({ itemId }) => conversation.notTranscribed(itemId));
  hear('turn_unanswered', () => input({ t: 'refresh' }));
}

function hearGenerations(hear: Hear, { model: { provider } }: RealtimeSession, ears: Ears): void {
  const { conversation, speeches, input, audio, emit, isAside } = ears;
  hear('generation_created', ({ replyId, responseId, outOfBand, turnId, userInitiated }) => {
    if (!outOfBand) {
      const source = userInitiated ? 'generate_reply' : turnId === undefined ? 'wire' : 'turn';
      speeches.begin(replyId, source);
    }
    input({ t: 'generation', phase: 'created', reply: replyId, response: responseId, aside: outOfBand });
  });
  hear('generation_part', ({ phase, responseId, itemId, kind }) => {
    if (responseId === null) return;
    if (phase === 'started' && !isAside(responseId)) conversation.begun(itemId);
    input({ t: 'part', phase, response: responseId, item: itemId, kind });
  });
  hear('generation_audio', ({ responseId, itemId, part, pcm }) => {
    if (responseId !== null && itemId !== null) audio(responseId, itemId, part, pcm);
  });
  hear('generation_text', (event) => {
    if (event.responseId === null || !isAside(event.responseId)) conversation.said(event);
  });
  hear('generation_ended', ({ replyId, responseId, outcome, reason }) => {
    if (outcome === 'failed')
      emit('error', new ProviderError('reply_failed', reason || 'The model failed to answer', { provider }));
    input({ t: 'generation', phase: 'ended', reply: replyId, response: responseId, outcome });
  });
  hear('reply_failed', ({ replyId, error, asked }) => {
    // Whoever asked is told by its promise; what was interrupted is no news.
    if (!asked && error.vendorCode !== 'superseded') emit('error', error);
    input({ t: 'reply_failed', reply: replyId });
  });
}

/** The wire's position of the end of speech includes the window of silence that it waited for. */
function sinceVoiceMs({ silenceMs, inputMs }: RealtimeSession, atMs: Ms | undefined): Ms {
  return atMs === undefined ? silenceMs : Math.max(0, inputMs - atMs + silenceMs);
}

/** Every frame of the model's wire as an event; parsed when somebody reads it. */
export function tellFrames(model: RealtimeSession, emit: Ears['emit']): void {
  const tell = (direction: 'in' | 'out') => (raw: RawEvent) =>
    emit('realtime_event', {
      direction,
      frame: raw.frame,
      get event() {
        return raw.event;
      },
    });
  model.on('server_event_received', tell('in'));
  model.on('client_event_queued', tell('out'));
}
