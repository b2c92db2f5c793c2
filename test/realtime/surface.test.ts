import { describe, expect, test } from 'vitest';
import { ChatContext, chatMessage } from '../../src/chat/index.js';
import { ConfigError } from '../../src/core/index.js';
import { ChatUpdateError, type Item, type Patch, type ToolSpec } from '../../src/realtime/index.js';
import { fullCapabilities, plainConfig } from './full-capabilities.js';
import { type ScriptedLink, stand, userMessage } from './scripted-link.js';

const second = { pcm: new Int16Array(24_000), sampleRateHz: 24_000, channels: 1 };
const tool = (name: string): ToolSpec => ({ name, parameters: { type: 'object', properties: {} } });

describe('pushAudio', () => {
  test.each([
    ['NaN for a rate', { sampleRateHz: Number.NaN }, 'sampleRateHz'],
    ['half a sample a second', { sampleRateHz: 8000.5 }, 'sampleRateHz'],
    ['no channels', { channels: 0 }, 'channels'],
    ['NaN channels', { channels: Number.NaN }, 'channels'],
    ['samples that two channels cannot share', { channels: 2, pcm: new Int16Array(3) }, 'pcm'],
    ['floats', { pcm: new Float32Array(4) as unknown as Int16Array }, 'pcm'],
  ])('%s -> option_invalid, and nothing is sent', async (_name, over, param) => {
    const { session, link } = await stand();
    expect(() => session.pushAudio({ ...second, ...over })).toThrow(ConfigError);
    expect(() => session.pushAudio({ ...second, ...over })).toThrow(expect.objectContaining({ param }));
    expect(link.all('audio')).toEqual([]);
    await session.close();
  });
});

describe('commitAudio', () => {
  const manual = {
    capabilities: { minCommitMs: 100 },
    model: { defaults: { ...plainConfig, turns: { owner: 'caller' as const } } },
  };

  test('less than the wire takes -> illegal_command before it is sent', async () => {
    const { session, link } = await stand(manual);
    await expect(session.commitAudio()).rejects.toMatchObject({ code: 'illegal_command' });
    session.pushAudio({ ...second, pcm: new Int16Array(2_399) });
    await expect(session.commitAudio()).rejects.toMatchObject({ code: 'illegal_command' });
    session.pushAudio({ ...second, pcm: new Int16Array(1) });
    const committed = session.commitAudio();
    link.confirm();
    await committed;
    await expect(session.commitAudio()).rejects.toMatchObject({ code: 'illegal_command' });
    expect(link.all('activity')).toHaveLength(1);
    await session.close();
  });

  test('what was cleared is not there to be committed', async () => {
    const { session, link } = await stand(manual);
    session.pushAudio(second);
    const cleared = session.clearAudio();
    link.confirm();
    await cleared;
    expect(link.last('activity').edge).toBe('discard');
    await expect(session.commitAudio()).rejects.toMatchObject({ code: 'illegal_command' });
    await session.close();
  });

  test('a wire that takes any length is asked, whatever there is', async () => {
    const { session, link } = await stand({ model: manual.model });
    const committed = session.commitAudio();
    link.confirm();
    await committed;
    expect(link.last('activity').edge).toBe('end');
    await session.close();
  });
});

