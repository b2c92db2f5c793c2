import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/index.js';
import {
  type ChatCompletionsOptions,
  chatCompletionsLlm,
} from '../../../src/speech/chat-completions/index.js';
import type { LlmEvent, LlmRequest } from '../../../src/speech/index.js';
import { drain, FakeClock } from '../../../src/testing/index.js';
import { chatServer, delta, done, event, fails, stream } from './chat-server.js';

type Server = Awaited<ReturnType<typeof chatServer>>;
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(...args: Parameters<typeof chatServer>): Promise<Server> {
  const server = await chatServer(...args);
  servers.push(server);
  return server;
}

const request: LlmRequest = {
  instructions: 'Be brief.',
  items: [{ kind: 'message', id: 'u', role: 'user', parts: [{ kind: 'text', text: 'hi' }] }],
  tools: [],
  toolChoice: 'auto',
};

/** Everything until `done` or `failed`. */
function chat(options: ChatCompletionsOptions, more: Partial<LlmRequest> = {}): Promise<LlmEvent[]> {
  return new Promise((resolve) => {
    const events: LlmEvent[] = [];
    chatCompletionsLlm(options)
      .chat({ ...request, ...more })
      .onEvent((event) => {
        events.push(event);
        if (event.t === 'done' || event.t === 'failed') resolve(events);
      });
  });
}

async function talk(text: string, size?: number): Promise<LlmEvent[]> {
  const server = await serve(stream(text, size));
  return chat({ baseUrl: server.baseUrl, model: 'm' });
}

const textIn = (events: readonly LlmEvent[]) =>
  events.map((one) => (one.t === 'text' ? one.delta : '')).join('');
const failureIn = (events: readonly LlmEvent[]) => {
  const last = events.at(-1);
  return last?.t === 'failed' ? last.error : undefined;
};

const hello = [
  ': ping\r\n\r\n',
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'Grüß ' }).replaceAll('\n', '\r\n'),
  delta({ content: 'dich 👋' }),
  delta({}, 'stop'),
  event({
    choices: [],
    usage: {
      prompt_tokens: 7,
      completion_tokens: 3,
      total_tokens: 10,
      prompt_tokens_details: { cached_tokens: 2 },
    },
  }),
  done,
].join('');

describe('a streamed answer', () => {
  it.each([1, 2, 3, 7, 64, 100_000])('in pieces of %d bytes', async (size) => {
    const events = await talk(hello, size);
    expect(textIn(events)).toBe('Grüß dich 👋');
    expect(events.at(-1)).toEqual({
      t: 'done',
      reason: 'stop',
      usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10, cachedTokens: 2 },
    });
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'filter'],
    ['eos', 'stop'],
  ])('finish %s -> %s', async (finish, reason) => {
    const events = await talk(delta({ content: 'a' }) + delta({}, finish));
    expect(events.at(-1)).toEqual({ t: 'done', reason });
  });

  it('puts parallel calls together out of their pieces', async () => {
    const piece = (index: number, args: string, id?: string, name?: string) =>
      delta({
        tool_calls: [
          { index, ...(id ? { id } : {}), function: { ...(name ? { name } : {}), arguments: args } },
        ],
      });
    const events = await talk(
      [
        delta({ content: 'I look.' }),
        piece(0, '', 'call_a', 'look'),
        piece(0, '{"day":'),
        piece(1, '{}', 'call_b', 'wait'),
        piece(0, '"monday"}'),
        piece(2, '', 'call_c', 'stop'),
        delta({}, 'tool_calls'),
        done,
      ].join(''),
      5,
    );
    expect(events).toEqual([
      { t: 'text', delta: 'I look.' },
      { t: 'call', call: 'call_a', name: 'look', args: '{"day":"monday"}' },
      { t: 'call', call: 'call_b', name: 'wait', args: '{}' },
      { t: 'call', call: 'call_c', name: 'stop', args: '{}' },
      { t: 'done', reason: 'calls' },
    ]);
  });

  it('tells calls apart where every one has index 0, and believes in them although it says stop', async () => {
    const whole = (id: string) =>
      delta({ tool_calls: [{ index: 0, id, function: { name: 'look', arguments: '{}' } }] });
    const events = await talk(whole('a') + whole('b') + delta({}, 'stop') + done);
    expect(events.map((one) => (one.t === 'call' ? one.call : one.t))).toEqual(['a', 'b', 'done']);
  });
});

