import type { LiveServerMessage } from '@google/genai';
import { afterEach, describe, expect, it } from 'vitest';
import { energyVad, type Script } from '../../src/cascade/index.js';
import { RealtimeModel } from '../../src/providers/gemini/index.js';
import { RealtimeSession } from '../../src/realtime/index.js';
import { audioMs, Talk, transcript } from './gemini-client.js';
import { type Served, served } from './gemini-server.js';

const open: Served[] = [];
const talks: Talk[] = [];

afterEach(async () => {
  for (const talk of talks.splice(0)) if (talk.closed === undefined) await talk.close();
  for (const server of open.splice(0)) await server.close();
});

async function talkTo(script: Script, config: Parameters<typeof Talk.open>[1] = {}): Promise<Talk> {
  const server = await served({ audioMsPerWord: 20, ...script });
  open.push(server);
  const talk = await Talk.open(server.baseUrl, config);
  talks.push(talk);
  return talk;
}

const both = { inputAudioTranscription: {}, outputAudioTranscription: {} };
const marks = (messages: readonly LiveServerMessage[]) =>
  messages.flatMap(({ serverContent, toolCall, setupComplete }) => [
    ...(setupComplete ? ['setupComplete'] : []),
    ...(toolCall ? ['toolCall'] : []),
    ...(serverContent?.interrupted ? ['interrupted'] : []),
    ...(serverContent?.generationComplete ? ['generationComplete'] : []),
    ...(serverContent?.turnComplete ? ['turnComplete'] : []),
  ]);

describe('@google/genai, unmodified, against the gateway', () => {
  it('typed turn', async () => {
    const talk = await talkTo({ turns: [{ says: 'Good day to you' }] }, both);
    talk.session.sendClientContent({ turns: 'Hello' });
    const turn = await talk.turn();
    expect(marks(turn)).toEqual(['setupComplete', 'generationComplete', 'turnComplete']);
    expect(transcript(turn, 'outputTranscription')).toBe('Good day to you');
    expect(audioMs(turn)).toBe(80);
  });

  it('spoken turn: 16 kHz in, transcripts of both sides, 24 kHz out', async () => {
    const talk = await talkTo({ turns: [{ hears: 'Are you open today', says: 'Yes we are open' }] }, both);
    talk.speak(600, 800);
    const turn = await talk.turn();
    expect(marks(turn)).toEqual(['setupComplete', 'generationComplete', 'turnComplete']);
    expect(transcript(turn, 'inputTranscription')).toBe('Are you open today');
    expect(transcript(turn, 'outputTranscription')).toBe('Yes we are open');
    expect(audioMs(turn)).toBe(80);
  });

  it('tool turn: call, answer, and the turn goes on', async () => {
    const talk = await talkTo(
      {
        turns: [
          {
            hears: 'Book a table',
            calls: [{ name: 'book', args: { seats: 4 } }],
            thenSays: 'Booked as {result.number}',
          },
        ],
      },
      {
        ...both,
        tools: [{ functionDeclarations: [{ name: 'book', parametersJsonSchema: { type: 'object' } }] }],
      },
    );
    talk.speak(600, 800);
    const asked = await talk.until((message) => message.toolCall !== undefined);
    const [call] = asked.at(-1)?.toolCall?.functionCalls ?? [];
    expect(call).toMatchObject({ name: 'book', args: { seats: 4 } });
    talk.session.sendToolResponse({
      functionResponses: [{ id: call?.id ?? '', name: 'book', response: { output: { number: 17 } } }],
    });
    const turn = await talk.turn();
    expect(marks(turn)).toEqual(['generationComplete', 'turnComplete']);
    expect(transcript(turn, 'outputTranscription')).toBe('Booked as 17');
  });

  it('barge-in by voice: interrupted, turnComplete, and the new turn is answered', async () => {
    const talk = await talkTo(
      {
        // Long enough to be still playing, by the real clock, when the test speaks over it.
        audioMsPerWord: 10_000,
        turns: [
          { hears: 'Tell me', says: 'One two three' },
          { hears: 'Stop', says: 'Ok' },
        ],
      },
      both,
    );
    talk.speak(600, 800);
    await talk.until((message) => message.serverContent?.generationComplete === true);
    talk.speak(600, 800);
    const cut = await talk.turn();
    expect(marks(cut)).toEqual(['interrupted', 'turnComplete']);
    const next = await talk.until((message) => message.serverContent?.generationComplete === true);
    expect(transcript(next, 'outputTranscription')).toBe('Ok');
  });

  it('barge-in by text', async () => {
    const talk = await talkTo(
      { audioMsPerWord: 10_000, turns: [{ says: 'One two three' }, { says: 'Ok' }] },
      both,
    );
    talk.session.sendClientContent({ turns: 'Hello' });
    await talk.until((message) => message.serverContent?.generationComplete === true);
    talk.session.sendRealtimeInput({ text: 'Stop' });
    expect(marks(await talk.turn())).toEqual(['interrupted', 'turnComplete']);
    const next = await talk.until((message) => message.serverContent?.generationComplete === true);
    expect(transcript(next, 'outputTranscription')).toBe('Ok');
  });

  it('manual activity', async () => {
    const talk = await talkTo(
      { turns: [{ hears: 'Are you open', says: 'Yes' }] },
      { ...both, realtimeInputConfig: { automaticActivityDetection: { disabled: true } } },
    );
    talk.session.sendRealtimeInput({ activityStart: {} });
    talk.speak(300, 0);
    talk.session.sendRealtimeInput({ activityEnd: {} });
    const turn = await talk.turn();
    expect(transcript(turn, 'inputTranscription')).toBe('Are you open');
    expect(transcript(turn, 'outputTranscription')).toBe('Yes');
  });

  it('media, which goes out as mediaChunks; stream end', async () => {
    const talk = await talkTo({ turns: [{ hears: 'Hi', says: 'Hello' }] }, both);
    const loud = Buffer.from(Int16Array.from({ length: 16_000 }, (_, i) => 9000 * Math.sin(i / 4)).buffer);
    talk.session.sendRealtimeInput({
      media: { data: loud.toString('base64'), mimeType: 'audio/pcm;rate=16000' },
    });
    talk.session.sendRealtimeInput({ audioStreamEnd: true });
    talk.speak(0, 800);
    expect(transcript(await talk.turn(), 'outputTranscription')).toBe('Hello');
  });

  it('a tool answer that nobody waits for: closed with 1008', async () => {
    const talk = await talkTo({ turns: [] });
    talk.session.sendToolResponse({ functionResponses: [{ id: 'nope', name: 'x', response: {} }] });
    expect(await talk.end()).toEqual({ code: 1008, reason: 'Requested entity was not found.' });
  });
});