describe('generateReply', () => {
  test('instructions, tools, tool choice, modality, input, beside the conversation, metadata: all of it goes out', async () => {
    const { session, link } = await stand();
    const input: Item[] = [userMessage('q', 'Quick?')];
    const reply = session.generateReply({
      instructions: 'Be short.',
      tools: [tool('look')],
      toolChoice: { name: 'look' },
      modalities: ['text'],
      input,
      outOfBand: true,
      metadata: { topic: 'x' },
    });
    const { cmd, ...sent } = link.last('reply');
    expect(sent).toEqual({
      t: 'reply',
      overrides: {
        instructions: 'Be short.',
        tools: [tool('look')],
        toolChoice: { name: 'look' },
        output: 'text',
      },
      input,
      outOfBand: true,
      metadata: { topic: 'x' },
    });
    link.begin('r1', cmd, true);
    expect(await reply).toMatchObject({ responseId: 'r1', userInitiated: true, outOfBand: true });
    await session.close();
  });

  test('a time of its own -> reply_timeout; what still begins is stopped and never heard', async () => {
    const { session, link, clock, told } = await stand({ hear: ['generation_audio'] });
    const reply = session.generateReply({ timeoutMs: 2_000 });
    const failed = expect(reply).rejects.toMatchObject({ code: 'reply_timeout' });
    await clock.advance(1_999);
    expect(session.isReplying).toBe(true);
    await clock.advance(1);
    await failed;
    expect(session.isReplying).toBe(false);
    link.begin('r1', link.last('reply').cmd);
    expect(link.last('stop').response).toBe('r1');
    link.say('r1', 'i1');
    expect(told).toEqual([]);
    await session.close();
  });

  test('a time of its own, beside the conversation -> it is stopped when it begins', async () => {
    const { session, link, clock, told } = await stand({ hear: ['generation_audio', 'reply_failed'] });
    const reply = session.generateReply({ outOfBand: true, timeoutMs: 1_000 });
    const message = expect.stringContaining('within 1000 ms');
    const failed = expect(reply).rejects.toMatchObject({ code: 'reply_timeout', message });
    await clock.advance(1_000);
    await failed;
    link.begin('r1', link.last('reply').cmd, true);
    expect(link.last('stop').response).toBe('r1');
    link.say('r1', 'i1');
    expect(told.map(({ name }) => name)).toEqual(['reply_failed']);
    await session.close();
  });

  test.each([0, -1, Number.NaN, 10_001])('timeoutMs %s -> option_invalid', async (timeoutMs) => {
    const { session, link } = await stand();
    await expect(session.generateReply({ timeoutMs })).rejects.toMatchObject({
      code: 'option_invalid',
      param: 'timeoutMs',
    });
    expect(link.all('reply')).toEqual([]);
    await session.close();
  });

  test('hasActiveGeneration: from the asking to the end', async () => {
    const { session, link } = await stand();
    const seen = [session.hasActiveGeneration];
    const reply = session.generateReply();
    seen.push(session.hasActiveGeneration);
    link.begin('r1', link.last('reply').cmd);
    await reply;
    seen.push(session.hasActiveGeneration);
    session.interrupt();
    seen.push(session.hasActiveGeneration);
    link.end('r1', { status: 'cancelled' });
    seen.push(session.hasActiveGeneration);
    expect(seen).toEqual([false, true, true, true, false]);
    await session.close();
  });

  test('interrupt where nothing runs sends nothing, and raises the epoch', async () => {
    const { session, link } = await stand();
    session.interrupt();
    expect(link.sent.map(({ t }) => t)).toEqual(['open']);
    expect(session.epoch).toBe(1);
    await session.close();
  });
});

