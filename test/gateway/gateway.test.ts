import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { scriptedModel } from '../../src/cascade/index.js';
import { ConnectionError, ProviderError, type ReparteeError } from '../../src/core/index.js';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/index.js';
import type { Dialler } from '../../src/realtime/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { RawClient } from './raw-client.js';

let gateway: Gateway | undefined;
const clients: RawClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await gateway?.close();
  gateway = undefined;
});

const model = scriptedModel({ turns: [{ says: 'Yes.' }] });

/** The model with another way to its links. */
const failing = (dial: Dialler['dial']): Dialler => ({ ...model, dial });

async function start(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
  gateway = await createGateway({ model, ...options });
  return gateway;
}

async function dial(path = '/v1/realtime', options = {}, protocols: string[] = []): Promise<RawClient> {
  const client = await RawClient.open(`${gateway?.url}${path}`, options, protocols);
  clients.push(client);
  return client;
}

describe('who may come in', () => {
  const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

  it.each([
    ['Authorization', '/v1/realtime', bearer('sk-1'), []],
    ['a second key', '/v1/realtime', bearer('sk-2'), []],
    ['api-key header', '/openai/v1/realtime?model=m', { headers: { 'api-key': 'sk-1' } }, []],
    ['api-key in the query', '/openai/v1/realtime?api-key=sk-1', {}, []],
    [
      'the browser’s subprotocol',
      '/v1/realtime?model=m',
      {},
      ['realtime', 'openai-insecure-api-key.sk-1', 'openai-agents-sdk.0.20.0'],
    ],
  ])('%s', async (_name, path, options, protocols) => {
    await start({ apiKeys: ['sk-1', 'sk-2'] });
    const client = await dial(path, options, protocols);
    await client.until('session.created');
    expect(client.ws.protocol).toBe(protocols.length > 0 ? 'realtime' : '');
  });

  it.each([
    ['a wrong key', bearer('sk-x')],
    ['no key', {}],
    ['an empty key', { headers: { 'api-key': '' } }],
    ['a prefix of the key', bearer('sk-')],
  ])('%s → 101, error, close 3000', async (_name, options) => {
    await start({ apiKeys: ['sk-1'] });
    const client = await dial('/v1/realtime', options);
    client.send({ type: 'response.create' });
    expect(await client.closed).toEqual({ code: 3000, reason: 'invalid_request_error.invalid_api_key' });
    expect(client.events.map(({ type }) => type)).toEqual(['error']);
    expect(client.events[0]).toMatchObject({ error: { code: 'invalid_api_key', event_id: null } });
    expect(JSON.stringify(client.events)).not.toContain('sk-');
  });

  it('an unknown model → close 4004, where names are listed', async () => {
    await start({ modelNames: ['gpt-realtime'] });
    const client = await dial('/v1/realtime?model=gpt-nothing');
    expect(await client.closed).toEqual({ code: 4004, reason: 'invalid_request_error.model_not_found' });
    const known = await dial('/v1/realtime?model=gpt-realtime');
    expect((await known.until('session.created')).session).toMatchObject({ model: 'gpt-realtime' });
  });

  it.each([
    ['a transcription session', '/v1/realtime?intent=transcription', {}, 'unsupported_session'],
    ['a sideband', '/v1/realtime?call_id=rtc_1', {}, 'unsupported_session'],
  ])('%s → close 4000', async (_name, path, options, code) => {
    await start();
    const client = await dial(path, options);
    expect(await client.closed).toEqual({ code: 4000, reason: `invalid_request_error.${code}` });
    expect(client.events).toMatchObject([{ type: 'error', error: { code } }]);
  });

  it.each([
    ['a wrong key', '/openai/v1/realtime?model=d', { headers: { 'api-key': 'sk-x' } }],
    ['no key', '/openai/v1/realtime?model=d', {}],
    [
      'a wrong key in the query',
      '/openai/realtime?deployment=d&api-version=2025-04-01-preview&api-key=sk-x',
      {},
    ],
    ['a wrong token', '/openai/realtime?deployment=d', bearer('sk-x')],
  ])('Azure: %s at %s → HTTP 401, no socket', async (_name, path, options) => {
    await start({ apiKeys: ['sk-1'] });
    await expect(dial(path, options)).rejects.toThrow('HTTP 401');
  });

  it.each([
    ['GA', '/v1/realtime?model=m', {}, [], 'ga', 3600],
    [
      'the beta header',
      '/v1/realtime?model=m',
      { headers: { 'openai-beta': 'realtime=v1' } },
      [],
      'beta',
      3600,
    ],
    [
      'the beta subprotocol',
      '/v1/realtime?model=m',
      {},
      ['realtime', 'openai-beta.realtime-v1'],
      'beta',
      3600,
    ],
    ['Azure', '/openai/v1/realtime?model=m', {}, [], 'ga', 1800],
    ['Azure preview', '/openai/realtime?api-version=2024-10-01-preview&deployment=m', {}, [], 'beta', 1800],
  ])(
    '%s: its own dialect and length of a session',
    async (_name, path, options, protocols, dialect, seconds) => {
      const clock = new FakeClock();
      await start({ clock });
      const client = await dial(path, options, protocols);
      const { session } = await client.until('session.created');
      expect(session).toMatchObject(
        dialect === 'ga'
          ? { type: 'realtime', output_modalities: ['audio'] }
          : { modalities: ['text', 'audio'], input_audio_format: 'pcm16', temperature: 0.8 },
      );
      expect(session).toMatchObject({ model: 'm', expires_at: Math.floor(clock.wallNow() / 1000) + seconds });
      await clock.advance(seconds * 1000);
      expect(await client.closed).toMatchObject({ code: 1001 });
    },
  );

  it.each([
    ['a page of elsewhere', 'https://evil.example', 403],
    ['a broken origin', 'null', 403],
    ['a page of this machine', 'http://localhost:5173', 101],
    ['a page of this machine by number', 'http://127.0.0.1:3000', 101],
  ])('without keys, %s → %s', async (_name, origin, status) => {
    await start();
    const opened = dial('/v1/realtime', { origin });
    if (status === 101) await (await opened).until('session.created');
    else await expect(opened).rejects.toThrow(`HTTP ${status}`);
  });

  it('with keys, any page may come that has one', async () => {
    await start({ apiKeys: ['sk-1'] });
    const client = await dial('/v1/realtime', { origin: 'https://app.example', ...bearer('sk-1') });
    await client.until('session.created');
  });

  it('a client secret opens sessions until it expires; one does not make another', async () => {
    const clock = new FakeClock();
    const { httpUrl } = await start({ apiKeys: ['sk-1'], clock });
    const ask = (key: string, body: unknown) =>
      fetch(`${httpUrl}/v1/realtime/client_secrets`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      });
    const answer = await ask('sk-1', { expires_after: { anchor: 'created_at', seconds: 10 } });
    expect(answer.status).toBe(200);
    const secret = (await answer.json()) as { value: string; expires_at: number };
    expect(secret.expires_at).toBe(Math.floor(clock.wallNow() / 1000) + 10);
    expect((await ask(secret.value, {})).status).toBe(401);
    expect((await ask('sk-x', {})).status).toBe(401);

    const early = await dial('/v1/realtime', bearer(secret.value));
    await early.until('session.created');
    await clock.advance(11_000);
    const late = await dial('/v1/realtime', bearer(secret.value));
    expect((await late.closed).code).toBe(3000);
    // A running session outlives its secret.
    early.send({ type: 'input_audio_buffer.clear' });
    await early.until('input_audio_buffer.cleared');
  });

  it.each([
    [{ expires_after: { seconds: 9 } }, 'expires_after'],
    [{ expires_after: { anchor: 'never', seconds: 60 } }, 'expires_after'],
    [{ session: {} }, 'session.type'],
    [{ other: 1 }, 'other'],
  ])('a bad request for a secret → 400 with the field: %j', async (body, param) => {
    const { httpUrl } = await start();
    const url = `${httpUrl}/v1/realtime/client_secrets`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param } });
    expect((await fetch(url, { method: 'POST', body: 'no json' })).status).toBe(400);
    expect((await fetch(url)).status).toBe(405);
  });
});

