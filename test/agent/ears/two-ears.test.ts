import { describe, expect, test } from 'vitest';
import { type Script, scriptStt } from '../../../src/cascade/index.js';
import type { FakeClock } from '../../../src/testing/index.js';
import { call } from './bench.js';

const script: Script = {
  turns: [
    { hears: 'my number is one two three four six', says: 'Thank you.' },
    { hears: 'that is all', says: 'Goodbye to you.' },
  ],
};
const better = [{ hears: 'my number is 12345' }, { hears: 'that is all' }];
const beside = (turns: Script['turns'], record?: 'stt' | 'model' | 'both') => (clock: FakeClock) => ({
  stt: scriptStt(turns, clock),
  ...(record === undefined ? {} : { transcripts: { record } }),
});

describe('two ears on one turn', () => {
  test('each tells what it understood, labelled, with its place on the line and its item', async () => {
    const { told, say, session, close } = await call(script, { session: beside(better) });
    await say(900, 900);
    const finals = told('user_input_transcribed').filter(({ isFinal }) => isFinal);
    expect(finals.map(({ source, transcript, isRecord }) => [source, transcript, isRecord]).sort()).toEqual([
      ['model', 'my number is one two three four six', false],
      ['stt', 'my number is 12345', true],
    ]);
    const [first, second] = finals;
    expect(first?.turnId).toBe(second?.turnId);
    expect(first?.itemId).toBe(second?.itemId);
    expect(session.history.has(first?.itemId ?? '')).toBe(true);
    const stt = finals.find(({ source }) => source === 'stt');
    expect(stt?.span?.fromMs).toBe(0);
    expect(stt?.span?.toMs).toBeGreaterThan(1_300);
    expect(stt?.words?.at(-1)?.text).toBe('12345');
    expect(stt?.words?.at(-1)?.toMs).toBeCloseTo(stt?.span?.toMs ?? 0, 0);
    const interims = told('user_input_transcribed').filter(
      (event) => !event.isFinal && event.source === 'stt',
    );
    expect(interims.map(({ transcript }) => transcript)).toContain('my number');
    await close();
  });

  test.each([
    ['both', 'my number is 12345'],
    ['stt', 'my number is 12345'],
    ['model', 'my number is one two three four six'],
  ] as const)('record: %s -> the history has it once', async (record, text) => {
    const { told, say, texts, close } = await call(script, { session: beside(better, record) });
    await say(900, 3_000);
    expect(texts()).toEqual([`user: ${text}`, 'assistant: Thank you.']);
    const added = told('conversation_item_added').filter(
      ({ item }) => item.kind === 'message' && item.role === 'user',
    );
    expect(added).toHaveLength(1);
    await close();
  });

  test('the model’s own transcription off: the history is filled by the stt', async () => {
    const { told, say, texts, close } = await call(script, {
      session: beside(better),
      defaults: { transcription: null },
    });
    await say(900, 3_000);
    expect(texts()).toEqual(['user: my number is 12345', 'assistant: Thank you.']);
    expect(told('user_input_transcribed').every(({ source }) => source === 'stt')).toBe(true);
    await close();
  });

  test('no ear at all: the item is there, without words, and is told at once', async () => {
    const { told, say, close } = await call(script, { defaults: { transcription: null } });
    await say(900, 700);
    expect(told('conversation_item_added')[0]?.item).toMatchObject({ parts: [{ transcript: null }] });
    await close();
  });

  test('the stt fails -> error; the record is the model’s where both may be', async () => {
    const failing: Script['turns'] = [{ hears: 'lost', faults: { transcription: 'failed' } }];
    const { told, say, texts, close } = await call(script, { session: beside(failing) });
    await say(900, 900);
    expect(told('error')).toMatchObject([{ code: 'stt_failed' }]);
    expect(texts()[0]).toBe('user: my number is one two three four six');
    await close();
  });

  test('the stt fails where it alone is the record: no words', async () => {
    const failing: Script['turns'] = [{ hears: 'lost', faults: { transcription: 'failed' } }];
    const { session, told, say, close } = await call(script, { session: beside(failing, 'stt') });
    await say(900, 900);
    const [item] = session.history.items;
    expect(item).toMatchObject({ role: 'user', parts: [{ transcript: null }] });
    expect(told('conversation_item_added').filter(({ item: { id } }) => id === item?.id)).toHaveLength(1);
    await close();
  });

  test('a late ear fills the place of its turn, and nothing twice', async () => {
    const late: Script['turns'] = [
      { hears: 'first', faults: { transcriptionLateMs: 5_000 } },
      { hears: 'second' },
    ];
    const { clock, told, say, texts, close } = await call(script, { session: beside(late) });
    await say(600, 2_500);
    expect(texts()).toEqual(['user: ', 'assistant: Thank you.']);
    await say(600, 2_000);
    await clock.advance(3_000);
    expect(texts()).toEqual([
      'user: first',
      'assistant: Thank you.',
      'user: second',
      'assistant: Goodbye to you.',
    ]);
    const added = told('conversation_item_added').filter(
      ({ item }) => item.kind === 'message' && item.role === 'user',
    );
    expect(added).toHaveLength(2);
    await close();
  });

  test('later than is waited for: announced without them, then still put in their place', async () => {
    const late: Script['turns'] = [{ hears: 'very late', faults: { transcriptionLateMs: 4_000 } }];
    const { clock, told, say, texts, session, close } = await call(script, {
      session: (fake) => ({ stt: scriptStt(late, fake), transcripts: { record: 'stt', timeoutMs: 1_000 } }),
    });
    await say(600, 500 + 1_200);
    expect(told('error')).toMatchObject([{ code: 'transcript_timeout' }]);
    const users = () =>
      told('conversation_item_added').filter(({ item }) => item.kind === 'message' && item.role === 'user');
    expect(users()).toHaveLength(1);
    await clock.advance(4_000);
    expect(texts()[0]).toBe('user: very late');
    expect(users()).toHaveLength(1);
    expect(session.transcripts.last()?.text).toBe('very late');
    await close();
  });

  test('words in two rates: the stt gets the turn, from before its first sound, at its own', async () => {
    const { say, session, clock, close } = await call(script, { session: beside(better) });
    await clock.advance(2_000);
    await say(900, 900);
    const [record, other] = session.transcripts.of(session.transcripts.last()?.turnId ?? '');
    expect(record?.source).toBe('stt');
    // The wire tells the start with its prefix of 300 ms.
    expect(record?.span?.fromMs).toBeGreaterThan(1_650);
    expect(record?.span?.fromMs).toBeLessThan(1_750);
    expect(other?.span?.fromMs).toBeCloseTo(record?.span?.fromMs ?? 0, -2);
    await close();
  });
});