describe('truncate', () => {
  const spoken: Item = {
    kind: 'message',
    id: 'a',
    role: 'assistant',
    parts: [{ kind: 'audio', transcript: 'One two three.' }],
  };
  const written: Item = { ...spoken, parts: [{ kind: 'text', text: 'One two three.' }] };

  test('speech -> cut at a whole millisecond, with the words', async () => {
    const { session, link } = await stand();
    link.tell({ t: 'item', phase: 'added', item: spoken, after: null, basis: 'wire' });
    const cut = session.truncate({ itemId: 'a', heardMs: 120.9, heardText: 'One' });
    link.confirm();
    await cut;
    expect(link.last('item.cut')).toMatchObject({ item: 'a', part: 0, heardMs: 120, heardText: 'One' });
    await session.close();
  });

  test('text -> the item is replaced by the words that were heard', async () => {
    const { session, link, told } = await stand({ hear: ['remote_item_truncated'] });
    link.tell({ t: 'item', phase: 'added', item: userMessage('u', 'Count.'), after: null, basis: 'wire' });
    link.tell({ t: 'item', phase: 'added', item: written, after: 'u', basis: 'wire' });
    const cut = session.truncate({ itemId: 'a', heardMs: 400, heardText: 'One two' });
    expect(link.last('item.remove').item).toBe('a');
    // Its double is not sent before it is gone.
    expect(link.all('item.add')).toEqual([]);
    link.confirm();
    await new Promise((resolve) => setImmediate(resolve));
    expect(link.last('item.add')).toMatchObject({
      after: 'u',
      item: { id: 'a', role: 'assistant', parts: [{ kind: 'text', text: 'One two' }] },
    });
    link.confirm();
    await cut;
    expect(told.map(({ event }) => event)).toEqual([{ itemId: 'a', heardMs: 400, basis: 'wire' }]);
    await session.close();
  });

  test('the modality says so -> an item with audio is replaced as well; no words -> it is removed', async () => {
    const { session, link } = await stand();
    link.tell({ t: 'item', phase: 'added', item: spoken, after: null, basis: 'wire' });
    const cut = session.truncate({ itemId: 'a', heardMs: 0, heardText: '', modalities: ['text'] });
    link.confirm();
    await cut;
    expect(link.sent.map(({ t }) => t)).toEqual(['open', 'item.remove']);
    await session.close();
  });

  test.each([
    ['cannot remove', { remove: false }, false],
    ['refuses it', {}, true],
  ])('a wire that %s -> only this side knows, and says so', async (_name, capabilities, refuses) => {
    const { session, link, told } = await stand({ capabilities, hear: ['remote_item_truncated', 'error'] });
    link.tell({ t: 'item', phase: 'added', item: written, after: null, basis: 'wire' });
    const cut = session.truncate({ itemId: 'a', heardMs: 400, heardText: 'One' });
    for (const command of refuses ? link.sent.slice(1) : []) {
      const cmd = 'cmd' in command ? command.cmd : '';
      link.tell({ t: 'refused', cmd, code: 'invalid_value', message: 'no', benign: false });
    }
    await cut;
    expect(link.all('item.cut')).toEqual([]);
    expect(told.map(({ event }) => event)).toEqual([{ itemId: 'a', heardMs: 400, basis: 'sent' }]);
    await session.close();
  });
});

describe('updateTools', () => {
  test('what no wire would take is named, with the reason, and not sent', async () => {
    const { session, link } = await stand();
    const circular: Record<string, unknown> = { type: 'object' };
    circular.properties = { self: circular };
    const bad: [unknown, RegExp][] = [
      [{ name: 'list', parameters: { type: 'array' } }, /'object'/],
      [{ name: 'none' }, /no JSON Schema/],
      [{ name: 'text', parameters: 'object' }, /no JSON Schema/],
      [{ name: 'props', parameters: { type: 'object', properties: [] } }, /properties/],
      [{ name: 'prop', parameters: { type: 'object', properties: { a: 7 } } }, /'a'/],
      [{ name: 'needs', parameters: { type: 'object', required: 'a' } }, /required/],
      [{ name: 'round', parameters: circular }, /JSON/],
      [{ name: '', parameters: { type: 'object' } }, /name/],
      [{ ...tool('told'), description: 7 }, /description/],
      [tool('good'), /another tool/],
    ];
    const update = session.updateTools([tool('good'), ...bad.map(([one]) => one as ToolSpec)]);
    link.confirm();
    const { retained, refused } = await update;
    expect(retained).toEqual(['good']);
    expect(refused.map(({ name }) => name)).toEqual(bad.map(([one]) => (one as ToolSpec).name));
    refused.forEach(({ reason }, index) => {
      expect(reason).toMatch(bad[index]![1]);
    });
    expect(link.last('configure').patch).toEqual({ tools: [tool('good')] });
    expect(session.tools).toEqual([tool('good')]);
    await session.close();
  });

  test('refused by the server -> rejects, and the tools stay as they were', async () => {
    const { session, link } = await stand();
    const update = session.updateTools([tool('look')]);
    const { cmd } = link.last('configure');
    link.tell({ t: 'refused', cmd, code: 'invalid_value', message: 'no', param: 'tools', benign: false });
    await expect(update).rejects.toMatchObject({ code: 'provider_refused', param: 'tools' });
    expect(session.tools).toEqual([]);
    await session.close();
  });
});

