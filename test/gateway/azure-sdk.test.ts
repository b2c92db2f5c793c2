import OpenAI, { AzureOpenAI } from 'openai';
import { OpenAIRealtimeWS as BetaWS } from 'openai/beta/realtime/ws';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { afterEach, describe, expect, it } from 'vitest';
import { chunks, clinic, Stand, utterance } from './stand.js';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

type Json = Record<string, unknown>;

/** What both helpers have, with events of either dialect. */
interface Client {
  send(event: Json): void;
  close(): void;
  on(name: 'event' | 'error', listener: (event: unknown) => void): unknown;
}

/** A helper of the SDK as a caller: sends, and waits for what comes. */
class Caller {
  readonly events: Json[] = [];
  readonly errors: unknown[] = [];
  #waiting: (() => void)[] = [];

  constructor(
    readonly client: Client,
    readonly stand: Stand,
  ) {
    client.on('event', (event) => {
      this.events.push(event as Json);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    client.on('error', (error) => this.errors.push(error));
    closers.push(() => client.close());
  }

  of(type: string): Json[] {
    return this.events.filter((event) => event.type === type);
  }

  async until(type: string, count = 1): Promise<Json> {
    await this.when(() => this.of(type).length >= count);
    return this.of(type)[count - 1]!;
  }

  async when(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  speak(): void {
    for (const audio of chunks(utterance())) this.client.send({ type: 'input_audio_buffer.append', audio });
  }
}

const keys = ['azure-key'];

function azureOptions(stand: Stand) {
  return {
    endpoint: stand.gateway.httpUrl,
    deployment: 'my-deployment',
    apiVersion: '2025-04-01-preview',
  };
}

async function opened(dialect: 'ga' | 'beta'): Promise<Stand> {
  const stand = await Stand.open(clinic, { tls: true, apiKeys: keys }, dialect);
  closers.push(() => stand.close());
  return stand;
}

const socket = (stand: Stand) => ({ options: { ca: stand.gateway.ca!.pem } });

const helpers: [string, 'ga' | 'beta', (stand: Stand) => Promise<unknown>][] = [
  [
    'AzureOpenAI, GA helper, key',
    'ga',
    (stand) =>
      OpenAIRealtimeWS.azure(new AzureOpenAI({ ...azureOptions(stand), apiKey: 'azure-key' }), socket(stand)),
  ],
  [
    'AzureOpenAI, GA helper, Entra token',
    'ga',
    (stand) =>
      OpenAIRealtimeWS.azure(
        new AzureOpenAI({ ...azureOptions(stand), azureADTokenProvider: async () => 'azure-key' }),
        socket(stand),
      ),
  ],
  [
    'AzureOpenAI, beta helper, key',
    'beta',
    (stand) => BetaWS.azure(new AzureOpenAI({ ...azureOptions(stand), apiKey: 'azure-key' }), socket(stand)),
  ],
  [
    'AzureOpenAI, beta helper, Entra token',
    'beta',
    (stand) =>
      BetaWS.azure(
        new AzureOpenAI({ ...azureOptions(stand), azureADTokenProvider: async () => 'azure-key' }),
        socket(stand),
      ),
  ],
  [
    'OpenAI, beta helper',
    'beta',
    async (stand) =>
      new BetaWS(
        { model: 'my-deployment', ...socket(stand) },
        new OpenAI({ apiKey: 'azure-key', baseURL: `${stand.gateway.httpUrl}/v1` }),
      ),
  ],
];

const tools = [
  {
    type: 'function',
    name: 'opening_hours',
    description: 'When the clinic is open.',
    parameters: { type: 'object', properties: { day: { type: 'string' } } },
  },
];

const words = {
  ga: {
    update: { type: 'realtime', tools, audio: { input: { transcription: { model: 'whisper-1' } } } },
    audio: 'response.output_audio.delta',
    transcript: 'response.output_audio_transcript.delta',
    item: 'conversation.item.done',
    text: 'output_text',
    textOnly: { output_modalities: ['text'] },
  },
  beta: {
    update: { tools, input_audio_transcription: { model: 'whisper-1' }, temperature: 0.7 },
    audio: 'response.audio.delta',
    transcript: 'response.audio_transcript.delta',
    item: 'conversation.item.created',
    text: 'text',
    textOnly: { modalities: ['text'] },
  },
};

describe.each(helpers)('%s, unmodified, over TLS', (_name, dialect, connect) => {
  it('speaks, calls a tool, cuts the answer off at what was heard, and goes on', async () => {
    const stand = await opened(dialect);
    const caller = new Caller((await connect(stand)) as Client, stand);
    const { client } = caller;
    const its = words[dialect];
    expect(await caller.until('session.created')).toMatchObject({ session: { model: 'my-deployment' } });
    client.send({ type: 'session.update', session: its.update });
    await caller.until('session.updated');

    caller.speak();
    const call = await caller.until('response.function_call_arguments.done');
    expect(JSON.parse(String(call.arguments))).toEqual({ day: 'tomorrow' });
    expect(await caller.until('conversation.item.input_audio_transcription.completed')).toMatchObject({
      transcript: 'When do you open tomorrow?',
    });
    await caller.until('response.done');
    const output = JSON.stringify({ from: 'nine', to: 'five' });
    client.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: call.call_id, output },
    });
    client.send({ type: 'response.create' });
    await caller.when(() => caller.of(its.transcript).some(({ delta }) => /five/.test(String(delta))));

    const spoken = caller.of(its.audio).at(-1)!.item_id;
    caller.speak();
    await caller.until('input_audio_buffer.speech_started', 2);
    client.send({ type: 'conversation.item.truncate', item_id: spoken, content_index: 0, audio_end_ms: 250 });
    expect(await caller.until('conversation.item.truncated')).toMatchObject({
      item_id: spoken,
      audio_end_ms: 250,
    });
    expect(await caller.until('response.done', 2)).toMatchObject({
      response: { status: 'cancelled', status_details: { reason: 'turn_detected' } },
    });
    const audioPart = dialect === 'ga' ? 'output_audio' : 'audio';
    expect(await caller.until('response.done', 3)).toMatchObject({
      response: {
        status: 'completed',
        output: [{ content: [{ type: audioPart, transcript: 'Goodbye.' }] }],
      },
    });
    expect(caller.errors).toEqual([]);
  });

  it('text, history and refusals in its own words', async () => {
    const stand = await opened(dialect);
    const caller = new Caller((await connect(stand)) as Client, stand);
    const { client } = caller;
    const its = words[dialect];
    await caller.until('session.created');
    client.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'assistant', content: [{ type: its.text, text: 'Welcome.' }] },
    });
    expect(await caller.until(its.item)).toMatchObject({ item: { content: [{ type: its.text }] } });
    client.send({ type: 'response.create', response: its.textOnly });
    expect(await caller.until('response.done')).toMatchObject({
      response: { ...its.textOnly, output: [{ content: [{ type: its.text }] }] },
    });

    const bad =
      dialect === 'ga'
        ? {
            type: 'realtime',
            audio: { input: { turn_detection: { type: 'server_vad', prefix_padding_ms: 700_000 } } },
          }
        : { turn_detection: { type: 'server_vad', prefix_padding_ms: 700_000 } };
    client.send({ type: 'session.update', event_id: 'mine', session: bad });
    const param =
      dialect === 'ga'
        ? 'session.audio.input.turn_detection.prefix_padding_ms'
        : 'session.turn_detection.prefix_padding_ms';
    const { error } = await caller.until('error');
    expect(error).toMatchObject({ event_id: 'mine', param, code: 'invalid_value' });
    expect((error as { message: string }).message).toContain(`'${param}'`);
  });
});