describe('the door', () => {
  const script = { audioMsPerWord: 20, turns: [{ says: 'Hello' }] };
  const gated = async () => {
    const server = await served(script, { apiKeys: ['good-key'] });
    open.push(server);
    return server;
  };

  it('a wrong key: let in by the upgrade, sent away by a close frame that the SDK tells', async () => {
    const { baseUrl } = await gated();
    await expect(Talk.open(baseUrl, {}, { apiKey: 'wrong' })).rejects.toThrow(
      'code 1007): API key not valid. Please pass a valid API key.',
    );
  });

  it.each([
    ['v1', {}],
    ['v1beta', { apiVersion: 'v1beta' }],
    ['v1alpha', { apiVersion: 'v1alpha' }],
  ])('the right key, %s', async (_, version) => {
    const { baseUrl } = await gated();
    const talk = await Talk.open(baseUrl, {}, { apiKey: 'good-key', ...version });
    talks.push(talk);
    expect(talk.messages.map((message) => message.setupComplete !== undefined)).toEqual([true]);
  });

  it('an ephemeral token, on its own method', async () => {
    const server = await served(script, { apiKeys: ['auth_tokens/t1'] });
    open.push(server);
    talks.push(await Talk.open(server.baseUrl, {}, { apiKey: 'auth_tokens/t1', apiVersion: 'v1alpha' }));
  });

  it('a base URL with a path', async () => {
    const { baseUrl } = await gated();
    talks.push(await Talk.open(`${baseUrl}/some/proxy/`, {}, { apiKey: 'good-key' }));
  });

  it('an option that the service does not know: closed with 1007 and its name', async () => {
    const { baseUrl } = await gated();
    const config = { thinkingConfig: { thinkingLevel: 5 } } as never;
    await expect(Talk.open(baseUrl, config, { apiKey: 'good-key' })).rejects.toThrow('code 1007');
  });
});

describe('our own provider against the gateway, over real sockets', () => {
  it('typed turn, with the key in a header', async () => {
    const server = await served({ audioMsPerWord: 20, greeting: 'Good day', turns: [] }, { apiKeys: ['k'] });
    open.push(server);
    const model = new RealtimeModel({ baseUrl: server.baseUrl, apiKey: 'k' });
    const session = new RealtimeSession(model, { vad: energyVad() });
    await session.opened;
    const said = new Promise<string>((resolve) => {
      session.on('generation_text', ({ text, how }) => how === 'final' && resolve(text));
    });
    await session.generateReply();
    expect(await said).toBe('Good day');
    await session.close();
  });

  it('a wrong key: the session fails with the service’s words', async () => {
    const server = await served({ turns: [] }, { apiKeys: ['k'] });
    open.push(server);
    const model = new RealtimeModel({ baseUrl: server.baseUrl, apiKey: 'wrong' });
    const session = new RealtimeSession(model, { vad: energyVad() });
    session.on('error', () => {});
    await expect(session.opened).rejects.toThrow('API key not valid');
  });

  it('@google/genai -> gateway -> our provider -> gateway -> script: the wire carried twice', async () => {
    const behind = await served({ audioMsPerWord: 20, turns: [{ hears: 'Hi', says: 'Good day' }] });
    const front = await served(new RealtimeModel({ baseUrl: behind.baseUrl }), { vad: energyVad() });
    open.push(front, behind);
    const talk = await Talk.open(front.baseUrl, both);
    talks.push(talk);
    talk.speak(600, 800);
    const turn = await talk.turn();
    expect(transcript(turn, 'inputTranscription')).toBe('Hi');
    expect(transcript(turn, 'outputTranscription')).toBe('Good day');
    expect(audioMs(turn)).toBe(40);
  });
});