describe('updateOptions', () => {
  test('only what changed is sent, compared in depth; nothing where nothing did', async () => {
    const defaults = { ...plainConfig, tools: [tool('look')], vendor: { speed: 1, noise: { type: 'near' } } };
    const { session, link } = await stand({ model: { defaults } });
    await session.updateOptions({
      instructions: '',
      tools: [{ parameters: { properties: {}, type: 'object' }, name: 'look' }],
      turns: { ...plainConfig.turns },
      transcription: null,
    });
    expect(link.all('configure')).toEqual([]);
    const update = session.updateOptions({
      instructions: 'Be kind.',
      output: 'audio',
      vendor: { speed: 1.2, noise: { type: 'near' } },
    });
    link.confirm();
    await update;
    expect(link.last('configure').patch).toEqual({ instructions: 'Be kind.', vendor: { speed: 1.2 } });
    await session.close();
  });

  test('what is under way counts: back to what it was is a change', async () => {
    const { session, link } = await stand();
    const updates = [session.updateInstructions('One.'), session.updateInstructions('')];
    link.confirm();
    await Promise.all(updates);
    const patches = link.all('configure').map(({ patch }) => patch);
    expect(patches).toEqual([{ instructions: 'One.' }, { instructions: '' }]);
    expect(session.instructions).toBe('');
    await session.close();
  });

  test('transcription off is really off, and told where speech stops', async () => {
    const defaults = { ...plainConfig, transcription: {} };
    const { session, link, told } = await stand({ model: { defaults }, hear: ['input_speech_stopped'] });
    const update = session.updateOptions({ transcription: null });
    expect(link.last('configure').patch).toEqual({ transcription: null });
    link.confirm();
    await update;
    link.tell({ t: 'speech', edge: 'start', turn: 't', basis: 'wire' });
    link.tell({ t: 'speech', edge: 'stop', turn: 't', basis: 'wire' });
    expect(told.map(({ event }) => event)).toMatchObject([{ userTranscriptionEnabled: false }]);
    await session.close();
  });

  test('what can never change -> unsupported, and nothing of the update is sent', async () => {
    const { session, link } = await stand();
    await expect(session.updateOptions({ voice: 'other', instructions: 'x' })).rejects.toMatchObject({
      code: 'unsupported',
      param: 'voice',
    });
    expect(link.all('configure')).toEqual([]);
    expect(session.instructions).toBe('');
    await session.close();
  });

  test('what holds until the model has spoken: taken before, refused after, and free again on a new link', async () => {
    const configure = { ...fullCapabilities.configure, voice: 'before-audio' as const };
    const { session, link } = await stand({ capabilities: { configure } });
    const early = session.updateOptions({ voice: 'one' });
    link.confirm();
    await early;
    const reply = session.generateReply();
    link.begin('r1', link.last('reply').cmd);
    await reply;
    link.say('r1', 'i1');
    await expect(session.updateOptions({ voice: 'two' })).rejects.toMatchObject({ code: 'unsupported' });
    await expect(session.updateOptions({ voice: 'one' })).resolves.toBeUndefined();
    expect(link.all('configure')).toHaveLength(1);
    await session.close();
  });

  test('what the model does not take -> its own error, before anything is sent', async () => {
    const checked: Patch[] = [];
    const checkConfig = (config: Patch) => {
      checked.push(config);
      if (config.vendor?.speed === 9) throw new ConfigError('option_invalid', 'too fast', { param: 'speed' });
    };
    const { session, link } = await stand({ model: { checkConfig } });
    await expect(session.updateOptions({ vendor: { speed: 9 } })).rejects.toMatchObject({ param: 'speed' });
    expect(link.all('configure')).toEqual([]);
    expect(checked.at(-1)).toEqual({ ...plainConfig, vendor: { speed: 9 } });
    await session.close();
  });
});

