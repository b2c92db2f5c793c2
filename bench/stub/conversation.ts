import type { WebSocket } from 'ws';
import { LineRecorder } from '../measure/line.js';
import { sampleRateHz } from '../messages.js';

type ClientEvent = {
  type: string;
  audio?: string;
  item?: { id?: string };
  item_id?: string;
  audio_end_ms?: number;
};

/**
 * No two things have one name, as with a real server. If each session counted for itself, all would name their first answer
 * alike, and engines take a key that is always the same for a constant: until the second answer, where they begin again.
 */
let named = 0;

/** One session of the stub: the GA wire's orders, no thought. Only its audio is to the point. */
export class Conversation {
  readonly received = new LineRecorder();
  readonly sent = new LineRecorder();
  #response = '';
  #item = '';

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => this.#take(JSON.parse(data.toString()) as ClientEvent));
    socket.on('error', () => {});
    this.#send({ type: 'session.created', session: session() });
  }

  reset(): void {
    this.sent.reset();
    this.received.reset();
  }

  /** The user said something and the answer begins. */
  begin(): void {
    const user = this.#id('item');
    this.#send({ type: 'input_audio_buffer.speech_started', audio_start_ms: 0, item_id: user });
    this.#send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: 400, item_id: user });
    this.#send({ type: 'input_audio_buffer.committed', previous_item_id: null, item_id: user });
    const userItem = {
      id: user,
      object: 'realtime.item',
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_audio', transcript: null }],
    };
    this.#send({ type: 'conversation.item.added', previous_item_id: null, item: userItem });
    this.#send({ type: 'conversation.item.done', previous_item_id: null, item: userItem });
    this.#response = this.#id('resp');
    this.#item = this.#id('item');
    this.#send({ type: 'response.created', response: this.#responseObject('in_progress') });
    const item = this.#answerItem('in_progress');
    this.#send({ type: 'response.output_item.added', response_id: this.#response, output_index: 0, item });
    this.#send({ type: 'conversation.item.added', previous_item_id: user, item });
    this.#part('response.content_part.added', { part: { type: 'audio', transcript: '' } });
    this.#part('response.output_audio_transcript.delta', { delta: 'Well' });
  }

  speak(samples: number, base64: string): void {
    this.sent.add(samples);
    this.#part('response.output_audio.delta', { delta: base64 });
  }

  end(): void {
    this.#part('response.output_audio.done', {});
    this.#part('response.output_audio_transcript.done', { transcript: 'Well' });
    this.#part('response.content_part.done', { part: { type: 'audio', transcript: 'Well' } });
    const item = this.#answerItem('completed');
    this.#send({ type: 'response.output_item.done', response_id: this.#response, output_index: 0, item });
    this.#send({ type: 'conversation.item.done', previous_item_id: null, item });
    this.#send({ type: 'response.done', response: this.#responseObject('completed') });
    this.#response = '';
  }

  #take(event: ClientEvent): void {
    switch (event.type) {
      case 'input_audio_buffer.append':
        this.received.add(base64Samples(event.audio ?? ''));
        return;
      case 'session.update':
        this.#send({ type: 'session.updated', session: session() });
        return;
      case 'conversation.item.create': {
        const item = { object: 'realtime.item', status: 'completed', ...event.item };
        item.id ??= this.#id('item');
        this.#send({ type: 'conversation.item.added', previous_item_id: null, item });
        this.#send({ type: 'conversation.item.done', previous_item_id: null, item });
        return;
      }
      case 'conversation.item.delete':
        this.#send({ type: 'conversation.item.deleted', item_id: event.item_id });
        return;
      case 'conversation.item.truncate':
        this.#send({
          type: 'conversation.item.truncated',
          item_id: event.item_id,
          content_index: 0,
          audio_end_ms: event.audio_end_ms,
        });
        return;
      case 'input_audio_buffer.clear':
        this.#send({ type: 'input_audio_buffer.cleared' });
        return;
      default:
        return;
    }
  }

  #part(type: string, more: Record<string, unknown>): void {
    this.#send({
      type,
      response_id: this.#response,
      item_id: this.#item,
      output_index: 0,
      content_index: 0,
      ...more,
    });
  }

  #send(event: Record<string, unknown>): void {
    this.socket.send(JSON.stringify({ event_id: this.#id('event'), ...event }));
  }

  #responseObject(status: string): Record<string, unknown> {
    return {
      object: 'realtime.response',
      id: this.#response,
      status,
      status_details: null,
      output: status === 'completed' ? [this.#answerItem(status)] : [],
      conversation_id: 'conv_bench',
      output_modalities: ['audio'],
      max_output_tokens: 'inf',
      audio: { output: { format: { type: 'audio/pcm', rate: sampleRateHz }, voice: 'marin' } },
      usage: status === 'completed' ? usage : null,
      metadata: null,
    };
  }

  #answerItem(status: string): Record<string, unknown> {
    return {
      id: this.#item,
      object: 'realtime.item',
      type: 'message',
      status,
      role: 'assistant',
      content: status === 'completed' ? [{ type: 'output_audio', transcript: 'Well' }] : [],
    };
  }

  #id(kind: string): string {
    named += 1;
    return `${kind}_bench${String(named).padStart(12, '0')}`;
  }
}

function base64Samples(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return ((text.length / 4) * 3 - padding) / 2;
}

const usage = {
  total_tokens: 40,
  input_tokens: 20,
  output_tokens: 20,
  input_token_details: { text_tokens: 10, audio_tokens: 10, image_tokens: 0, cached_tokens: 0 },
  output_token_details: { text_tokens: 5, audio_tokens: 15 },
};

function session(): Record<string, unknown> {
  const format = { type: 'audio/pcm', rate: sampleRateHz };
  return {
    type: 'realtime',
    object: 'realtime.session',
    id: 'sess_bench0000000000000001',
    model: 'bench',
    output_modalities: ['audio'],
    instructions: 'Answer.',
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    tracing: null,
    prompt: null,
    expires_at: Math.floor(Date.now() / 1000) + 3600,
    audio: {
      input: {
        format,
        transcription: null,
        noise_reduction: null,
        turn_detection: {
          type: 'server_vad',
          threshold: 0.5,
          prefix_padding_ms: 300,
          silence_duration_ms: 200,
          idle_timeout_ms: null,
          create_response: true,
          interrupt_response: true,
        },
      },
      output: { format, voice: 'marin', speed: 1 },
    },
    include: null,
  };
}
