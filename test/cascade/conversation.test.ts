import { describe, expect, it } from 'vitest';
import { type Script, scriptedModel } from '../../src/cascade/index.js';
import type { Config, Item } from '../../src/realtime/index.js';
import { type Caller, call, message } from './caller.js';

const manual: Partial<Config> = { turns: { owner: 'caller' } };
const vad = (rule: object): Partial<Config> => ({
  turns: { owner: 'wire', kind: 'server_vad', autoReply: true, autoCut: true, ...rule },
});
const hours = { hears: 'when are you open', says: 'From nine to five. Not on Sundays, I fear.' };
const thanks = { hears: 'thank you', says: 'You are welcome.' };

function talk(
  turns: Script['turns'],
  config: Partial<Config> = {},
  more: Partial<Script> = {},
): Promise<Caller> {
  return call(scriptedModel({ turns, ...more }), config);
}

/** One clause a second, so that there is something to interrupt. */
const slow = { clausePauseMs: 1000 };

function textOf(item: Item): string {
  if (item.kind !== 'message') return '';
  const [part] = item.parts;
  return part?.kind === 'audio' ? (part.transcript ?? 'null') : part?.kind === 'text' ? part.text : '';
}

describe('a spoken turn', () => {
  it('speech -> words -> reply, in the order of a realtime server', async () => {
    const caller = await talk([hours]);
    await caller.turn();
    expect(caller.story()).toEqual([
      'ready',
      'speech start turn_1',
      "heard append 'when'",
      "heard append ' are'",
      "heard append ' you'",
      "heard append ' open'",
      'speech stop turn_1',
      'committed item_1 after null',
      'item added item_1 after null',
      'item done item_1',
      "heard final 'when are you open'",
      'response resp_1 started',
      'item added item_2 after item_1',
      'part started item_2 audio',
      "said append 'From nine to five. '",
      'audio item_2',
      "said append 'Not on Sundays, '",
      'audio item_2',
      "said append 'I fear.'",
      'audio item_2',
      "said final 'From nine to five. Not on Sundays, I fear.'",
      'part done item_2 audio',
      'item done item_2',
      'response resp_1 completed',
    ]);
    caller.end();
  });

  it('tells positions with the prefix before and the silence behind', async () => {
    const caller = await talk([hours], vad({ silenceMs: 400, prefixMs: 250 }));
    await caller.silence(1000);
    await caller.turn(600);
    const [start, stop] = caller.of('speech');
    expect(start?.atMs).toBeCloseTo(750, -1.5);
    expect(stop?.atMs).toBeCloseTo(2010, -1.5);
    const [final] = caller.of('heard').filter((event) => event.how === 'final');
    expect([final?.fromMs, final?.toMs]).toEqual([start?.atMs, stop?.atMs]);
    caller.end();
  });

  it('never reaches back before the line, and finds two turns in one long chunk', async () => {
    const caller = await talk([hours, thanks], vad({ prefixMs: 5000, autoReply: false }));
    const { rateHz, link } = caller;
    const line = Int16Array.from({ length: rateHz * 4 }, (_, i) =>
      i % (2 * rateHz) < rateHz ? Math.round(9000 * Math.sin(i / 4)) : 0,
    );
    link.send({ t: 'audio', pcm: line, atMs: 0 });
    await caller.settle();
    const edges = caller.of('speech').map((event) => `${event.edge} ${Math.round((event.atMs ?? 0) / 100)}`);
    // The second turn begins where the first was committed, half a second of silence behind its speech.
    expect(edges).toEqual(['start 0', 'stop 15', 'start 15', 'stop 35']);
    caller.end();
  });

  it('sends audio at 24 kHz in chunks of 100 ms, with the times of its words', async () => {
    const caller = await talk([hours], {}, { audioMsPerWord: 330 });
    await caller.turn();
    const lengths = caller.of('audio').map((event) => event.pcm.length);
    expect(Math.max(...lengths)).toBe(2400);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(9 * 330 * 24);
    const words = caller.of('said').flatMap((event) => event.words ?? []);
    expect(words).toHaveLength(9);
    expect(words[8]).toEqual({ text: 'fear', fromMs: 8 * 330, toMs: 9 * 330 });
    caller.end();
  });

  it('counts tokens of text as the language model does, of audio by its length', async () => {
    const caller = await talk([hours]);
    await caller.turn();
    const usage = caller.of('response').flatMap((event) => (event.phase === 'ended' ? [event.usage] : []))[0];
    expect(usage).toMatchObject({ inputTextTokens: 4, outputTextTokens: 9, outputAudioTokens: 36 });
    expect(usage?.inputTokens).toBe((usage?.inputTextTokens ?? 0) + (usage?.inputAudioTokens ?? 0));
    expect(usage?.totalTokens).toBe((usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0));
    caller.end();
  });

  it('has no reply when nothing was understood, and keeps the item', async () => {
    const caller = await talk([{ ...hours, faults: { transcription: 'empty' } }]);
    await caller.turn();
    expect(caller.story().slice(-4)).toEqual([
      'committed item_1 after null',
      'item added item_1 after null',
      'item done item_1',
      "heard final ''",
    ]);
    caller.end();
  });

  it('has no reply when the recogniser fails, and says so', async () => {
    const caller = await talk([{ ...hours, faults: { transcription: 'failed' } }]);
    await caller.turn();
    expect(caller.story().at(-1)).toBe("heard failed 'The script lets this transcription fail.'");
    caller.end();
  });

  it('waits for late words, and gives up on a recogniser that never answers', async () => {
    const caller = await talk([{ ...hours, faults: { transcriptionLateMs: 3000 } }]);
    await caller.turn();
    expect(caller.of('response')).toEqual([]);
    await caller.settle(3000);
    expect(caller.story().at(-1)).toBe('response resp_1 completed');
    const dead = await talk([{ ...hours, faults: { transcriptionLateMs: 60_000 } }]);
    await dead.turn();
    await dead.settle(70_000);
    expect(dead.story().at(-1)).toBe("heard failed 'The recogniser did not answer in time.'");
    dead.end();
  });

  it('keeps words to itself when transcription is off, and still answers', async () => {
    const caller = await talk([hours], { transcription: null });
    await caller.turn();
    expect(caller.of('heard')).toEqual([]);
    expect(caller.story().at(-1)).toBe('response resp_1 completed');
    caller.end();
  });

  it('waits longer under semantic VAD, by eagerness', async () => {
    const rule = (eagerness: string) => vad({ kind: 'semantic_vad', eagerness });
    const low = await talk([hours], rule('low'));
    const high = await talk([hours], rule('high'));
    for (const caller of [low, high]) await caller.turn();
    expect([low.of('committed').length, high.of('committed').length]).toEqual([0, 1]);
    await low.silence(1100);
    expect(low.of('committed').length).toBe(1);
  });
});

