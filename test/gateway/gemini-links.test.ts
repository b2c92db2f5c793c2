import { GoogleGenAI, type LiveServerMessage } from '@google/genai';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { energyVad, type Script, scriptedModel } from '../../src/cascade/index.js';
import { randomIds, systemClock } from '../../src/core/index.js';
import type { GatewayOptions } from '../../src/gateway/index.js';
import { RealtimeModel } from '../../src/providers/gemini/index.js';
import type { Event } from '../../src/realtime/index.js';
import { checkedLink, recordedModel } from '../../src/testing/index.js';
import { Talk, transcript } from './gemini-client.js';
import { type Served, served } from './gemini-server.js';

const open: Served[] = [];
const talks: Talk[] = [];

afterEach(async () => {
  for (const talk of talks.splice(0)) if (talk.closed === undefined) await talk.close();
  for (const server of open.splice(0)) await server.close();
});

type Rest = Omit<GatewayOptions, 'model'>;

async function serve(script: Script, options: Rest = {}) {
  const model = recordedModel(scriptedModel({ audioMsPerWord: 20, ...script }));
  const server = await served(model, options);
  open.push(server);
  return {
    baseUrl: server.baseUrl,
    commands: () => model.links.flat().flatMap((entry) => (entry.dir === 'command' ? [entry.command] : [])),
    async talk(...[config, options]: Parameters<typeof Talk.open> extends [string, ...infer R] ? R : never) {
      const talk = await Talk.open(server.baseUrl, config, options);
      talks.push(talk);
      return talk;
    },
  };
}

const words = { outputAudioTranscription: {}, sessionResumption: {} };
const handleOf = ({ sessionResumptionUpdate: update }: LiveServerMessage) =>
  update?.resumable === true ? update.newHandle : undefined;

async function nextHandle(talk: Talk): Promise<string> {
  const messages = await talk.until((message) => handleOf(message) !== undefined);
  return handleOf(messages.at(-1)!)!;
}

/** A typed turn up to its end, and what was said. */
async function ask(talk: Talk): Promise<string> {
  talk.session.sendClientContent({ turns: 'Hello' });
  return transcript(await talk.turn(), 'outputTranscription');
}

