import { describe, expect, test } from 'vitest';
import { Agent, type CompletedTurn } from '../../../src/agent/index.js';
import type { Script } from '../../../src/cascade/index.js';
import type { ChatMessage } from '../../../src/chat/index.js';
import { messageText } from '../../../src/chat/index.js';
import { call, loudStt } from './bench.js';

const script: Script = {
  turns: [
    { hears: 'when do you open', says: 'At nine.' },
    { hears: 'and on sunday', says: 'Never.' },
  ],
};
type Hook = (turn: CompletedTurn, message: ChatMessage) => void | Promise<void>;
const deciding = (onUserTurnCompleted: Hook) => ({ agent: { onUserTurnCompleted } });
const opened = (commands: ReturnType<Awaited<ReturnType<typeof call>>['commands']>) =>
  commands.find((command) => command.t === 'open');

describe('onUserTurnCompleted', () => {
  test('the wire is told not to answer; the session asks, once, when the hook has seen the words', async () => {
    const seen: string[] = [];
    const { say, commands, told, texts, close } = await call(
      script,
      deciding((turn, message) => {
        seen.push(`${messageText(message)}|${turn.transcripts[0]?.source}`);
      }),
    );
    expect(opened(commands())).toMatchObject({
      config: { turns: { owner: 'wire', autoReply: false, autoCut: true } },
    });
    await say(600, 2_500);
    expect(seen).toEqual(['when do you open|model']);
    expect(commands().filter(({ t }) => t === 'reply')).toHaveLength(1);
    expect(told('speech_created')).toMatchObject([{ source: 'turn' }]);
    expect(texts()).toEqual(['user: when do you open', 'assistant: At nine.']);
    expect(told('error')).toEqual([]);
    await close();
  });

  test('with a recogniser beside the model it sees the better words, and waits for them', async () => {
    const seen: string[] = [];
    const { say, clock, told, close } = await call(script, {
      session: (fake) => ({
        stt: loudStt([{ hears: 'WHEN DO YOU OPEN', faults: { transcriptionLateMs: 1_000 } }], fake),
      }),
      ...deciding((_, message) => void seen.push(messageText(message))),
    });
    await say(600, 1_300);
    expect(seen).toEqual([]);
    expect(told('speech_created')).toEqual([]);
    await clock.advance(600);
    expect(seen).toEqual(['WHEN DO YOU OPEN']);
    expect(told('speech_created')).toHaveLength(1);
    await close();
  });

  test('words that do not come in time are done without', async () => {
    const seen: string[] = [];
    const { say, told, close } = await call(script, {
      session: (fake) => ({
        stt: loudStt([{ hears: 'late', faults: { transcriptionLateMs: 6_000 } }], fake),
        transcripts: { record: 'stt' as const },
      }),
      ...deciding((_, message) => void seen.push(messageText(message))),
    });
    await say(600, 500 + 3_200);
    expect(seen).toEqual(['']);
    expect(told('speech_created')).toHaveLength(1);
    await close();
  });

  test('veto: no reply; the words stay', async () => {
    const { say, texts, told, commands, close } = await call(
      script,
      deciding((turn) => turn.veto()),
    );
    await say(600, 2_500);
    expect(texts()).toEqual(['user: when do you open']);
    expect(told('speech_created')).toEqual([]);
    expect(commands().filter(({ t }) => t === 'reply')).toEqual([]);
    await close();
  });

  test('instruct and add: for this reply, and for the conversation', async () => {
    const { say, commands, texts, close } = await call(
      script,
      deciding(async (turn) => {
        turn.instruct('Be very short.');
        await Promise.resolve();
        turn.add('Opening hours: nine to five.');
      }),
    );
    await say(600, 2_500);
    expect(texts()[1]).toBe('system: Opening hours: nine to five.');
    const sent = commands();
    const added = sent.findIndex((command) => command.t === 'item.add');
    const asked = sent.findIndex((command) => command.t === 'reply');
    expect(added).toBeLessThan(asked);
    expect(sent[added]).toMatchObject({
      item: { role: 'system', parts: [{ text: 'Opening hours: nine to five.' }] },
    });
    expect(sent[asked]).toMatchObject({ overrides: { instructions: 'Be brief.\n\nBe very short.' } });
    await close();
  });

  test('edit: the history and the model have these words, and no ear changes them', async () => {
    const { say, commands, texts, close } = await call(script, {
      session: (fake) => ({
        stt: loudStt([{ hears: 'much later', faults: { transcriptionLateMs: 5_000 } }], fake),
        transcripts: { record: 'both' as const },
      }),
      ...deciding((turn) => turn.edit('and on sunday')),
    });
    await say(600, 7_500);
    expect(texts()).toEqual(['user: and on sunday', 'assistant: Never.']);
    const sent = commands().map(({ t }) => t);
    expect(sent.indexOf('item.remove')).toBeGreaterThan(sent.indexOf('item.add'));
    expect(sent.indexOf('reply')).toBeGreaterThan(sent.indexOf('item.remove'));
    await close();
  });

  test('the user speaks on while it decides: one reply, to all of it; what came too late throws', async () => {
    const turns: CompletedTurn[] = [];
    let go = () => {};
    const { say, clock, told, texts, close } = await call(
      script,
      deciding(async (turn) => {
        turns.push(turn);
        if (turns.length === 1) await new Promise<void>((resolve) => (go = resolve));
      }),
    );
    await say(600, 700);
    expect(turns).toHaveLength(1);
    await say(600, 700);
    go();
    await clock.advance(2_000);
    expect(turns).toHaveLength(2);
    expect(turns[0]?.signal.aborted).toBe(true);
    expect(() => turns[0]?.veto()).toThrow(/decided/);
    expect(told('speech_created')).toHaveLength(1);
    expect(texts().filter((text) => text.startsWith('assistant'))).toHaveLength(1);
    await close();
  });

  test.each<[string, Hook, number]>([
    ['throws', () => Promise.reject(new Error('the database is down')), 900],
    ['never ends', () => new Promise(() => {}), 11_000],
  ])('a hook that %s is told, and the turn is answered without it', async (_, hook, afterMs) => {
    const { say, told, close } = await call(script, deciding(hook));
    await say(600, afterMs);
    expect(told('error')).toMatchObject([{ code: 'listener_threw' }]);
    expect(told('speech_created')).toHaveLength(1);
    await close();
  });

  test('the session ends while it decides: nothing is left', async () => {
    const turns: CompletedTurn[] = [];
    const { say, close } = await call(
      script,
      deciding((turn) => {
        turns.push(turn);
        return new Promise(() => {});
      }),
    );
    await say(600, 900);
    await close();
    expect(turns[0]?.signal.aborted).toBe(true);
  });
});