describe('interruption', () => {
  it('speech -> cancel -> cut leaves in the history what was heard', async () => {
    const caller = await talk([hours, thanks], {}, slow);
    await caller.turn();
    await caller.settle(1000);
    expect(caller.story().at(-1)).toBe('audio item_2');
    await caller.speak(400);
    expect(caller.story().slice(0, 5)).toEqual([
      'speech start turn_2',
      "said final 'From nine to five. Not on Sundays, '",
      'part done item_2 audio',
      'item done item_2',
      'response resp_1 cancelled turn_detected',
    ]);
    // Word middles at 100, 300, 500, … ms: "From nine to" was heard.
    await caller.send('item.cut', { item: 'item_2', part: 0, heardMs: 550, heardText: 'ignored' });
    const [cut] = caller.of('item').filter((event) => event.phase === 'cut');
    expect([textOf(cut!.item), cut?.heardMs]).toEqual(['From nine to', 550]);
    await caller.silence(600);
    expect(caller.story()).toContain('response resp_2 started');
    await caller.send('item.fetch', { item: 'item_2' });
    const [fetched] = caller.of('item').filter((event) => event.phase === 'fetched');
    const part = fetched?.item.kind === 'message' ? fetched.item.parts[0] : undefined;
    expect(part?.kind === 'audio' && part.pcm?.length).toBe(550 * 24);
    caller.end();
  });

  it('leaves the response alone with autoCut off, and answers the turn after it', async () => {
    const caller = await talk([hours, thanks], vad({ autoCut: false }), slow);
    await caller.turn();
    await caller.turn();
    await caller.settle(9000);
    const ends = caller.story().filter((line) => line.startsWith('response'));
    expect(ends).toEqual([
      'response resp_1 started',
      'response resp_1 completed',
      'response resp_2 started',
      'response resp_2 completed',
    ]);
    caller.end();
  });

  it('does not cut what may not be cut, but stops it when told', async () => {
    const caller = await talk([hours], {}, slow);
    await caller.send('say', { text: 'This call is recorded. Please listen.', cuttable: false });
    await caller.speak(300);
    expect(caller.story().filter((line) => line.startsWith('response'))).toEqual(['response resp_1 started']);
    await caller.send('stop', {});
    expect(caller.story()).toContain('response resp_1 cancelled client_cancelled');
    caller.end();
  });

  it('cancels the response that still speaks into an item that is cut or removed', async () => {
    const caller = await talk([hours], {}, slow);
    await caller.turn();
    await caller.send('item.cut', { item: 'item_2', part: 0, heardMs: 0, heardText: '' });
    expect(caller.story().slice(-5)).toEqual([
      "said final 'From nine to five. '",
      'part done item_2 audio',
      'item done item_2',
      'response resp_1 cancelled client_cancelled',
      'item cut item_2',
    ]);
    caller.end();
  });

  it('answers only the second of two turns when the first was not finished', async () => {
    const caller = await talk([{ ...hours, faults: { transcriptionLateMs: 500 } }, thanks]);
    await caller.turn();
    await caller.speak(700);
    expect(caller.of('response')).toEqual([]);
    await caller.silence(600);
    expect(caller.story().at(-1)).toBe('response resp_1 completed');
    caller.end();
  });
});