describe('the request', () => {
  it('carries key, headers, model, messages, tools and limits', async () => {
    const server = await serve(stream(hello));
    const parameters = { type: 'object', properties: {} };
    await chat(
      {
        baseUrl: `${server.baseUrl}/?version=1`,
        apiKey: 'secret',
        model: 'm',
        headers: { 'x-team': 'voice' },
        body: { temperature: 0.2 },
      },
      {
        tools: [{ name: 'look', description: 'Looks.', parameters }],
        toolChoice: { name: 'look' },
        maxOutputTokens: 50,
      },
    );
    const [asked] = server.asked;
    expect(asked?.path).toBe('/v1/chat/completions?version=1');
    expect(asked?.headers).toMatchObject({
      authorization: 'Bearer secret',
      'x-team': 'voice',
      'content-type': 'application/json',
    });
    expect(asked?.body).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hi' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 50,
      tools: [{ type: 'function', function: { name: 'look', description: 'Looks.', parameters } }],
      tool_choice: { type: 'function', function: { name: 'look' } },
      temperature: 0.2,
    });
  });

  it('leaves out what it has not', async () => {
    const server = await serve(stream(hello));
    await chat({ baseUrl: server.baseUrl, model: 'm', usage: false }, { maxOutputTokens: 'inf' });
    const [asked] = server.asked;
    expect(asked?.headers.authorization).toBeUndefined();
    expect(Object.keys(asked?.body ?? {})).toEqual(['model', 'messages', 'stream']);
  });

  it.each([
    ['baseUrl', { baseUrl: 'localhost:11434', model: 'm' }],
    ['baseUrl', { baseUrl: 'nonsense', model: 'm' }],
    ['model', { baseUrl: 'http://127.0.0.1', model: ' ' }],
  ])('a wrong %s is told at once', (param, options) => {
    expect(() => chatCompletionsLlm(options)).toThrow(ConfigError);
    expect(() => chatCompletionsLlm(options)).toThrow(param);
  });
});