describe('secrets in beta and at Azure', () => {
  const post = (path: string, body: unknown, headers: Record<string, string>) =>
    fetch(`${gateway?.httpUrl}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });

  it.each([
    ['/v1/realtime/sessions', { authorization: 'Bearer sk-1' }],
    ['/openai/realtimeapi/sessions?api-version=2025-04-01-preview', { 'api-key': 'sk-1' }],
  ])('%s: session and secret are one', async (path, headers) => {
    await start({ apiKeys: ['sk-1'] });
    const answer = await post(
      path,
      { model: 'm', voice: 'sage', modalities: ['text'], temperature: 0.7 },
      headers,
    );
    expect(answer.status).toBe(200);
    const session = (await answer.json()) as { client_secret: { value: string } };
    expect(session).toMatchObject({ model: 'm', voice: 'sage', modalities: ['text'], temperature: 0.7 });
    const secret = session.client_secret.value;
    const browser = await dial('/v1/realtime', {}, [
      'realtime',
      `openai-insecure-api-key.${secret}`,
      'openai-beta.realtime-v1',
    ]);
    const created = await browser.until('session.created');
    expect(created.session).toMatchObject({ model: 'm', voice: 'sage', modalities: ['text'] });
  });

  it('Azure GA, by the key header', async () => {
    await start({ apiKeys: ['sk-1'] });
    const path = '/openai/v1/realtime/client_secrets';
    expect((await post(path, {}, { 'api-key': 'sk-1' })).status).toBe(200);
    expect((await post(path, {}, { 'api-key': 'sk-x' })).status).toBe(401);
    expect((await post(path, {}, {})).status).toBe(401);
  });

  it.each([
    [{ audio: {} }, 'audio'],
    [{ input_audio_format: 'mp3' }, 'input_audio_format'],
    [{ turn_detection: { type: 'server_vad', threshold: 2 } }, 'turn_detection.threshold'],
    [
      { client_secret: { expires_after: { anchor: 'created_at', seconds: 1 } } },
      'client_secret.expires_after',
    ],
  ])('a bad request in beta → 400 with the field: %j', async (body, param) => {
    await start();
    const answer = await post('/v1/realtime/sessions', body, {});
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { param: string; message: string } };
    expect(error.param).toBe(param);
    expect(error.message).toContain(`'${param}'`);
  });
});

describe('listening', () => {
  it('without keys only on this machine', async () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.com']) {
      await expect(createGateway({ model, host })).rejects.toMatchObject({ code: 'open_bind_refused' });
    }
    const { url } = await start({ host: 'localhost' });
    expect(url).toMatch(/^ws:\/\/localhost:\d+$/);
  });

  it('a busy port → port_in_use, in one sentence', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const { port } = busy.address() as { port: number };
    await expect(createGateway({ model, port })).rejects.toMatchObject({
      code: 'port_in_use',
      message: `Port ${port} on 127.0.0.1 is in use: stop the other program or give another port.`,
    });
    await new Promise((resolve) => busy.close(resolve));
  });

  it.each([
    [{ port: -1 }, 'port'],
    [{ port: 1.5 }, 'port'],
    [{ maxConnections: 0 }, 'maxConnections'],
    [{ apiKeys: [''] }, 'apiKeys'],
    [{ apiKeys: ['a b'] }, 'apiKeys'],
  ])('%j → option_invalid', async (options, param) => {
    await expect(createGateway({ model, ...options })).rejects.toMatchObject({
      code: 'option_invalid',
      param,
    });
  });

  it('other addresses → 404; no upgrade → 426', async () => {
    const { httpUrl } = await start();
    await expect(dial('/v2/other')).rejects.toThrow('HTTP 404');
    expect((await fetch(`${httpUrl}/v1/realtime`)).status).toBe(426);
    expect((await fetch(`${httpUrl}/`)).status).toBe(404);
  });

  it('TLS: a certificate made at start, its authority in a file', async () => {
    const { url, ca } = await start({ tls: true });
    expect(url).toMatch(/^wss:/);
    expect(existsSync(ca!.file)).toBe(true);
    expect(readFileSync(ca!.file, 'utf8')).toBe(ca!.pem);
    const client = await dial('/v1/realtime', { ca: ca!.pem });
    await client.until('session.created');
    await expect(dial('/v1/realtime')).rejects.toThrow(/self.signed/);
    await gateway?.close();
    expect(existsSync(dirname(ca!.file))).toBe(false);
  });

  it('TLS: nowhere to write → file_unreadable', async () => {
    const tls = { caFile: '/nowhere/at/all/ca.pem' };
    await expect(createGateway({ model, tls })).rejects.toMatchObject({ code: 'file_unreadable' });
  });

  it('close ends every connection with 1001; twice is fine', async () => {
    const { close } = await start();
    const client = await dial();
    await client.until('session.created');
    await Promise.all([gateway?.close(), gateway?.close()]);
    expect(await client.closed).toEqual({ code: 1001, reason: 'server going away' });
    expect(close).toBeTypeOf('function');
  });
});

describe('limits', () => {
  it('more connections than allowed → 503, and room again after one has gone', async () => {
    const gateway = await start({ maxConnections: 1 });
    const first = await dial();
    await first.until('session.created');
    await expect(dial()).rejects.toThrow('HTTP 503');
    first.ws.close();
    await first.closed;
    expect(gateway.connections).toBe(0);
    await (await dial()).until('session.created');
  });

  it('an event over 15 MiB → error, and the session goes on; a frame far over it → close 1009', async () => {
    await start();
    const client = await dial();
    const append = (length: number) =>
      client.send(`{"type":"input_audio_buffer.append","audio":"${'A'.repeat(length)}"}`);
    append(16 * 1024 * 1024);
    expect((await client.until('error')).error.code).toBe('event_too_large');
    client.send({ type: 'input_audio_buffer.clear' });
    await client.until('input_audio_buffer.cleared');
    append(33 * 1024 * 1024);
    expect(await client.closed).toEqual({ code: 1009, reason: 'the frame is too large' });
  });

  it('a client that does not read → close 1008, and its link is let go', async () => {
    let letGo: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await start({
      model: failing(async (context) => {
        const link = await model.dial(context);
        return {
          onEvent: (listener) => link.onEvent(listener),
          send(command) {
            link.send(command);
            if (command.t === 'close') letGo?.();
          },
        };
      }),
    });
    const client = await dial();
    await client.until('session.created');
    const text = 'x'.repeat(150_000);
    const item = { id: 'big', type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
    client.send({ type: 'conversation.item.create', item });
    await client.until('conversation.item.done');
    client.ws.pause();
    for (let i = 0; i < 600; i++) client.send({ type: 'conversation.item.retrieve', item_id: 'big' });
    await gone;
    client.ws.resume();
    expect(await client.closed).toEqual({ code: 1008, reason: 'the client reads too slowly' });
    expect(client.events.length).toBeLessThan(600);
  });
});

describe('a model that fails', () => {
  it.each([
    [new ConnectionError('connect_failed', 'No route.'), 1011, 'server_error.server_error'],
    [new ConnectionError('auth_refused', 'Key refused.'), 1011, 'server_error.server_error'],
    [new ProviderError('model_not_found', 'No such model.'), 4004, 'invalid_request_error.model_not_found'],
    [new ProviderError('quota_exhausted', 'No money.'), 1013, 'insufficient_quota.insufficient_quota'],
  ])('dial rejects with %s', async (error, code, reason) => {
    const errors: ReparteeError[] = [];
    await start({ model: failing(() => Promise.reject(error)), onError: (one) => errors.push(one) });
    const client = await dial();
    expect(await client.closed).toEqual({ code, reason });
    expect(client.events).toMatchObject([
      { type: 'error', error: { message: expect.stringContaining(error.message) } },
    ]);
    expect(errors).toEqual([error]);
  });

  it('a client that goes while the model is dialled: the link is closed unused', async () => {
    let signal: AbortSignal | undefined;
    let dialled: (() => void) | undefined;
    const begun = new Promise<void>((resolve) => {
      dialled = resolve;
    });
    const sent: string[] = [];
    let give: (() => void) | undefined;
    await start({
      model: failing((context) => {
        signal = context.signal;
        dialled?.();
        return new Promise((resolve) => {
          give = () => resolve({ send: ({ t }) => sent.push(t), onEvent() {} });
        });
      }),
    });
    const client = await dial();
    await begun;
    const aborted = new Promise((resolve) => signal?.addEventListener('abort', resolve));
    client.close();
    await aborted;
    give?.();
    await gateway?.close();
    expect(sent).toEqual(['close']);
  });

  it('a link that throws ends its own connection with 1011 and no other', async () => {
    const errors: ReparteeError[] = [];
    let count = 0;
    await start({
      model: failing(async (context) => {
        const link = await model.dial(context);
        const bad = count++ === 0;
        return {
          onEvent: (listener) => link.onEvent(listener),
          send(command) {
            if (bad && command.t === 'activity') throw new Error('boom');
            link.send(command);
          },
        };
      }),
      onError: (error) => errors.push(error),
    });
    const first = await dial();
    await first.until('session.created');
    const second = await dial();
    await second.until('session.created');
    first.send({ type: 'input_audio_buffer.clear' });
    expect(await first.closed).toEqual({ code: 1011, reason: 'server_error.server_error' });
    second.send({ type: 'input_audio_buffer.clear' });
    await second.until('input_audio_buffer.cleared');
    expect(errors.map(({ message }) => message)).toEqual(['The gateway failed: boom']);
  });
});