describe('turns by hand', () => {
  it('audio -> commit -> reply, which waits for the words', async () => {
    const caller = await talk([{ ...hours, faults: { transcriptionLateMs: 200 } }], manual);
    await caller.turn();
    expect(caller.story().filter((line) => !line.startsWith('heard'))).toEqual(['ready']);
    await caller.send('activity', { edge: 'end' });
    await caller.send('reply', {});
    expect(caller.story()).toEqual([
      'ack cmd_1 item_1',
      'committed item_1 after null',
      'item added item_1 after null',
      'item done item_1',
      'ack cmd_2',
      'response resp_1 started',
    ]);
    await caller.settle(200);
    expect(caller.story().slice(0, 2)).toEqual([
      "heard final 'when are you open'",
      'item added item_3 after item_1',
    ]);
    caller.end();
  });

  it('refuses a commit of less than 100 ms, and after a discard', async () => {
    const caller = await talk([hours], manual);
    await caller.speak(80);
    await caller.send('activity', { edge: 'end' });
    await caller.speak(400);
    await caller.send('activity', { edge: 'discard' });
    await caller.send('activity', { edge: 'end' });
    expect(caller.story()).toEqual([
      'ready',
      'refused input_audio_buffer_commit_empty (benign)',
      "heard append 'when'",
      'ack cmd_2',
      'cleared',
      'refused input_audio_buffer_commit_empty (benign)',
    ]);
    caller.end();
  });

  it('commits by hand under VAD: in the middle of speech, and where no speech was found', async () => {
    const caller = await talk([hours, thanks]);
    await caller.speak(400);
    await caller.send('activity', { edge: 'end' });
    await caller.silence(500);
    await caller.send('activity', { edge: 'end' });
    const lines = caller.story().filter((line) => !line.startsWith('heard append'));
    expect(lines).toEqual([
      'ready',
      'speech start turn_1',
      'ack cmd_1 item_1',
      'speech stop turn_1',
      'committed item_1 after null',
      'item added item_1 after null',
      'item done item_1',
      "heard final 'when are you open'",
      'ack cmd_2 item_2',
      'committed item_2 after item_1',
      'item added item_2 after item_1',
      'item done item_2',
      "heard final 'thank you'",
    ]);
    caller.end();
  });

  it('discards speech, and ends it at the end of the stream', async () => {
    const caller = await talk([hours]);
    await caller.speak(300);
    await caller.send('activity', { edge: 'discard' });
    await caller.speak(300);
    await caller.send('activity', { edge: 'flush' });
    const lines = caller.story().filter((line) => /speech|committed|completed/.test(line));
    expect(lines).toEqual([
      'speech start turn_1',
      'speech discarded turn_1',
      'speech start turn_2',
      'speech stop turn_2',
      'committed item_2 after null',
      'response resp_1 completed',
    ]);
    caller.end();
  });

  it('drops audio beyond the limit of an uncommitted utterance, and says so once', async () => {
    const caller = await talk([hours], manual);
    await caller.speak(125_000, 5000);
    expect(caller.story().filter((line) => line.startsWith('refused'))).toEqual([
      'refused input_audio_buffer_full',
    ]);
    await caller.send('activity', { edge: 'end' });
    expect(caller.story()).toContain('committed item_1 after null');
    caller.end();
  });
});

