import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { afterEach, describe, expect, it } from 'vitest';
import type { Socket } from '../../src/core/index.js';
import { linkedPair } from '../../src/net/index.js';
import { RealtimeModel } from '../../src/providers/openai/index.js';
import { recordedModel } from '../../src/testing/index.js';
import { assertClientEvent } from '../schemas/openai.js';
import { type Json, readTrace } from '../wire/openai/client-harness.js';
import { RawClient } from './raw-client.js';
import { clinic, Stand } from './stand.js';

let stand: Stand | undefined;
let client: OpenAIRealtimeWS | undefined;

afterEach(async () => {
  client?.close();
  await stand?.close();
  stand = undefined;
  client = undefined;
});

const docs = {
  type: 'mcp' as const,
  server_label: 'docs',
  server_url: 'https://mcp.example/sse',
  authorization: 'sk-hush',
  require_approval: 'always' as const,
};

/** The vendor's server as the trace has it: it says its lines until the trace wants to hear something, and waits for that. */
class Vendor {
  readonly heard: Json[] = [];
  readonly #socket: Socket;
  readonly #lines = readTrace('mcp').filter(({ s, c }) => s !== undefined || c !== undefined);
  #request: Json = {};
  #waitsFor: unknown;
  #opened = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.onClose(() => {});
    socket.onFrame((frame) => this.#hear(JSON.parse(String(frame))));
    this.#play();
  }

  #hear(event: Json): void {
    assertClientEvent(event);
    this.heard.push(event);
    if (event.type === 'response.create') this.#request = (event.response ?? {}) as Json;
    // The gateway's own opening comes before what its client wants.
    if (event.type === 'session.update' && !this.#opened) {
      this.#opened = true;
      this.#send(this.#lines.find(({ s }) => s?.type === 'session.updated')!.s!);
      return;
    }
    if (event.type !== this.#waitsFor) return;
    this.#waitsFor = undefined;
    this.#play();
  }

  #play(): void {
    for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
      if (line.s !== undefined) this.#send(line.s);
      else {
        this.#waitsFor = line.c?.type;
        return;
      }
    }
  }

  #send(event: Json): void {
    const response = event.response as Json | undefined;
    const asked = { ...event, response: { ...response, metadata: this.#request.metadata } };
    const { item } = (this.heard.find(({ type }) => type === 'conversation.item.create') ?? {}) as Json;
    const id = String((item as Json | undefined)?.id);
    const text = JSON.stringify(response === undefined ? event : asked);
    this.#socket.send(text.replaceAll('"item_1"', JSON.stringify(id)));
  }
}

describe('hosted tools behind the gateway, by the openai package', () => {
  it('lists, asks, is allowed to, fails once, answers; the key of the tool server is shown to nobody', async () => {
    let vendor: Vendor | undefined;
    const model = recordedModel(
      new RealtimeModel({
        apiKey: 'k',
        turnDetection: null,
        connect: async () => {
          const [near, far] = linkedPair();
          vendor = new Vendor(far);
          return near;
        },
      }),
    );
    stand = await Stand.open(clinic, { tls: true, model });
    const openai = new OpenAI({ apiKey: 'any', baseURL: `${stand.gateway.httpUrl}/v1` });
    client = new OpenAIRealtimeWS({ model: 'gpt-realtime', options: { ca: stand.gateway.ca!.pem } }, openai);
    const failed: unknown[] = [];
    client.on('error', (error) => failed.push(error));
    client.on('mcp_list_tools.failed', ({ item_id }) => failed.push(item_id));
    await new Promise((resolve) => client?.once('session.created', resolve));

    client.send({ type: 'session.update', session: { type: 'realtime', tools: [docs] } });
    await stand.until('mcp_list_tools.failed');
    expect(stand.sent('conversation.item.done')[0]).toMatchObject({
      item: { type: 'mcp_list_tools', server_label: 'docs', tools: [{ name: 'search' }] },
    });
    client.send({ type: 'response.create' });
    await stand.until('response.done');
    client.send({
      type: 'conversation.item.create',
      item: {
        type: 'mcp_approval_response',
        id: 'my_answer',
        approval_request_id: 'mcpr_1',
        approve: true,
      },
    });
    client.send({ type: 'response.create' });
    const { response } = await stand.until('response.done', 2);
    expect(response.output).toMatchObject([
      { type: 'mcp_call', id: 'mcp_1', error: { type: 'http_error', code: 503 } },
      { type: 'mcp_call', id: 'mcp_2', output: 'Green tea.' },
    ]);
    expect(stand.sent('response.mcp_call.failed')).toMatchObject([{ item_id: 'mcp_1', output_index: 0 }]);
    expect(stand.sent('response.mcp_call.completed')).toMatchObject([{ item_id: 'mcp_2', output_index: 1 }]);
    expect(stand.sent('response.mcp_call_arguments.done').map((event) => event.arguments)).toEqual([
      '{"q":"tea"}',
      '{"q":"teas"}',
    ]);
    expect(stand.sent('conversation.item.added').map(({ item }) => item.id)).toContain('my_answer');
    expect(failed).toEqual(['mcpl_2']);

    const asked = vendor!.heard.filter(({ type }) => type === 'session.update').at(-1);
    expect(asked).toMatchObject({ session: { tools: [docs] } });
    const shown = stand.seen.filter(({ direction }) => direction === 'out');
    expect(JSON.stringify(shown)).not.toContain('hush');
    client.close();
    model.assertLegal();
  });

  it('a client secret that holds them shows no key, and its sessions list them', async () => {
    stand = await Stand.open(clinic, { apiKeys: ['sk-test'] });
    const answer = await fetch(`${stand.gateway.httpUrl}/v1/realtime/client_secrets`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-test' },
      body: JSON.stringify({ session: { type: 'realtime', tools: [docs] } }),
    });
    const text = await answer.text();
    expect(text).not.toContain('hush');
    const secret: { value: string; session: object } = JSON.parse(text);
    expect(secret.session).toMatchObject({ tools: [{ type: 'mcp', server_label: 'docs' }] });
    const raw = await RawClient.open(`${stand.gateway.url}/v1/realtime`, {
      headers: { authorization: `Bearer ${secret.value}` },
    });
    await raw.until('mcp_list_tools.failed');
    expect(JSON.stringify(raw.events)).not.toContain('hush');
    raw.close();
  });

  it('a model that runs none: the list fails, and the session goes on', async () => {
    stand = await Stand.open(clinic, { tls: true });
    const openai = new OpenAI({ apiKey: 'any', baseURL: `${stand.gateway.httpUrl}/v1` });
    client = new OpenAIRealtimeWS({ model: 'gpt-realtime', options: { ca: stand.gateway.ca!.pem } }, openai);
    client.on('error', () => {});
    await new Promise((resolve) => client?.once('session.created', resolve));
    client.send({ type: 'session.update', session: { type: 'realtime', tools: [docs] } });
    await stand.until('mcp_list_tools.failed');
    client.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Goodbye.' }] },
    });
    client.send({ type: 'response.create', response: { output_modalities: ['text'] } });
    await stand.until('response.done');
    expect(stand.sent('error')).toEqual([]);
  });
});