describe('resumption, by @google/genai', () => {
  const script = { turns: [{ says: 'One' }, { says: 'Two' }, { says: 'Three' }] };

  it('handle -> close -> handle: the conversation behind goes on', async () => {
    const { talk } = await serve(script, { gemini: { turnComplete: 'at-once' } });
    const first = await talk(words);
    expect(await ask(first)).toBe('One');
    const handle = await nextHandle(first);
    await first.close();
    const second = await talk({ ...words, sessionResumption: { handle } });
    expect(await ask(second)).toBe('Two');
    // The new connection has handles of its own.
    const other = await nextHandle(second);
    expect(other).not.toBe(handle);
    await second.close();
    expect(await ask(await talk({ ...words, sessionResumption: { handle: other } }))).toBe('Three');
  });

  it('an unknown handle', async () => {
    const { talk } = await serve(script);
    await expect(talk({ sessionResumption: { handle: 'nope' } })).rejects.toThrow(
      'code 1008): BidiGenerateContent session not found',
    );
  });

  it('while the old connection is open: 1011', async () => {
    const { talk } = await serve(script);
    const handle = await nextHandle(await talk(words));
    await expect(talk({ sessionResumption: { handle } })).rejects.toThrow('code 1011');
  });

  it('no handles where none were asked for', async () => {
    const { talk } = await serve(script, { gemini: { turnComplete: 'at-once' } });
    const one = await talk({ outputAudioTranscription: {} });
    await ask(one);
    expect(one.messages.some((message) => message.sessionResumptionUpdate !== undefined)).toBe(false);
  });

  it('more sessions wait than there is room for: the oldest is gone', async () => {
    const { talk } = await serve(script, { gemini: { maxWaitingSessions: 1 } });
    const first = await talk(words);
    const second = await talk(words);
    const handles = [await nextHandle(first), await nextHandle(second)];
    await first.close();
    await second.close();
    await expect(talk({ sessionResumption: { handle: handles[0]! } })).rejects.toThrow('session not found');
    await talk({ sessionResumption: { handle: handles[1]! } });
  });

  it('goAway -> close -> handle', async () => {
    const { talk } = await serve(script, { gemini: { goAwayAfterMs: 5 } });
    const first = await talk(words);
    const handle = await nextHandle(first);
    const [message] = (await first.until(({ goAway }) => goAway !== undefined)).slice(-1);
    expect(message?.goAway).toEqual({ timeLeft: '50s' });
    await first.close();
    expect(await ask(await talk({ ...words, sessionResumption: { handle } }))).toBe('One');
  });

  it('goAway ignored: 1008', async () => {
    const { talk } = await serve(script, { gemini: { goAwayAfterMs: 0, goAwayLeftMs: 5 } });
    const { code, reason } = await (await talk(words)).end();
    expect(code).toBe(1008);
    expect(reason).toContain('GoAway');
  });

  it('a call that is open when the client leaves is lost with its turn, and the instructions may change', async () => {
    const turns = [{ calls: [{ name: 'book', args: {} }], thenSays: 'Booked' }];
    const { talk, commands } = await serve({ turns }, { gemini: { turnComplete: 'at-once' } });
    const tools = [{ functionDeclarations: [{ name: 'book' }] }];
    const first = await talk({ ...words, tools, systemInstruction: 'Be brief.' });
    const handle = await nextHandle(first);
    first.session.sendClientContent({ turns: 'Book it' });
    await first.until(({ toolCall }) => toolCall !== undefined);
    await first.close();
    const config = { ...words, tools, systemInstruction: 'Be long.', sessionResumption: { handle } };
    const second = await talk(config);
    second.session.sendClientContent({ turns: 'Book it' });
    await second.until(({ toolCall }) => toolCall !== undefined);
    const sent = commands();
    expect(sent.find(({ t }) => t === 'answer')).toMatchObject({ isError: true, then: 'wait' });
    expect(sent.some(({ t }) => t === 'item.remove')).toBe(true);
    expect(sent.find(({ t }) => t === 'configure')).toMatchObject({ patch: { instructions: 'Be long.' } });
  });
});