describe('items', () => {
  it('text turn', async () => {
    const caller = await talk([hours], { ...manual, output: 'text' });
    await caller.send('item.add', { item: message('user', 'When are you open?', 'mine') });
    await caller.send('reply', { metadata: { topic: 'hours' } });
    expect(caller.story()).toEqual([
      'ready',
      'ack cmd_1 mine',
      'item added mine after null',
      'item done mine',
      'ack cmd_2',
      'response resp_1 started',
      'item added item_2 after mine',
      'part started item_2 text',
      ...['From ', 'nine ', 'to ', 'five. ', 'Not ', 'on ', 'Sundays, ', 'I ', 'fear.'].map(
        (word) => `said append '${word}'`,
      ),
      "said final 'From nine to five. Not on Sundays, I fear.'",
      'part done item_2 text',
      'item done item_2',
      'response resp_1 completed',
    ]);
    caller.end();
  });

  it('tells the history of the opening, with the ids wished for', async () => {
    const caller = await call(scriptedModel({ turns: [hours, thanks] }), manual, [
      message('user', 'when are you open', 'a'),
      message('assistant', 'From nine.', ''),
      message('user', 'thank you', 'c'),
    ]);
    await caller.send('reply', {});
    const lines = caller.story();
    expect(lines.filter((line) => line.startsWith('item added'))).toEqual([
      'item added a after null',
      'item added item_1 after a',
      'item added c after item_1',
      'item added item_3 after c',
    ]);
    expect(lines).toContain("said final 'You are welcome.'");
    caller.end();
  });

  it('inserts after, first, and last; removes; refuses what cannot be', async () => {
    const caller = await talk([hours], manual);
    await caller.send('item.add', { item: message('user', 'b', 'b') });
    await caller.send('item.add', { item: message('user', 'a', 'a'), after: null });
    await caller.send('item.add', { item: message('user', 'c', 'c'), after: 'a' });
    await caller.send('item.remove', { item: 'c' });
    await caller.send('item.add', { item: message('user', 'd', 'd'), after: 'c' });
    await caller.send('item.add', { item: message('user', 'a', 'a') });
    await caller.send('item.remove', { item: 'c' });
    await caller.send('item.fetch', { item: 'c' });
    await caller.send('item.cut', { item: 'c', part: 0, heardMs: 0, heardText: '' });
    await caller.send('item.cut', { item: 'a', part: 0, heardMs: 0, heardText: '' });
    const image: Item = {
      kind: 'message',
      id: '',
      role: 'user',
      parts: [{ kind: 'image', mime: 'image/png', data: new Uint8Array(4) }],
    };
    await caller.send('item.add', { item: image });
    await caller.send('image', { data: new Uint8Array(4), mime: 'image/png', atMs: 0 });
    expect(caller.story().filter((line) => !line.startsWith('ack'))).toEqual([
      'ready',
      'item added b after null',
      'item done b',
      'item added a after null',
      'item done a',
      'item added c after a',
      'item done c',
      'item removed c',
      'refused item_not_found',
      'refused item_already_exists',
      'refused item_delete_invalid_item_id',
      'refused item_retrieve_invalid_item_id',
      'refused item_truncate_invalid_item_id (benign)',
      'refused unsupported_content_type',
      'refused unsupported_content_type',
      'refused unsupported_content_type',
    ]);
    caller.end();
  });

  it('takes names of inherited properties for ids like any other', async () => {
    const caller = await talk([hours], manual);
    for (const id of ['constructor', '__proto__']) {
      await caller.send('item.remove', { item: id });
      await caller.send('item.add', { item: message('user', 'x', id) });
      await caller.send('item.remove', { item: id });
    }
    const all = caller.story().filter((line) => /item removed|refused/.test(line));
    const refusal = 'refused item_delete_invalid_item_id';
    expect(all).toEqual([refusal, 'item removed constructor', refusal, 'item removed __proto__']);
    caller.end();
  });

  it('hears audio that comes in an item, before it replies', async () => {
    const caller = await talk([hours], manual);
    const pcm = new Int16Array(24_000).fill(500);
    await caller.send('item.add', {
      item: { kind: 'message', id: 'u', role: 'user', parts: [{ kind: 'audio', transcript: null, pcm }] },
    });
    await caller.send('reply', {});
    const lines = caller.story();
    expect(lines.filter((line) => line.startsWith('heard'))).toContain("heard final 'when are you open'");
    expect(lines.at(-1)).toBe('response resp_1 completed');
    await caller.send('item.fetch', { item: 'u' });
    const [fetched] = caller.of('item');
    const part = fetched?.item.kind === 'message' ? fetched.item.parts[0] : undefined;
    expect(part).toMatchObject({ transcript: 'when are you open', pcm });
    caller.end();
  });

  it('fetches what the user said, with its audio and words', async () => {
    const caller = await talk([hours]);
    await caller.turn(800);
    await caller.send('item.fetch', { item: 'item_1' });
    const item = caller.of('item').at(-1)?.item;
    expect(item && textOf(item)).toBe('when are you open');
    const part = item?.kind === 'message' ? item.parts[0] : undefined;
    const ms = part?.kind === 'audio' ? (part.pcm?.length ?? 0) / 24 : 0;
    expect(ms).toBeGreaterThanOrEqual(1280);
    expect(ms).toBeLessThanOrEqual(1320);
    caller.end();
  });

  it('refuses a cut beyond the audio', async () => {
    const caller = await talk([hours]);
    await caller.turn();
    await caller.send('item.cut', { item: 'item_2', part: 0, heardMs: 1801, heardText: '' });
    await caller.send('item.cut', { item: 'item_2', part: 1, heardMs: 0, heardText: '' });
    await caller.send('item.cut', { item: 'item_2', part: 0, heardMs: 1800, heardText: '' });
    expect(caller.story().slice(-4)).toEqual([
      'refused invalid_value (benign)',
      'refused unsupported_content_type',
      'ack cmd_3 item_2',
      'item cut item_2',
    ]);
    caller.end();
  });

  it('removes the oldest item when the conversation is full', async () => {
    const caller = await talk([hours], manual);
    for (let i = 0; i < 1001; i++) await caller.send('item.add', { item: message('user', 'x', `m${i}`) });
    expect(caller.story().filter((line) => line.startsWith('item removed'))).toEqual(['item removed m0']);
    caller.end();
  });
});

