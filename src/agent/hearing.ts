import { byId, type Listeners, type Ms, ProviderError } from '../core/index.js';
import type { RawEvent, RealtimeEvents, RealtimeSession } from '../realtime/index.js';
import type { CallsOf } from './agents/calls-of.js';
import type { SessionHost } from './session-host.js';

/**
 * What the model's session tells becomes inputs of the agent's machine, words of the conversation, and events. An object
 * to be attached, so that hearing costs a session no closures.
 */
export class ModelEars implements Listeners<RealtimeEvents> {
  readonly #model: RealtimeSession;
  readonly #to: SessionHost;
  readonly #calls: CallsOf;

  constructor(model: RealtimeSession, to: SessionHost, calls: CallsOf) {
    this.#model = model;
    this.#to = to;
    this.#calls = calls;
  }

  input_speech_started(event: RealtimeEvents['input_speech_started']): void {
    this.#to.listening().speechStarted(event);
  }

  input_speech_stopped(event: RealtimeEvents['input_speech_stopped']): void {
    const voiceEndedMs = this.#to.clock.now() - sinceVoiceMs(this.#model, event.atMs);
    this.#to.listening().speechStopped(event, voiceEndedMs);
  }

  input_audio_committed(event: RealtimeEvents['input_audio_committed']): void {
    this.#to.listening().committed(event);
  }

  input_audio_transcription_updated(event: RealtimeEvents['input_audio_transcription_updated']): void {
    this.#to.listening().transcribed(event, false);
  }

  input_audio_transcription_completed(event: RealtimeEvents['input_audio_transcription_completed']): void {
    this.#to.listening().transcribed(event, true);
  }

  input_audio_transcription_failed(event: RealtimeEvents['input_audio_transcription_failed']): void {
    this.#to.listening().notTranscribed(event);
  }

  turn_unanswered(): void {
    this.#to.input({ t: 'refresh' });
  }

  generation_created(event: RealtimeEvents['generation_created']): void {
    const { replyId, responseId, outOfBand, turnId, userInitiated } = event;
    const { speeches, speaking, input } = this.#to;
    if (!outOfBand) {
      const source = userInitiated ? 'generate_reply' : turnId === undefined ? 'wire' : 'turn';
      speeches.begin(replyId, source);
      speaking.begins(replyId, responseId);
      if (!userInitiated) this.#to.evidence?.({ t: 'reply', atMs: this.#to.clock.now() });
    }
    input({ t: 'generation', phase: 'created', reply: replyId, response: responseId, aside: outOfBand });
  }

  generation_part(event: RealtimeEvents['generation_part']): void {
    const { phase, responseId, itemId, kind } = event;
    if (responseId === null) return;
    const { conversation, speeches, speaking, input } = this.#to;
    if (phase === 'started' && !this.#isAside(responseId)) {
      const speech = speeches.get(byId(this.#to.state.responses, responseId)?.reply ?? '');
      if (speech?.addToChatCtx !== false) conversation.begun(itemId);
      speech?.became(itemId);
    }
    const taken = speaking.dub.takes(event);
    input({ t: 'part', phase, response: responseId, item: itemId, kind: taken ?? kind });
    if (taken !== undefined) speaking.dub.part(event);
  }

  generation_audio({ responseId, itemId, part, pcm }: RealtimeEvents['generation_audio']): void {
    if (responseId !== null && itemId !== null) this.#to.play(responseId, itemId, part, pcm);
  }

  generation_text(event: RealtimeEvents['generation_text']): void {
    if (event.responseId !== null && this.#isAside(event.responseId)) return;
    this.#to.speaking.said(event);
  }

  generation_ended(event: RealtimeEvents['generation_ended']): void {
    const { replyId, responseId, outcome, reason, calls, again = false } = event;
    const lost = reason === 'connection_lost' && outcome !== 'completed';
    // Of a lost one that goes on, here or after its tools, or was cut before, nothing is missed.
    const isMissed =
      !again && !(lost && (calls > 0 || byId(this.#to.state.responses, responseId)?.cut === true));
    if (outcome === 'failed' && isMissed) {
      const { provider } = this.#model.model;
      this.#to.emit(
        'error',
        new ProviderError('reply_failed', reason || 'The model failed to answer', { provider }),
      );
    }
    const isAskedAgain = this.#to.speaking.ended(event);
    const ended = { reply: replyId, response: responseId, outcome, again: again || isAskedAgain, lost };
    this.#to.input({ t: 'generation', phase: 'ended', ...ended });
  }

  reply_failed({ replyId, error, asked }: RealtimeEvents['reply_failed']): void {
    // Whoever asked is told by its promise; what was interrupted is no news.
    const isNews = error.vendorCode !== 'superseded';
    if (isNews) this.#to.speeches.failed(replyId, error);
    if (!asked && isNews) this.#to.emit('error', error);
    this.#to.input({ t: 'reply_failed', reply: replyId });
  }

  generation_call({ responseId, callId, name, args }: RealtimeEvents['generation_call']): void {
    this.#calls.asked(callId);
    const plan = this.#to.toolDesk.plan(name, args);
    this.#to.input({ t: 'call', response: responseId ?? '', call: callId, name, args, plan });
  }

  mcp_approval_requested(event: RealtimeEvents['mcp_approval_requested']): void {
    this.#to.toolDesk.hosted.asked(event);
  }

  generation_call_withdrawn({ callId }: RealtimeEvents['generation_call_withdrawn']): void {
    this.#calls.closed(callId);
    this.#to.input({ t: 'withdrawn', call: callId });
  }

  interrupted({ by, responseId }: RealtimeEvents['interrupted']): void {
    this.#to.input({ t: 'model_interrupted', by, response: responseId });
  }

  session_reconnected(event: RealtimeEvents['session_reconnected']): void {
    this.#to.emit('session_reconnected', event);
  }

  session_retrying(event: RealtimeEvents['session_retrying']): void {
    this.#to.emit('session_retrying', event);
  }

  dead_air(event: RealtimeEvents['dead_air']): void {
    this.#to.emit('dead_air', event);
  }

  metrics_collected(metrics: RealtimeEvents['metrics_collected']): void {
    this.#to.emit('metrics_collected', metrics);
  }

  error(error: RealtimeEvents['error']): void {
    this.#to.emit('error', error);
  }

  closed({ message, error }: RealtimeEvents['closed']): void {
    this.#to.modelClosed(message, error);
  }

  /** Responses beside the conversation are not part of it. */
  #isAside(response: string): boolean {
    return byId(this.#to.state.responses, response)?.aside === true;
  }
}

/** The wire's position of the end of speech includes the window of silence that it waited for. */
function sinceVoiceMs({ silenceMs, inputMs }: RealtimeSession, atMs: Ms | undefined): Ms {
  return atMs === undefined ? silenceMs : Math.max(0, inputMs - atMs + silenceMs);
}

/** Every frame of the model's wire as an event; parsed when somebody reads it. The result ends it. */
export function tellFrames(model: RealtimeSession, emit: SessionHost['emit']): () => void {
  const tell = (direction: 'in' | 'out') => (raw: RawEvent) =>
    emit('realtime_event', {
      direction,
      frame: raw.frame,
      get event() {
        return raw.event;
      },
    });
  const offs = [model.on('server_event_received', tell('in')), model.on('client_event_queued', tell('out'))];
  return () => {
    for (const off of offs) off();
  };
}