test('another agent takes over, with a hook: from then on the session asks; and back to the wire', async () => {
  const seen: string[] = [];
  const { say, clock, session, commands, texts, told, agent, close } = await call(script);
  await say(600, 2_500);
  const asking = new Agent({
    instructions: 'Be exact.',
    onUserTurnCompleted: (_, message) => void seen.push(messageText(message)),
  });
  await Promise.all([session.updateAgent(asking), clock.advance(500)]);
  await say(600, 2_500);
  expect(seen).toEqual(['and on sunday']);
  expect(texts()).toContain('assistant: Never.');
  expect(commands().filter(({ t }) => t === 'reply')).toHaveLength(1);
  await Promise.all([session.updateAgent(agent), clock.advance(500)]);
  await say(600, 2_500);
  expect(seen).toHaveLength(1);
  expect(commands().filter(({ t }) => t === 'reply')).toHaveLength(1);
  expect(told('error')).toEqual([]);
  await close();
});

describe('without a hook', () => {
  test('the wire answers by itself, as it always did', async () => {
    const { say, commands, close } = await call(script);
    await say(600, 2_000);
    expect(opened(commands())).toMatchObject({ config: { turns: { autoReply: true } } });
    expect(commands().filter(({ t }) => t === 'reply')).toEqual([]);
    await close();
  });

  test('a wire that was told not to answer waits for the application', async () => {
    const { say, texts, close } = await call(script, {
      defaults: { turns: { owner: 'wire', kind: 'server_vad', autoReply: false, autoCut: true } },
    });
    await say(600, 2_000);
    expect(texts()).toEqual(['user: when do you open']);
    await close();
  });
});