describe('tools', () => {
  const book = {
    hears: 'book me in',
    says: 'One moment.',
    calls: [
      { name: 'book', args: { day: 'monday' } },
      { name: 'remind', args: {} },
    ],
    thenSays: 'You are booked for {result.day}.',
  };

  it('call -> answer -> reply; nothing starts by itself', async () => {
    const caller = await talk([book]);
    await caller.turn();
    const calls = caller.of('call').map((event) => `${event.phase} ${event.call} ${event.args}`);
    expect(calls).toEqual([
      'args call_1 {"day":"monday"}',
      'ready call_1 {"day":"monday"}',
      'args call_2 {}',
      'ready call_2 {}',
    ]);
    caller.story();
    const result = { isError: false, then: 'speak' } as const;
    await caller.send('answer', { call: 'call_2', name: 'remind', output: 'ok', more: true, ...result });
    await caller.send('answer', {
      call: 'call_1',
      name: 'book',
      output: '{"day":"Monday"}',
      more: false,
      ...result,
    });
    await caller.send('answer', { call: 'call_1', name: 'book', output: '', more: false, ...result });
    await caller.send('answer', { call: 'call_9', name: 'book', output: '', more: false, ...result });
    expect(caller.story()).toEqual([
      'ack cmd_1 item_5',
      'item added item_5 after item_4',
      'item done item_5',
      'ack cmd_2 item_6',
      'item added item_6 after item_5',
      'item done item_6',
      'refused invalid_tool_call_id',
      'refused invalid_tool_call_id',
    ]);
    await caller.send('reply', {});
    expect(caller.story()).toContain("said final 'You are booked for Monday.'");
    caller.end();
  });

  it('has no calls when the reply forbids them', async () => {
    const caller = await talk([book], vad({ autoReply: false }));
    await caller.turn();
    await caller.send('reply', { overrides: { toolChoice: 'none' } });
    expect(caller.of('call')).toEqual([]);
    caller.end();
  });
});