describe('ephemeral tokens, by @google/genai', () => {
  const script = { turns: [{ says: 'One' }] };
  const keyed: Rest = { apiKeys: ['the-key'] };
  const maker = (baseUrl: string, apiKey = 'the-key') =>
    new GoogleGenAI({ apiKey, httpOptions: { baseUrl, apiVersion: 'v1alpha' } });
  const at = { apiVersion: 'v1alpha' };

  it('made with a key, good for one session', async () => {
    const { talk, baseUrl } = await serve(script, keyed);
    const { name = '' } = await maker(baseUrl).authTokens.create({ config: {} });
    expect(name).toMatch(/^auth_tokens\//);
    await talk({}, { apiKey: name, ...at });
    await expect(talk({}, { apiKey: name, ...at })).rejects.toThrow('code 1008): The ephemeral token');
  });

  it('to resume is no use', async () => {
    const { talk, baseUrl } = await serve(script, { ...keyed, gemini: { turnComplete: 'at-once' } });
    const { name = '' } = await maker(baseUrl).authTokens.create({ config: { uses: 1 } });
    const first = await talk(words, { apiKey: name, ...at });
    const handle = await nextHandle(first);
    await first.close();
    const second = await talk({ ...words, sessionResumption: { handle } }, { apiKey: name, ...at });
    expect(await ask(second)).toBe('One');
  });

  it('its setup is the session’s; with a mask the rest is the client’s', async () => {
    const { talk, baseUrl, commands } = await serve(script, keyed);
    const create = async (lockAdditionalFields?: string[]) => {
      const liveConnectConstraints = {
        model: 'gemini-3.8-live',
        config: { systemInstruction: 'Locked.', temperature: 0.5 },
      };
      const { name = '' } = await maker(baseUrl).authTokens.create({
        config: {
          liveConnectConstraints,
          ...(lockAdditionalFields === undefined ? {} : { lockAdditionalFields }),
        },
      });
      return { apiKey: name, ...at };
    };
    const mine = {
      systemInstruction: 'Mine.',
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Puck' } } },
    };
    await talk(mine, await create());
    await talk(mine, await create([]));
    const opened = commands().flatMap((command) =>
      command.t === 'open' ? [[command.config.instructions, command.config.voice]] : [],
    );
    expect(opened).toEqual([
      ['Locked.', ''],
      ['Locked.', 'Puck'],
    ]);
  });

  it('not with a wrong key, not with a token', async () => {
    const { baseUrl } = await serve(script, keyed);
    await expect(maker(baseUrl, 'wrong').authTokens.create({ config: {} })).rejects.toThrow(
      'API key not valid',
    );
    const { name = '' } = await maker(baseUrl).authTokens.create({ config: {} });
    const headers = { 'x-goog-api-key': name };
    expect((await fetch(`${baseUrl}/v1beta/auth_tokens`, { method: 'POST', headers })).status).toBe(400);
  });

  it.each<[string, object, string]>([
    ['the old wrapper', { bidiGenerateContentSetup: { setup: { model: 'x' } } }, 'Unknown name \\"setup\\"'],
    ['a stray field', { expires: 1 }, 'Unknown name \\"expires\\"'],
    ['a past', { expireTime: '2001-01-01T00:00:00Z' }, 'expire_time'],
    ['a day', { expireTime: new Date(Date.now() + 86_400_000).toISOString() }, '20 hours'],
    ['half a use', { uses: 0.5 }, "'uses'"],
  ])('HTTP 400 for %s', async (_, body, says) => {
    const { baseUrl } = await serve(script);
    const answer = await fetch(`${baseUrl}/v1beta/auth_tokens`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(says);
  });
});

describe('other doors and other input, by @google/genai', () => {
  it('Vertex express: calls without ids, counts of candidates', async () => {
    const turns = [
      { hears: 'Book', calls: [{ name: 'book', args: { seats: 4 } }], thenSays: 'Booked {result.as}' },
    ];
    const { baseUrl } = await serve({ turns }, { apiKeys: ['k'], gemini: { turnComplete: 'at-once' } });
    const talk = await Talk.open(
      baseUrl,
      { outputAudioTranscription: {}, tools: [{ functionDeclarations: [{ name: 'book' }] }] },
      { apiKey: 'k', vertexai: true },
    );
    talks.push(talk);
    talk.session.sendClientContent({ turns: 'Book' });
    const asked = await talk.until(({ toolCall }) => toolCall !== undefined);
    expect(asked.at(-1)?.toolCall?.functionCalls).toEqual([{ name: 'book', args: { seats: 4 } }]);
    talk.session.sendToolResponse({
      functionResponses: [{ name: 'book', response: { output: { as: 'you' } } }],
    });
    expect(transcript(await talk.turn(), 'outputTranscription')).toBe('Booked you');
  });

  it('a video frame reaches the model', async () => {
    const { talk, commands } = await serve(
      { turns: [{ says: 'I see' }] },
      { gemini: { turnComplete: 'at-once' } },
    );
    const one = await talk(words);
    const data = Buffer.from([0xff, 0xd8, 0xff, 0xd9]).toString('base64');
    one.session.sendRealtimeInput({ video: { data, mimeType: 'image/jpeg' } });
    await ask(one);
    const image = commands().find(({ t }) => t === 'image');
    expect(image).toMatchObject({ mime: 'image/jpeg', data: Buffer.from(data, 'base64') });
  });

  it('instructions and tools of a live session', async () => {
    const { talk, commands } = await serve(
      { turns: [{ says: 'As you wish' }] },
      { gemini: { turnComplete: 'at-once' } },
    );
    const one = await talk({ ...words, systemInstruction: 'Be brief.' });
    one.session.sendContextUpdate({
      systemInstruction: 'Be long.',
      tools: { tools: [{ functionDeclarations: [{ name: 'book' }] }] },
    });
    await ask(one);
    expect(commands().find(({ t }) => t === 'configure')).toMatchObject({
      patch: { instructions: 'Be long.', tools: [{ name: 'book' }] },
    });
  });

  it.each([{ goAwayAfterMs: -1 }, { handleLifeMs: Number.NaN }, { maxWaitingSessions: 0.5 }])(
    'an option that cannot be: %o',
    async (gemini) => {
      const param = `gemini.${Object.keys(gemini)[0]}`;
      await expect(serve({ turns: [] }, { gemini })).rejects.toMatchObject({ code: 'option_invalid', param });
    },
  );

  it('a model that is not served', async () => {
    const { talk } = await serve({ turns: [] }, { modelNames: ['gemini-2.5-flash-native-audio-latest'] });
    await expect(talk({}, { apiVersion: 'v1beta' })).rejects.toThrow(
      'code 1008): models/gemini-3.8-live is not found for API version v1beta',
    );
    const { talk: known } = await serve({ turns: [] }, { modelNames: ['gemini-3.8-live'] });
    await known();
  });

  it('no key where one is wanted: unregistered', async () => {
    const { baseUrl } = await serve({ turns: [] }, { apiKeys: ['k'] });
    const url = `${baseUrl.replace('http', 'ws')}/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent`;
    const closed = await new Promise<{ code: number; reason: string }>((resolve) => {
      new WebSocket(url).on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    expect(closed.code).toBe(1008);
    expect(closed.reason).toContain("Method doesn't allow unregistered callers");
  });

  it('text frames, where the gateway is told to', async () => {
    const { talk } = await serve(
      { turns: [{ says: 'Plain' }] },
      { gemini: { frames: 'text', turnComplete: 'at-once' } },
    );
    expect(await ask(await talk(words))).toBe('Plain');
  });

  it('manual activity that does not interrupt: the answer is heard to its end', async () => {
    const { talk } = await serve(
      {
        audioMsPerWord: 200,
        turns: [
          { hears: 'A', says: 'One two' },
          { hears: 'B', says: 'Three' },
        ],
      },
      { vad: energyVad() },
    );
    const one = await talk({
      outputAudioTranscription: {},
      realtimeInputConfig: {
        automaticActivityDetection: { disabled: true },
        activityHandling: 'NO_INTERRUPTION' as never,
      },
    });
    one.session.sendRealtimeInput({ activityStart: {} });
    one.speak(300, 0);
    one.session.sendRealtimeInput({ activityEnd: {} });
    await one.until((message) => message.serverContent?.generationComplete === true);
    one.session.sendRealtimeInput({ activityStart: {} });
    const rest = await one.turn();
    expect(rest.some((message) => message.serverContent?.interrupted === true)).toBe(false);
  });
});

describe('what goes wrong on purpose, as @google/genai sees it', () => {
  it('closed before the setup is complete', async () => {
    const faults = { closeBeforeSetup: { code: 1011, reason: 'Internal error occurred.' } };
    const { talk } = await serve({ turns: [] }, { gemini: { faults } });
    await expect(talk()).rejects.toThrow('code 1011): Internal error occurred.');
  });

  it('1011 in mid-turn, on the first connection only; the handle leads back to before the turn', async () => {
    const { talk } = await serve(
      { turns: [{ says: 'One two three' }, { says: 'Four' }] },
      {
        gemini: {
          turnComplete: 'at-once',
          faults: (connection) => (connection === 0 ? { failAtAudioMessage: 1 } : {}),
        },
      },
    );
    const first = await talk(words);
    const handle = await nextHandle(first);
    first.session.sendClientContent({ turns: 'Hello' });
    expect((await first.end()).code).toBe(1011);
    expect(await ask(await talk({ ...words, sessionResumption: { handle } }))).toBe('One two three');
  });
});

describe('our own provider, link by link', () => {
  /** A link with what it said; `until` waits for the first event that fits, and forgets what came before. */
  async function dial(model: RealtimeModel, resume?: string) {
    const link = checkedLink(
      await model.dial({ clock: systemClock(), ids: randomIds(), signal: new AbortController().signal }),
    );
    const events: Event[] = [];
    let wake = () => {};
    link.onEvent((event) => {
      events.push(event);
      wake();
    });
    const until = async (fits: (event: Event) => boolean): Promise<Event> => {
      for (;;) {
        const at = events.findIndex(fits);
        if (at >= 0) return events.splice(0, at + 1)[at]!;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    const { defaults } = model;
    link.send({
      t: 'open',
      config: { ...defaults, turns: { owner: 'caller' } },
      history: [],
      ...(resume === undefined ? {} : { resume }),
    });
    return { link, until };
  }
  const hello = {
    kind: 'message' as const,
    id: '',
    role: 'user' as const,
    parts: [{ kind: 'text' as const, text: 'Hello' }],
  };
  const isHandle = (event: Event) => event.t === 'resumable' && event.handle !== null;
  const final = (event: Event) => event.t === 'said' && event.how === 'final';

  it.each(['ephemeral token', 'key', 'Vertex express'])('%s: 1011 -> resume with the handle', async (by) => {
    const { baseUrl } = await serve(
      { turns: [{ says: 'One two' }, { says: 'Three' }] },
      {
        apiKeys: ['k'],
        gemini: { faults: (connection) => (connection === 0 ? { failAtAudioMessage: 1 } : {}) },
      },
    );
    const made = await fetch(`${baseUrl}/v1alpha/auth_tokens`, {
      method: 'POST',
      headers: { 'x-goog-api-key': 'k' },
    });
    const { name } = (await made.json()) as { name: string };
    const model = new RealtimeModel({
      baseUrl,
      apiKey: by === 'ephemeral token' ? name : 'k',
      ...(by === 'Vertex express' ? { vertex: {} } : {}),
    });
    const first = await dial(model);
    const given = await first.until(isHandle);
    first.link.send({ t: 'reply', cmd: 'c1', input: [hello] });
    expect(await first.until(({ t }) => t === 'closing')).toMatchObject({
      code: 'provider_failed',
      disposition: 'resume',
    });
    const second = await dial(model, given.t === 'resumable' ? given.handle! : '');
    await second.until(({ t }) => t === 'ready');
    second.link.send({ t: 'reply', cmd: 'c1', input: [hello] });
    expect(await second.until(final)).toMatchObject({ text: 'One two' });
    second.link.send({ t: 'close' });
    expect(await second.until(({ t }) => t === 'closing')).toMatchObject({ disposition: 'done' });
    first.link.checker.finish();
    second.link.checker.finish();
  });

  it('goAway -> expiring; ignored -> the handle is good still; a dead handle -> try again without', async () => {
    const { baseUrl } = await serve({ turns: [] }, { gemini: { goAwayAfterMs: 0, goAwayLeftMs: 5 } });
    const model = new RealtimeModel({ baseUrl });
    const first = await dial(model);
    expect(await first.until(({ t }) => t === 'expiring')).toMatchObject({ inMs: 5 });
    expect(await first.until(({ t }) => t === 'closing')).toMatchObject({
      code: 'session_expired',
      disposition: 'resume',
    });
    const second = await dial(model, 'dead');
    expect(await second.until(({ t }) => t === 'closing')).toMatchObject({ disposition: 'retry' });
  });
});
