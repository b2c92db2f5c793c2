import { describe, expect, it } from 'vitest';
import type { Item } from '../../../src/realtime/index.js';
import { talk } from './served.js';

const words = (items: readonly Item[]) =>
  items.map((item) =>
    item.kind === 'message'
      ? `${item.role}: ${item.parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'audio' ? part.transcript : 'image')).join(' ')}`
      : item.kind,
  );

describe('our provider over our wire over a script', () => {
  it('spoken turn: heard, answered, and both sides in the history', async () => {
    const { session, speak, silence, clock, check } = await talk({
      turns: [{ hears: 'Are you open today', says: 'Yes we are open' }],
    });
    const events: string[] = [];
    let samples = 0;
    session.on('input_speech_started', () => events.push('speech started'));
    session.on('input_speech_stopped', () => events.push('speech stopped'));
    session.on('input_audio_transcription_completed', ({ text }) => events.push(`heard ${text}`));
    session.on('generation_created', ({ userInitiated }) => events.push(`created ${userInitiated}`));
    session.on('generation_ended', ({ outcome }) => events.push(outcome));
    session.on('generation_audio', ({ pcm }) => {
      samples += pcm.length;
    });
    await speak(600);
    await silence(1200);
    await clock.advance(2000);
    expect(events).toEqual([
      'speech started',
      'speech stopped',
      'created false',
      'heard Are you open today',
      'completed',
    ]);
    // Four words of 200 ms at 24 kHz.
    expect(samples).toBe(4 * 0.2 * 24_000);
    expect(words(session.remoteItems)).toEqual(['user: Are you open today', 'assistant: Yes we are open']);
    expect(session.isReplying).toBe(false);
    check();
  });

  it('typed turn: item, reply, words', async () => {
    const { session, clock, check } = await talk({ turns: [{ says: 'Good day to you' }] });
    const said: string[] = [];
    session.on('generation_text', ({ text, how }) => how === 'final' && said.push(text));
    const added = session.addItem({
      kind: 'message',
      id: 'typed',
      role: 'user',
      parts: [{ kind: 'text', text: 'Hello' }],
    });
    await added;
    const reply = session.generateReply();
    await clock.advance(100);
    expect((await reply).userInitiated).toBe(true);
    await clock.advance(2000);
    expect(said).toEqual(['Good day to you']);
    expect(words(session.remoteItems)).toEqual(['user: Hello', 'assistant: Good day to you']);
    check();
  });

  it('tool turn: call, answer, and the model goes on by itself', async () => {
    const { session, speak, silence, clock, check } = await talk({
      turns: [
        {
          hears: 'Book a table',
          calls: [{ name: 'book', args: { seats: 4 } }],
          thenSays: 'Booked as {result.number}',
        },
      ],
    });
    const log: string[] = [];
    session.on('generation_created', () => log.push('created'));
    session.on('generation_ended', ({ calls }) => log.push(`ended, ${calls} calls`));
    session.on('generation_call', ({ callId, name, args }) => {
      log.push(`${name} ${args}`);
      void session.answer({ callId, name, output: '{"number":17}' });
    });
    await speak(600);
    await silence(1000);
    await clock.advance(3000);
    expect(log).toEqual(['created', 'book {"seats":4}', 'ended, 1 calls', 'created', 'ended, 0 calls']);
    expect(words(session.remoteItems)).toEqual([
      'user: Book a table',
      'call',
      'result',
      'assistant: Booked as 17',
    ]);
    check();
  });

  it('barge-in while it is played: interrupted, late audio silent, the next turn answered whole', async () => {
    const { session, speak, silence, clock, check } = await talk({
      turns: [
        { hears: 'Tell me', says: 'One two three four five six seven eight nine ten' },
        { hears: 'Stop', says: 'Very well' },
      ],
    });
    const log: string[] = [];
    const audio: Record<string, number> = {};
    session.on('interrupted', ({ by }) => log.push(`interrupted by ${by}`));
    session.on('generation_ended', ({ outcome }) => log.push(outcome));
    session.on('generation_audio', ({ responseId, pcm }) => {
      audio[responseId ?? ''] = (audio[responseId ?? ''] ?? 0) + pcm.length;
    });
    await speak(600);
    await silence(800);
    // The whole reply (2 s) is here; about half a second of it has been played.
    await clock.advance(200);
    expect(log).toEqual([]);
    await speak(400);
    expect(log).toEqual(['interrupted by server', 'cancelled']);
    await silence(1200);
    await clock.advance(2000);
    expect(log).toEqual(['interrupted by server', 'cancelled', 'completed']);
    expect(Object.values(audio)).toEqual([10 * 0.2 * 24_000, 2 * 0.2 * 24_000]);
    expect(words(session.remoteItems).slice(2)).toEqual(['user: Stop', 'assistant: Very well']);
    check();
  });

  it('manual turns: commit, then a reply that the wire gives anyway', async () => {
    const { session, speak, clock, check } = await talk(
      { turns: [{ hears: 'Are you open', says: 'Yes' }] },
      { turnDetection: null },
    );
    await speak(400);
    await session.commitAudio();
    const reply = session.generateReply();
    await clock.advance(2000);
    await reply;
    expect(words(session.remoteItems)).toEqual(['user: Are you open', 'assistant: Yes']);
    check();
  });

  it('history, instructions and tools reach the model behind', async () => {
    const { session, clock, check } = await talk(
      // Instructions of one reply are a turn of the user on this wire.
      { turns: [{ says: 'Hello' }, { says: 'As I said' }] },
      {},
      {
        history: [
          { kind: 'message', id: 'h1', role: 'user', parts: [{ kind: 'text', text: 'Hi' }] },
          { kind: 'message', id: 'h2', role: 'assistant', parts: [{ kind: 'text', text: 'Hello' }] },
        ],
      },
    );
    const reply = session.generateReply({ instructions: 'Repeat.' });
    await clock.advance(2000);
    await reply;
    expect(words(session.remoteItems)).toEqual(['user: Hi', 'assistant: Hello', 'assistant: As I said']);
    check();
  });

  it('what the wire cannot: truncation and removal are noted, not pretended', async () => {
    const model = 'gemini-2.5-flash-native-audio-latest';
    const { session, clock, check } = await talk({ turns: [{ says: 'Good day' }] }, { model });
    const reply = session.generateReply();
    await clock.advance(2000);
    await reply;
    await session.truncate({ itemId: session.remoteItems[0]!.id, heardMs: 100 });
    await expect(session.say('Exactly this')).rejects.toMatchObject({ code: 'unsupported' });
    check();
  });

  it('instructions that it takes only in a setup: another connection has them, and the history', async () => {
    const model = 'gemini-2.5-flash-native-audio-latest';
    const { session, clock, check } = await talk({ turns: [{ says: 'Good day' }] }, { model });
    const moved: unknown[] = [];
    session.on('session_reconnected', (event) => moved.push(event));
    const first = session.generateReply();
    await clock.advance(2000);
    await first;
    const changed = session.updateInstructions('Other');
    await clock.advance(2000);
    await changed;
    expect(moved).toHaveLength(1);
    expect(session.instructions).toBe('Other');
    const second = session.generateReply();
    await clock.advance(2000);
    await second;
    // The script of the other connection begins anew.
    expect(words(session.remoteItems)).toEqual(['assistant: Good day', 'assistant: Good day']);
    check();
  });
});

