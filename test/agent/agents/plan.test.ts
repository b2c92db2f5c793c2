import { describe, expect, test } from 'vitest';
import { partsOf } from '../../../src/agent/agents/engines.js';
import { carried } from '../../../src/agent/agents/handoff.js';
import { type Change, planOf } from '../../../src/agent/agents/plan.js';
import { energyVad, scriptedModel, scriptLlm, toneTts } from '../../../src/cascade/index.js';
import { ChatContext, chatMessage } from '../../../src/chat/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { fullCapabilities, plainConfig } from '../../realtime/full-capabilities.js';

const withVoice = (voice: 'live' | 'before-audio') => ({
  ...fullCapabilities,
  configure: { ...fullCapabilities.configure, voice },
});
const base: Change = {
  before: plainConfig,
  after: plainConfig,
  isSameModel: true,
  capabilities: withVoice('live'),
  carry: 'all',
  callIsOpen: false,
};
const other = { ...plainConfig, instructions: 'other', voice: 'other' };
const fixed = withVoice('before-audio');

describe('how the model follows a change of agents', () => {
  test.each<[string, Partial<Change>, object]>([
    ['same model, nothing differs -> stay', {}, { t: 'stay', patch: {} }],
    [
      'same model, live fields -> stay, told what differs',
      { after: other },
      { t: 'stay', patch: { instructions: 'other', voice: 'other' } },
    ],
    ['another model -> move', { isSameModel: false }, { t: 'move' }],
    [
      'a field that is fixed once it has spoken -> move',
      { after: other, capabilities: fixed },
      { t: 'move' },
    ],
    [
      'the fixed field stays the same -> stay',
      { after: { ...other, voice: plainConfig.voice }, capabilities: fixed },
      { t: 'stay' },
    ],
    ['a history to be shortened, and the wire can -> stay', { carry: 'messages' }, { t: 'stay' }],
    [
      'a history to be shortened, and it cannot -> move',
      { carry: 'none', capabilities: { ...fullCapabilities, remove: false } },
      { t: 'move' },
    ],
    [
      'a history to be shortened under an open call -> move',
      { carry: 'messages', callIsOpen: true },
      { t: 'move' },
    ],
    ['an open call -> stay', { callIsOpen: true }, { t: 'stay' }],
    [
      'an open call that the model goes on after by itself -> move',
      { callIsOpen: true, capabilities: { ...fullCapabilities, toolReply: 'auto' } },
      { t: 'move' },
    ],
  ])('%s', (_, change, plan) => {
    expect(planOf({ ...base, ...change })).toMatchObject(plan);
  });
});

describe('which parts an agent runs on', () => {
  const clock = new FakeClock();
  const model = scriptedModel({ turns: [] });
  const writer = scriptLlm({ turns: [] }, clock);
  const [tts, vad] = [toneTts(), energyVad()];
  test.each<[string, Parameters<typeof partsOf>, object]>([
    ['nothing of its own -> the session’s', [{ llm: model, tts, vad }, {}], { llm: model, tts, vad }],
    ['a voice -> beside the same model', [{ llm: model, vad }, { tts }], { llm: model, tts, vad }],
    ['no voice -> none', [{ llm: model, tts }, { tts: null }], { llm: model }],
    [
      'another model of its kind -> with what stands beside',
      [{ llm: writer, tts, vad }, { llm: scriptLlm({ turns: [] }, clock) }],
      { tts, vad },
    ],
    [
      'a model of another kind -> the ears alone',
      [{ llm: writer, tts, vad }, { llm: model }],
      { llm: model, vad },
    ],
    ['a name -> the ears alone', [{ llm: model, tts, vad }, { llm: 'openai' }], { llm: 'openai', vad }],
  ])('%s', (_, [session, own], parts) => {
    const { llm, ...rest } = partsOf(session, own);
    const { llm: wanted = llm, ...others } = parts as { llm?: unknown };
    expect(rest).toEqual(others);
    expect(llm).toBe(wanted);
  });
});

test('what is carried leaves the history as it is', () => {
  const history = new ChatContext([
    chatMessage('a', 'user', 'hello'),
    { kind: 'function_call', id: 'b', call: 'c', name: 'look', args: '{}' },
    { kind: 'function_output', id: 'd', call: 'c', output: 'x', isError: false },
  ]);
  const last = (chat: ChatContext) => chat.truncate(1);
  const ids = (['all', 'messages', 'none', last] as const).map((carry) => carried(history, carry).ids());
  expect(ids).toEqual([['a', 'b', 'd'], ['a'], [], []]);
  expect(history.length).toBe(3);
});