describe('replies', () => {
  it('greets when nobody has spoken', async () => {
    const caller = await talk([hours], {}, { greeting: 'Good morning.' });
    await caller.send('reply', {});
    expect(caller.story()).toContain("said final 'Good morning.'");
    caller.end();
  });

  it('refuses a second one and a needless stop, as races', async () => {
    const caller = await talk([hours], {}, slow);
    await caller.send('stop', {});
    await caller.send('say', { text: 'One. Two.', cuttable: true });
    await caller.send('reply', {});
    await caller.send('say', { text: 'Three.', cuttable: true });
    await caller.send('stop', { response: 'resp_9' });
    await caller.send('stop', { response: 'resp_1' });
    await caller.send('stop', { response: 'resp_1' });
    expect(caller.story().filter((line) => /refused|response/.test(line))).toEqual([
      'refused response_cancel_not_active (benign)',
      'response resp_1 started',
      'refused conversation_already_has_active_response (benign)',
      'refused conversation_already_has_active_response (benign)',
      'refused response_cancel_not_active (benign)',
      'response resp_1 cancelled client_cancelled',
      'refused response_cancel_not_active (benign)',
    ]);
    caller.end();
  });

  it('out of band: beside the conversation, with its own input, untouched by speech', async () => {
    const caller = await talk([hours, thanks], {}, slow);
    await caller.turn();
    await caller.send('reply', {
      outOfBand: true,
      input: [message('user', 'thank you')],
      overrides: { output: 'text' },
      metadata: { kind: 'aside' },
    });
    const lines = caller.story();
    expect(lines.slice(lines.indexOf('response resp_2 started'))).toEqual([
      'response resp_2 started',
      'part started item_3 text',
      "said append 'You '",
      "said append 'are '",
      "said append 'welcome.'",
      "said final 'You are welcome.'",
      'part done item_3 text',
      'response resp_2 completed',
    ]);
    await caller.send('reply', { outOfBand: true });
    await caller.speak(300);
    const after = caller.story();
    expect(after).toContain('response resp_1 cancelled turn_detected');
    await caller.settle(9000);
    expect([...after, ...caller.story()]).toContain('response resp_3 completed');
    caller.end();
  });

  it('fails, stops at its limit, or has no audio, as the script wants', async () => {
    const caller = await talk(
      (['failed', 'incomplete', 'mute', 'silent'] as const).map((response, index) => ({
        hears: `line ${index}`,
        says: 'I say this.',
        faults: { response },
      })),
    );
    for (let i = 0; i < 4; i++) await caller.turn();
    expect(caller.of('audio').map((event) => event.item)).not.toContain('item_6');
    const lines = caller.story();
    expect(lines.filter((line) => /^response \S+ [^s]/.test(line))).toEqual([
      'response resp_1 failed llm_failed',
      'response resp_2 incomplete max_output_tokens',
      'response resp_3 completed',
      'response resp_4 completed',
    ]);
    caller.end();
  });

  it('is failed when nothing comes of it for a minute', async () => {
    const caller = await talk([{ ...hours, faults: { responseLateMs: 90_000 } }]);
    await caller.turn();
    await caller.settle(61_000);
    expect(caller.story().at(-1)).toBe('response resp_1 failed reply_timeout');
    await caller.settle(60_000);
    expect(caller.story()).toEqual([]);
    caller.end();
  });

  it('asks again after a silence, counted from the end of what was spoken', async () => {
    const caller = await talk([hours], vad({ idleTimeoutMs: 5000 }), { otherwise: 'Are you still there?' });
    await caller.turn();
    caller.story();
    await caller.settle(6600);
    expect(caller.story()).toEqual([]);
    await caller.settle(200);
    const lines = caller.story();
    expect(lines.slice(0, 5)).toEqual([
      'committed item_3 after item_2',
      'item added item_3 after item_2',
      'item done item_3',
      "heard final ''",
      'response resp_2 started',
    ]);
    expect(lines).toContain("said final 'Are you still there?'");
    caller.end();
  });
});