describe('updateChatCtx', () => {
  test('server-side audio of which nobody wrote down the words stays', async () => {
    const { session, link } = await stand();
    link.tell({ t: 'item', phase: 'added', item: userMessage('u', null), after: null, basis: 'wire' });
    link.tell({ t: 'item', phase: 'added', item: userMessage('v', 'Old.'), after: 'u', basis: 'wire' });
    const update = session.updateChatCtx(new ChatContext([chatMessage('w', 'user', 'New.')]));
    link.confirm();
    await expect(update).resolves.toMatchObject({ diverged: [] });
    expect(link.all('item.remove').map(({ item }) => item)).toEqual(['v']);
    await session.close();
  });

  test('other words under the same id -> removed, and added in its place', async () => {
    const { session, link } = await stand();
    link.tell({ t: 'item', phase: 'added', item: userMessage('u', 'Hello.'), after: null, basis: 'wire' });
    link.tell({
      t: 'item',
      phase: 'added',
      item: userMessage('v', 'Are you  open?'),
      after: 'u',
      basis: 'wire',
    });
    const update = session.updateChatCtx(
      new ChatContext([chatMessage('u', 'user', 'Hello!'), chatMessage('v', 'user', 'Are you open?')]),
    );
    link.confirm();
    await expect(update).resolves.toEqual({ applied: ['u'], diverged: [] });
    expect(link.sent.slice(1)).toMatchObject([
      { t: 'item.remove', item: 'u' },
      { t: 'item.add', item: { id: 'u' }, after: null },
    ]);
    await session.close();
  });

  test('other words where the wire keeps what it has -> outdated, and nothing is sent', async () => {
    const { session, link } = await stand({ capabilities: { remove: false } });
    link.tell({ t: 'item', phase: 'added', item: userMessage('u', 'Hello.'), after: null, basis: 'wire' });
    const update = session.updateChatCtx(new ChatContext([chatMessage('u', 'user', 'Bye.')]));
    await expect(update).resolves.toMatchObject({
      applied: [],
      diverged: [{ itemId: 'u', want: 'present', have: 'outdated' }],
    });
    expect(link.sent.map(({ t }) => t)).toEqual(['open']);
    await session.close();
  });

  test('not confirmed at the deadline -> rejects with what is done and what has diverged', async () => {
    const { session, link, clock } = await stand();
    const chat = new ChatContext([chatMessage('a', 'user', 'One.'), chatMessage('b', 'user', 'Two.')]);
    const update = session.updateChatCtx(chat, { timeoutMs: 3_000 });
    const failed = update.catch((error: unknown) => error);
    link.tell({ t: 'ack', cmd: link.all('item.add')[0]!.cmd, basis: 'wire' });
    await clock.advance(3_000);
    const error = await failed;
    expect(error).toBeInstanceOf(ChatUpdateError);
    expect(error).toMatchObject({
      code: 'provider_failed',
      update: { applied: ['a'], diverged: [{ itemId: 'b', want: 'present', have: 'unknown' }] },
    });
    await session.close();
    expect(clock.pending).toBe(0);
  });

  test('a wire that never confirms -> it is done when it is sent', async () => {
    const { session, link } = await stand({ capabilities: { acks: 'none' } });
    const update = session.updateChatCtx(new ChatContext([chatMessage('a', 'user', 'One.')]));
    link.tell({ t: 'ack', cmd: link.last('item.add').cmd, basis: 'sent' });
    await expect(update).resolves.toEqual({ applied: ['a'], diverged: [] });
    await session.close();
  });

  test('two updates at once come one after the other', async () => {
    const { session, link, clock } = await stand();
    const chat = new ChatContext([chatMessage('a', 'user', 'One.')]);
    const first = session.updateChatCtx(chat);
    chat.remove('a');
    const second = session.updateChatCtx(chat);
    expect(link.all('item.add').map(({ item }) => item.id)).toEqual(['a']);
    link.tell({ t: 'item', phase: 'added', item: userMessage('a', 'One.'), after: null, basis: 'wire' });
    link.confirm();
    await first;
    await clock.advance(0);
    link.confirm();
    expect(await second).toEqual({ applied: ['a'], diverged: [] });
    expect(link.all('item.remove').map(({ item }) => item)).toEqual(['a']);
    await session.close();
  });
});