describe('failures', () => {
  it.each<[string, Parameters<typeof chatServer>[0], string, string]>([
    [
      '401',
      fails(401, { error: { message: 'Bad key.', code: 'invalid_api_key' } }),
      'auth_refused',
      'check apiKey (Bad key)',
    ],
    ['403', fails(403, ''), 'auth_refused', 'check apiKey.'],
    [
      '404',
      fails(404, { error: 'model not found' }),
      'model_not_found',
      "has no model 'm' at /v1/chat/completions",
    ],
    ['429', fails(429, {}, { 'retry-after': '7' }), 'rate_limited', 'wait 7 s and try again'],
    [
      '429 without quota',
      fails(429, { error: { code: 'insufficient_quota' } }),
      'quota_exhausted',
      'billing',
    ],
    ['400', fails(400, { error: { message: 'No tools here' } }), 'provider_refused', 'HTTP 400'],
    ['503', fails(503, '<html><h1>Down</h1></html>'), 'provider_failed', 'try again later (Down)'],
    ['garbage', stream(`${delta({ content: 'a' })}data: {oops\n\n`), 'frame_malformed', '{oops'],
    ['no object', stream('data: 7\n\n'), 'frame_malformed', 'no chat completion'],
    [
      'an error in the stream',
      stream(event({ error: { message: 'overloaded' } })),
      'provider_failed',
      'overloaded',
    ],
    ['a page in place of a stream', fails(200, '<html>'), 'frame_malformed', 'in place of a stream'],
    [
      'an end before the end',
      stream(delta({ content: 'a' })),
      'connection_lost',
      'in the middle of an answer',
    ],
    [
      'a cut connection',
      (response) => void response.writeHead(200).write(delta({ content: 'a' }), () => response.destroy()),
      'connection_lost',
      'in the middle',
    ],
    ['no answer', (response) => void response.destroy(), 'connect_failed', 'check that the server runs'],
    ['an endless event', stream(`data: ${'x'.repeat(1_100_000)}`), 'frame_too_large', 'more than'],
    [
      'endless arguments',
      stream(delta({ tool_calls: [{ index: 0, function: { name: 'f', arguments: 'x'.repeat(300_000) } }] })),
      'frame_too_large',
      'arguments',
    ],
  ])('%s', async (_name, answer, code, message) => {
    const server = await serve(answer);
    const events = await chat({ baseUrl: server.baseUrl, model: 'm' });
    expect(failureIn(events)?.code).toBe(code);
    expect(failureIn(events)?.message).toContain(message);
    expect(failureIn(events)?.message).not.toContain('\n');
  });

  it('no server', async () => {
    const server = await serve(stream(''));
    await server.close();
    const events = await chat({ baseUrl: server.baseUrl, model: 'm' });
    expect(failureIn(events)).toMatchObject({ code: 'connect_failed', retryable: true });
    expect(failureIn(events)?.message).toMatch(/Nothing answers at http:\/\/127.0.0.1:\d+ \(ECONNREFUSED\)/);
  });

  it('never tells the key', async () => {
    const server = await serve(fails(401, {}));
    const events = await chat({ baseUrl: server.baseUrl, model: 'm', apiKey: 'sk-secret' });
    expect(JSON.stringify([failureIn(events)?.message, failureIn(events)?.cause])).not.toContain('secret');
  });

  it('gives up on a silent server, before and in the middle of an answer', async () => {
    const clock = new FakeClock();
    const silent = await serve(() => {});
    const before = chat({ baseUrl: silent.baseUrl, model: 'm', clock, timeoutMs: 500 });
    await clock.advance(500);
    expect(failureIn(await before)?.code).toBe('connect_timeout');

    const started = await serve((response) => void response.writeHead(200).write(delta({ content: 'a' })));
    const events: LlmEvent[] = [];
    let heard = () => {};
    const first = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const stream = chatCompletionsLlm({ baseUrl: started.baseUrl, model: 'm', clock, timeoutMs: 500 }).chat(
      request,
    );
    stream.onEvent((one) => {
      events.push(one);
      heard();
    });
    await first;
    await clock.advance(500);
    expect(failureIn(events)?.code).toBe('reply_timeout');
    expect(clock.pending).toBe(0);
  });

  it('takes a finished answer for finished when the server forgets to end it', async () => {
    const clock = new FakeClock();
    const server = await serve(
      (response) => void response.writeHead(200).write(delta({ content: 'a' }, 'stop')),
    );
    const events: LlmEvent[] = [];
    let heard = () => {};
    const first = new Promise<void>((resolve) => {
      heard = resolve;
    });
    chatCompletionsLlm({ baseUrl: server.baseUrl, model: 'm', clock })
      .chat(request)
      .onEvent((one) => {
        events.push(one);
        heard();
      });
    await first;
    await clock.advance(30_000);
    expect(events).toEqual([
      { t: 'text', delta: 'a' },
      { t: 'done', reason: 'stop' },
    ]);
  });
});

describe('close', () => {
  it('aborts the request, and nothing is told after it', async () => {
    let gone = () => {};
    const closed = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const server = await serve((response) => {
      response.on('close', gone);
      response.writeHead(200).write(delta({ content: 'a' }));
    });
    const llm = chatCompletionsLlm({ baseUrl: server.baseUrl, model: 'm' });
    const events: LlmEvent[] = [];
    let heard = () => {};
    const first = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const stream = llm.chat(request);
    stream.onEvent((one) => {
      events.push(one);
      heard();
    });
    await first;
    stream.close();
    stream.close();
    await closed;
    await drain();
    expect(events).toEqual([{ t: 'text', delta: 'a' }]);
    await llm.close();
  });

  it('of the model aborts every chat', async () => {
    let open = 0;
    const all = { gone: () => {} };
    const closed = new Promise<void>((resolve) => {
      all.gone = resolve;
    });
    let bothAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      bothAsked = resolve;
    });
    const server = await serve((response) => {
      open += 1;
      if (open === 2) bothAsked();
      response.on('close', () => {
        open -= 1;
        if (open === 0) all.gone();
      });
    });
    const llm = chatCompletionsLlm({ baseUrl: server.baseUrl, model: 'm' });
    const events: LlmEvent[] = [];
    for (let i = 0; i < 2; i++) llm.chat(request).onEvent((one) => events.push(one));
    await asked;
    await llm.close();
    await closed;
    expect(events).toEqual([]);
  });
});