describe('configure', () => {
  it('takes a patch whole or not at all', async () => {
    const caller = await talk([hours], {}, { voices: ['ann', 'ben'] });
    await caller.send('configure', { patch: { voice: 'cy', output: 'text' } });
    await caller.send('configure', { patch: { voice: 'ben' } });
    await caller.send('reply', { overrides: { voice: 'cy' } });
    await caller.turn();
    const lines = caller.story();
    expect(lines.filter((line) => /refused|ack/.test(line))).toEqual([
      'refused invalid_value',
      'ack cmd_2',
      'refused invalid_value',
    ]);
    expect(lines.filter((line) => line.startsWith('part started'))).toEqual(['part started item_2 audio']);
    caller.end();
  });

  it('VAD -> by hand in the middle of speech: the caller commits what was said', async () => {
    const caller = await talk([hours]);
    await caller.speak(400);
    await caller.send('configure', { patch: { turns: null } });
    await caller.silence(800);
    await caller.send('activity', { edge: 'end' });
    const lines = caller.story().filter((line) => /speech|committed|final|response/.test(line));
    expect(lines).toEqual([
      'speech start turn_1',
      'speech stop turn_1',
      'committed item_1 after null',
      "heard final 'when are you open'",
    ]);
    caller.end();
  });

  it('by hand -> VAD: what was not committed is gone', async () => {
    const caller = await talk([hours], manual);
    await caller.speak(400);
    await caller.send('configure', { patch: vad({}) });
    await caller.silence(100);
    await caller.turn();
    expect(caller.story().filter((line) => /speech|committed/.test(line))).toEqual([
      'speech start turn_2',
      'speech stop turn_2',
      'committed item_2 after null',
    ]);
    caller.end();
  });
});

describe('the end', () => {
  it('emits closing and then nothing, in the middle of everything', async () => {
    const caller = await talk([hours, thanks], {}, slow);
    await caller.turn();
    caller.story();
    caller.link.send({ t: 'close', reason: 'done' });
    caller.link.send({ t: 'close' });
    await caller.settle();
    await caller.turn();
    await caller.send('reply', {});
    await caller.settle(9000);
    expect(caller.story()).toEqual(['closing closed done']);
    expect(caller.clock.pending).toBe(0);
    caller.end();
  });

  it('cannot resume, and takes no frames of a wire', async () => {
    const model = scriptedModel({ turns: [] });
    const resumed = await call(model, {}, [], 'handle');
    expect(resumed.story()).toEqual(['closing unsupported fatal']);
    const other = await call(model);
    other.link.send({ t: 'raw', wire: 'openai', frame: {} });
    await other.settle();
    expect(other.story()).toEqual(['ready', 'refused unsupported']);
  });

  it('never emits inside send', async () => {
    const caller = await talk([hours], manual);
    caller.story();
    caller.link.send({ t: 'activity', cmd: 'c', edge: 'end' });
    expect(caller.events).toEqual([]);
    await caller.settle();
    expect(caller.events).toHaveLength(1);
  });
});