describe('views', () => {
  test('chatCtx: what the server holds, with the words written down since', async () => {
    const { session, link } = await stand();
    link.tell({ t: 'item', phase: 'added', item: userMessage('u', null), after: null, basis: 'wire' });
    link.tell({ t: 'heard', item: 'u', text: 'Hello there.', how: 'final' });
    const chat = session.chatCtx;
    expect(chat.message('u')?.parts).toEqual([{ kind: 'audio', transcript: 'Hello there.' }]);
    chat.remove('u');
    expect(session.chatCtx.ids()).toEqual(['u']);
    await session.close();
  });

  test('the ecosystem’s capability names are views of ours, by the settings in force', async () => {
    const { session, link } = await stand({ model: { defaults: { ...plainConfig, transcription: {} } } });
    expect(session.realtimeCapabilities).toEqual({
      messageTruncation: true,
      turnDetection: true,
      userTranscription: true,
      autoToolReplyGeneration: false,
      audioOutput: true,
      manualFunctionCalls: true,
      perResponseToolChoice: true,
    });
    const update = session.updateOptions({ turns: null, transcription: null, output: 'text' });
    link.confirm();
    await update;
    expect(session.realtimeCapabilities).toMatchObject({
      turnDetection: false,
      userTranscription: false,
      audioOutput: false,
    });
    await session.close();
    const able = { cut: 'none', toolReply: 'auto', history: 'opening', perReply: [] } as const;
    const other = await stand({ capabilities: able });
    expect(other.session.realtimeCapabilities).toMatchObject({
      messageTruncation: false,
      autoToolReplyGeneration: true,
      manualFunctionCalls: false,
      perResponseToolChoice: false,
    });
    await other.session.close();
  });
});

describe('MCP approvals', () => {
  test('asked -> told -> approved or not, with the reason', async () => {
    const { session, link, told } = await stand({
      capabilities: { hostedTools: true },
      hear: ['mcp_approval_requested'],
    });
    link.tell({ t: 'approval', approval: 'p1', call: 'c1', server: 'files', name: 'read', args: '{}' });
    link.tell({ t: 'approval', approval: 'p2', server: 'files', name: 'erase', args: '{}' });
    expect(told.map(({ event }) => event)).toEqual([
      { approvalId: 'p1', callId: 'c1', server: 'files', name: 'read', args: '{}' },
      { approvalId: 'p2', server: 'files', name: 'erase', args: '{}' },
    ]);
    const answers = [session.approve('p1', true), session.approve('p2', false, 'never')];
    link.confirm();
    await Promise.all(answers);
    expect(link.all('reply')).toHaveLength(1);
    expect(link.all('approve')).toMatchObject([
      { approval: 'p1', approve: true },
      { approval: 'p2', approve: false, reason: 'never' },
    ]);
    await session.close();
  });

  test('a model that runs no tools by itself -> unsupported', async () => {
    const { session, link } = await stand();
    await expect(session.approve('p', true)).rejects.toMatchObject({ code: 'unsupported' });
    expect(link.all('approve')).toEqual([]);
    await session.close();
  });
});