const models = [
  'gemini-3.8-live',
  'gemini-3.8-live-extended-thinking',
  'gemini-3.1-flash-live-preview',
  'gemini-2.5-flash-native-audio-latest',
];

describe.each(models)('%s over our wire over a script', (model) => {
  const tool = {
    name: 'book',
    parameters: { type: 'object', properties: { seats: { type: 'integer' } }, additionalProperties: false },
  };

  it('history, a typed turn, a spoken one with a call, and a barge-in', async () => {
    const { session, speak, silence, clock, check } = await talk(
      {
        turns: [
          // Of the history's own question, and of the blank one that 2.5 needs behind an answer.
          { says: 'Hello' },
          ...(model.includes('2.5') ? [{ says: 'Blank' }] : []),
          { says: 'Good day' },
          {
            hears: 'Book a table',
            calls: [{ name: 'book', args: { seats: 4 } }],
            thenSays: 'Booked as {result.as}',
          },
          { hears: 'Tell me more', says: 'One two three four five six seven eight nine ten' },
          { hears: 'Stop', says: 'Ok' },
        ],
      },
      { model },
      {
        config: { tools: [tool] },
        history: [
          { kind: 'message', id: 'h1', role: 'user', parts: [{ kind: 'text', text: 'Hi' }] },
          { kind: 'message', id: 'h2', role: 'assistant', parts: [{ kind: 'text', text: 'Hello' }] },
        ],
      },
    );
    const said: string[] = [];
    const outcomes: string[] = [];
    session.on('generation_text', ({ text, how }) => how === 'final' && said.push(text));
    session.on('generation_ended', ({ outcome }) => outcomes.push(outcome));
    session.on('generation_call', ({ callId, name }) => {
      void session.answer({ callId, name, output: '{"as":"you"}' });
    });
    await session.addItem({
      kind: 'message',
      id: 'typed',
      role: 'user',
      parts: [{ kind: 'text', text: 'Good day' }],
    });
    const reply = session.generateReply();
    await clock.advance(3000);
    await reply;
    await speak(600);
    await silence(1200);
    await clock.advance(4000);
    await speak(600);
    await silence(1200);
    await speak(600);
    await silence(1500);
    await clock.advance(4000);
    expect(said).toEqual([
      'Good day',
      'Booked as you',
      'One two three four five six seven eight nine ten',
      'Ok',
    ]);
    expect(outcomes).toEqual(['completed', 'completed', 'completed', 'cancelled', 'completed']);
    expect(session.isReplying).toBe(false);
    check();
  });
});
