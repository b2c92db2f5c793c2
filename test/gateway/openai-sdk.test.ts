import OpenAI, { AzureOpenAI } from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { GatewayOptions } from '../../src/gateway/index.js';
import { chunks, clinic, Stand, utterance } from './stand.js';

let stand: Stand | undefined;
let client: OpenAIRealtimeWS | undefined;

afterEach(async () => {
  client?.close();
  await stand?.close();
  stand = undefined;
  client = undefined;
});

interface Sdk {
  stand: Stand;
  client: OpenAIRealtimeWS;
  errors: unknown[];
}

/** The SDK forces `wss`, so the gateway makes a certificate and the SDK's socket is told to trust it. */
async function connected(options: Partial<GatewayOptions> = {}): Promise<Sdk> {
  stand = await Stand.open(clinic, { tls: true, apiKeys: ['sk-test'], ...options });
  const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${stand.gateway.httpUrl}/v1` });
  client = new OpenAIRealtimeWS({ model: 'gpt-realtime', options: { ca: stand.gateway.ca!.pem } }, openai);
  const errors: unknown[] = [];
  client.on('error', (error) => errors.push(error));
  await new Promise((resolve) => client?.once('session.created', resolve));
  return { stand, client, errors };
}

const tools = [
  {
    type: 'function' as const,
    name: 'opening_hours',
    description: 'When the clinic is open.',
    parameters: { type: 'object', properties: { day: { type: 'string' } } },
  },
];

describe('OpenAIRealtimeWS of the openai package, unmodified, over TLS', () => {
  it('speaks, calls a tool, cuts the answer off at what was heard, and goes on', async () => {
    const { stand, client, errors } = await connected();
    const deltas: string[] = [];
    client.on('response.output_audio.delta', (event) => deltas.push(event.item_id));
    client.on('response.function_call_arguments.done', (event) => {
      expect(JSON.parse(event.arguments)).toEqual({ day: 'tomorrow' });
      const output = JSON.stringify({ from: 'nine', to: 'five' });
      client.send({
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: event.call_id, output },
      });
      client.once('response.done', () => client.send({ type: 'response.create' }));
    });
    client.send({ type: 'session.update', session: { type: 'realtime', tools } });
    await stand.until('session.updated');
    for (const audio of chunks(utterance())) client.send({ type: 'input_audio_buffer.append', audio });
    await stand.until('response.created', 2);
    await stand.when(() =>
      stand.sent('response.output_audio_transcript.delta').some((e) => /five/.test(e.delta)),
    );

    const spoken = deltas.at(-1)!;
    for (const audio of chunks(utterance())) client.send({ type: 'input_audio_buffer.append', audio });
    await stand.until('input_audio_buffer.speech_started', 2);
    client.send({ type: 'conversation.item.truncate', item_id: spoken, content_index: 0, audio_end_ms: 250 });
    const cut = await stand.until('conversation.item.truncated');
    expect(cut).toMatchObject({ item_id: spoken, audio_end_ms: 250 });
    const cancelled = await stand.until('response.done', 2);
    expect(cancelled.response.status_details?.reason).toBe('turn_detected');
    const bye = await stand.until('response.done', 3);
    expect(bye.response.output[0]).toMatchObject({ content: [{ transcript: 'Goodbye.' }] });

    client.send({ type: 'conversation.item.retrieve', item_id: spoken });
    const { item } = await stand.until('conversation.item.retrieved');
    const [part] = item.type === 'message' && item.role === 'assistant' ? item.content : [];
    expect(part).toMatchObject({ type: 'output_audio', transcript: null });
    expect(part?.type === 'output_audio' && Buffer.from(part.audio ?? '', 'base64').length).toBe(48 * 250);
    expect(errors).toEqual([]);
  });

  it('manual turn: append, commit, response.create', async () => {
    const { stand, client, errors } = await connected();
    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: null } } },
    });
    for (const audio of chunks(utterance(600, 0))) client.send({ type: 'input_audio_buffer.append', audio });
    client.send({ type: 'input_audio_buffer.commit' });
    const { item_id } = await stand.until('input_audio_buffer.committed');
    client.send({ type: 'response.create' });
    const done = await stand.until('response.done');
    expect(done.response.output.map(({ type }) => type)).toContain('function_call');
    const heard = await stand.until('conversation.item.input_audio_transcription.completed');
    expect(heard).toMatchObject({ item_id, transcript: 'When do you open tomorrow?' });
    expect(stand.sent('input_audio_buffer.speech_started')).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('text turn, and an out-of-band response beside it that leaves no trace in the conversation', async () => {
    const { stand, client, errors } = await connected();
    client.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });
    client.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
    });
    client.send({ type: 'response.create' });
    const done = await stand.until('response.done');
    expect(done.response.output[0]).toMatchObject({
      content: [{ type: 'output_text', text: 'Let me look.' }],
    });
    const before = stand.sent('conversation.item.added').length;

    client.send({
      type: 'response.create',
      response: {
        conversation: 'none',
        metadata: { topic: 'mood' },
        output_modalities: ['text'],
        input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Is he angry?' }] }],
      },
    });
    const beside = await stand.until('response.done', 2);
    expect(beside.response).toMatchObject({ conversation_id: null, metadata: { topic: 'mood' } });
    expect(beside.response.status).toBe('completed');
    expect(stand.sent('conversation.item.added')).toHaveLength(before);
    expect(errors).toEqual([]);
  });

  it('items: retrieve with audio, delete, and errors that name the event', async () => {
    const { stand, client, errors } = await connected();
    for (const audio of chunks(utterance())) client.send({ type: 'input_audio_buffer.append', audio });
    const { item_id } = await stand.until('input_audio_buffer.committed');
    client.send({ type: 'conversation.item.retrieve', item_id });
    const { item } = await stand.until('conversation.item.retrieved');
    const [part] = item.type === 'message' && item.role === 'user' ? item.content : [];
    const bytes = part?.type === 'input_audio' ? Buffer.from(part.audio ?? '', 'base64') : Buffer.alloc(0);
    // Speech and the silence that ended it; the same bytes that were sent.
    expect(bytes.length).toBeGreaterThan(48 * 800);
    expect(Buffer.from(utterance().buffer).includes(bytes)).toBe(true);

    await stand.until('response.done');
    client.send({ type: 'conversation.item.delete', item_id });
    await stand.until('conversation.item.deleted');
    client.send({ type: 'conversation.item.delete', item_id, event_id: 'mine_1' });
    client.send({ type: 'response.cancel', event_id: 'mine_2' });
    client.send({ type: 'input_audio_buffer.clear' });
    client.send({ type: 'input_audio_buffer.commit', event_id: 'mine_3' });
    await stand.until('error', 3);
    expect(stand.sent('error').map(({ error }) => [error.event_id, error.code])).toEqual([
      ['mine_1', 'item_delete_invalid_item_id'],
      ['mine_2', 'response_cancel_not_active'],
      ['mine_3', 'input_audio_buffer_commit_empty'],
    ]);
    while (errors.length < 3) await new Promise((resolve) => client.once('error', resolve));
  });

  it('a client secret opens a session with the configuration that was stored in it', async () => {
    stand = await Stand.open(clinic, { apiKeys: ['sk-test'] });
    const openai = new OpenAI({ apiKey: 'sk-test', baseURL: `${stand.gateway.httpUrl}/v1` });
    const secret = await openai.realtime.clientSecrets.create({
      expires_after: { anchor: 'created_at', seconds: 60 },
      session: { type: 'realtime', instructions: 'Be stored.', audio: { output: { speed: 1.2 } } },
    });
    expect(secret.value).toMatch(/^ek_\w{21}$/);
    expect(secret.session).toMatchObject({ type: 'realtime', instructions: 'Be stored.' });
    const browser = new WebSocket(stand.url, ['realtime', `openai-insecure-api-key.${secret.value}`]);
    await new Promise((resolve) => browser.once('message', resolve));
    const created = await stand.until('session.created');
    expect(created.session).toMatchObject({ instructions: 'Be stored.', audio: { output: { speed: 1.2 } } });
    expect(browser.protocol).toBe('realtime');
    browser.close();
  });

  it('AzureOpenAI: its path and its key header', async () => {
    stand = await Stand.open(clinic, { tls: true, apiKeys: ['azure-key'] });
    const azure = new AzureOpenAI({
      apiKey: 'azure-key',
      endpoint: stand.gateway.httpUrl,
      deployment: 'my-deployment',
      apiVersion: '2025-08-28',
    });
    client = await OpenAIRealtimeWS.azure(azure, { options: { ca: stand.gateway.ca!.pem } });
    await new Promise((resolve) => client?.once('session.created', resolve));
    const { session } = await stand.until('session.created');
    expect(session).toMatchObject({ model: 'my-deployment' });
  });
});