describe('tools that the provider runs by itself', () => {
  const hosted = { hostedTools: true };
  const ran = (response: string, call = 'm1') =>
    ({
      t: 'call',
      phase: 'ready',
      response,
      item: call,
      call,
      name: 'look',
      args: '{}',
      owner: 'provider',
    }) as const;

  test('ran, and nothing said -> the reply is asked to go on, under the same id; each time once', async () => {
    const hear = ['generation_created', 'generation_ended'] as const;
    const { session, link, told } = await stand({ capabilities: hosted, hear: [...hear] });
    const reply = session.generateReply({ replyId: 'mine' });
    link.begin('r1', link.last('reply').cmd);
    await reply;
    link.tell(ran('r1'));
    link.end('r1');
    expect(link.all('reply')).toHaveLength(2);
    link.begin('r2', link.last('reply').cmd);
    link.tell(ran('r2', 'm2'));
    link.end('r2');
    link.begin('r3', link.last('reply').cmd);
    link.say('r3', 'i1');
    link.end('r3');
    const cmds = link.all('reply').map(({ cmd }) => cmd);
    expect(new Set(cmds).size).toBe(3);
    expect(cmds).toHaveLength(3);
    expect(told.map(({ event }) => event)).toMatchObject([
      { replyId: 'mine', responseId: 'r1' },
      { replyId: 'mine', responseId: 'r1', again: true },
      { replyId: 'mine', responseId: 'r2' },
      { replyId: 'mine', responseId: 'r2', again: true },
      { replyId: 'mine', responseId: 'r3' },
      { replyId: 'mine', responseId: 'r3', outcome: 'completed' },
    ]);
    expect(told.at(-1)?.event).not.toHaveProperty('again');
    expect(session.hasActiveGeneration).toBe(false);
    await session.close();
  });

  test.each([
    ['it has spoken', (link: ScriptedLink) => link.say('r1', 'i1'), 'completed', {}],
    [
      'we owe an answer, too',
      (link: ScriptedLink) => link.tell({ ...ran('r1', 'c2'), owner: 'us' }),
      'completed',
      {},
    ],
    ['it failed', () => {}, 'failed', {}],
    ['it was cancelled', () => {}, 'cancelled', {}],
    ['whoever uses the session asks', () => {}, 'completed', { hostedReply: 'asked' as const }],
  ] as const)('%s -> nobody is asked', async (_name, and, status, options) => {
    const { session, link, told } = await stand({
      capabilities: hosted,
      session: options,
      hear: ['generation_ended'],
    });
    link.begin('r1');
    link.tell(ran('r1'));
    and(link);
    link.end('r1', { status });
    expect(link.all('reply')).toEqual([]);
    expect(told[0]?.event).not.toHaveProperty('again');
    await session.close();
  });

  test('interrupted meanwhile -> nobody is asked', async () => {
    const { session, link } = await stand({ capabilities: hosted });
    link.begin('r1');
    link.tell(ran('r1'));
    session.interrupt();
    link.end('r1');
    expect(link.all('reply')).toEqual([]);
    await session.close();
  });

  test('approved -> the reply goes on once all that it waits for are answered, and confirmed', async () => {
    const { session, link, told } = await stand({ capabilities: hosted, hear: ['generation_created'] });
    const reply = session.generateReply({ replyId: 'mine' });
    link.begin('r1', link.last('reply').cmd);
    await reply;
    for (const approval of ['p1', 'p2']) {
      link.tell({ t: 'approval', approval, server: 'files', name: 'read', args: '{}' });
    }
    link.end('r1');
    const first = session.approve('p1', true);
    link.confirm();
    await first;
    expect(link.all('reply')).toHaveLength(1);
    const second = session.approve('p2', false);
    expect(link.all('reply')).toHaveLength(1);
    link.confirm();
    await second;
    expect(link.all('reply')).toHaveLength(2);
    link.begin('r2', link.last('reply').cmd);
    expect(told.at(-1)).toMatchObject({ event: { replyId: 'mine', responseId: 'r2' } });
    await session.close();
  });

  test('an approval that is refused, or unknown, or not ours to follow -> nobody is asked', async () => {
    const { session, link } = await stand({ capabilities: hosted });
    link.tell({ t: 'approval', approval: 'p1', server: 'files', name: 'read', args: '{}' });
    for (const approval of ['p1', 'never']) {
      const answer = session.approve(approval, true);
      const { cmd } = link.last('approve');
      link.tell({ t: 'refused', cmd, code: 'approval_not_open', message: 'no', benign: false });
      await expect(answer).rejects.toMatchObject({ vendorCode: 'approval_not_open' });
    }
    expect(link.all('reply')).toEqual([]);
    await session.close();
    const other = await stand({ capabilities: hosted, session: { hostedReply: 'asked' } });
    other.link.tell({ t: 'approval', approval: 'p1', server: 'files', name: 'read', args: '{}' });
    const answer = other.session.approve('p1', true);
    other.link.confirm();
    await answer;
    expect(other.link.all('reply')).toEqual([]);
    await other.session.close();
  });
});

describe('in the vendor’s own words', () => {
  test('sendEvent -> as it is, on its wire', async () => {
    const { session, link } = await stand();
    session.sendEvent('openai', { type: 'response.create' });
    expect(link.last('raw')).toEqual({ t: 'raw', wire: 'openai', frame: { type: 'response.create' } });
    await session.close();
    expect(() => session.sendEvent('openai', {})).toThrow(expect.objectContaining({ code: 'closed' }));
  });
});