describe('session.transcripts', () => {
  test('the last turn by source, of a time, its alternatives', async () => {
    const { say, session, close } = await call(script, { session: beside(better) });
    await say(900, 3_000);
    const firstEnd = session.transcripts.last()?.span?.toMs ?? 0;
    await say(600, 3_000);
    const { transcripts } = session;
    expect(transcripts.last('model')?.text).toBe('that is all');
    expect(transcripts.between(0, firstEnd).map(({ text }) => text)).toEqual([
      'my number is 12345',
      'my number is one two three four six',
    ]);
    const [half] = transcripts.between(0, firstEnd / 2, 'stt');
    expect(half?.text).toBe('my number');
    expect(transcripts.of('nobody')).toEqual([]);
    await close();
  });

  test('settled: resolves with the final words; rejects by time, for what is no turn, and at the close', async () => {
    const late: Script['turns'] = [
      { hears: 'first', faults: { transcriptionLateMs: 3_000 } },
      { hears: 'never', faults: { transcriptionLateMs: 9_000 } },
    ];
    const { clock, told, say, session, close } = await call(script, { session: beside(late) });
    const { transcripts } = session;
    await say(600, 700);
    const [{ turnId = '' } = {}] = told('user_input_transcribed');
    const tooSoon = transcripts.settled(turnId, { source: 'stt', timeoutMs: 1_000 });
    const inTime = transcripts.settled(turnId);
    const timedOut = expect(tooSoon).rejects.toMatchObject({ code: 'transcript_timeout' });
    await clock.advance(1_000);
    await timedOut;
    await clock.advance(2_000);
    await expect(inTime).resolves.toMatchObject({ text: 'first', source: 'stt', isFinal: true });
    await expect(transcripts.settled(turnId, { source: 'model' })).resolves.toMatchObject({
      source: 'model',
    });
    await expect(transcripts.settled('turn_x')).rejects.toMatchObject({ code: 'illegal_command' });
    await say(600, 700);
    const next = told('user_input_transcribed').at(-1)?.turnId ?? '';
    const closed = expect(transcripts.settled(next)).rejects.toMatchObject({ code: 'closed' });
    await close();
    await closed;
    await expect(transcripts.settled(next)).rejects.toMatchObject({ code: 'closed' });
  });

  test('an ear that is not there is refused', async () => {
    const { say, session, told, close } = await call(script);
    await say(600, 700);
    const [{ turnId = '' } = {}] = told('user_input_transcribed');
    await expect(session.transcripts.settled(turnId, { source: 'stt' })).rejects.toMatchObject({
      code: 'unsupported',
    });
    await close();
  });
});
