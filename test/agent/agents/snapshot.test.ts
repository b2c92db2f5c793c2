import { describe, expect, test } from 'vitest';
import { Agent, AgentSession, AgentTask, tool } from '../../../src/agent/index.js';
import { type Script, scriptedModel } from '../../../src/cascade/index.js';
import { countedIds } from '../../../src/core/index.js';
import { FakeClock, recordedModel } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';
import { stand, told, voice } from './stand.js';

const none = { type: 'object', properties: {} };
const script: Script = {
  turns: [
    { hears: 'my name is Ada', says: 'Hello Ada.', calls: [{ name: 'note' }], thenSays: 'Noted.' },
    { hears: 'what is my name', says: 'One two three four five six seven eight.' },
  ],
};

/** Counts its calls, and keeps the number. */
class Desk extends Agent {
  notes = 0;
  readonly log: string[] = [];

  constructor() {
    super({
      name: 'Desk',
      instructions: 'desk',
      tools: [
        tool({ name: 'note', description: '', parameters: none, execute: () => `note ${++this.notes}` }),
      ],
      onEnter: () => void this.log.push('enters'),
      onTaskDone: async (task) => void this.log.push(`task: ${await task.result}`),
    });
  }

  override saveState() {
    return { notes: this.notes };
  }

  override async onRestore(state: unknown) {
    this.notes = (state as { notes: number }).notes;
    this.log.push(`restored with ${this.notes}`);
  }
}

/** The second process. */
async function goOn(snapshot: unknown, agents: Agent[], of: Script) {
  const clock = new FakeClock();
  const model = recordedModel(scriptedModel(of));
  const session = AgentSession.restore(snapshot, { llm: model, clock, ids: countedIds('_b'), agents });
  const transport = new MemoryTransport({ clock, openMic: true });
  const started = session.start({ transport });
  await clock.advance(1);
  await started;
  return { clock, model, session, transport };
}

describe('a call goes on in another process', () => {
  test('history, agent, state and usage come along; the model is told; nobody enters again', async () => {
    const { session, start, say, end, clock } = stand(script);
    const desk = new Desk();
    await start(desk);
    await say(500, 5_000);
    await say(500, 900);
    expect(session.agentState).toBe('speaking');
    const snapshot = JSON.parse(JSON.stringify(session.snapshot()));
    expect(snapshot).toMatchObject({ version: 1, agents: [{ name: 'Desk', state: { notes: 1 } }] });
    const used = session.usage;
    await end();
    const again = new Desk();
    const next = await goOn(snapshot, [again], { turns: [{ hears: 'go on', says: 'Gladly.' }] });
    expect(again.log).toEqual(['restored with 1']);
    const before = told(next.session);
    expect(before.slice(0, 5)).toEqual([
      'user: my name is Ada',
      'assistant: Hello Ada.',
      'call note',
      'result note 1',
      'assistant: Noted.',
    ]);
    expect(before.at(-1)).toMatch(/^assistant: One .* …$/);
    expect(next.model.links[0]?.[0]).toMatchObject({
      command: { t: 'open', config: { instructions: 'desk' }, history: { length: 7 } },
    });
    expect(next.session.usage.totalTokens).toBe(used.totalTokens);
    expect(used.totalTokens).toBeGreaterThan(0);
    void next.transport.say(voice(500));
    await next.clock.advance(3_000);
    expect(told(next.session).slice(-2)).toEqual(['user: go on', 'assistant: Gladly.']);
    const closed = next.session.close();
    await next.clock.advance(1);
    await closed;
    expect([clock.pending, next.clock.pending]).toEqual([0, 0]);
  });

  test('a task is in charge still; when it is over the agent before is back, and told', async () => {
    const { session, start, end, clock } = stand(script);
    const [desk, email] = [new Desk(), new AgentTask<string>({ name: 'Email', instructions: 'email' })];
    await start(desk);
    const failed = expect(email.run(session)).rejects.toMatchObject({ code: 'closed' });
    await clock.advance(100);
    const snapshot = session.snapshot();
    expect(snapshot.agents).toEqual([{ name: 'Desk', state: { notes: 0 } }, { name: 'Email' }]);
    await end();
    await failed;
    const [deskAgain, emailAgain] = [
      new Desk(),
      new AgentTask<string>({ name: 'Email', instructions: 'email' }),
    ];
    const next = await goOn(snapshot, [emailAgain, deskAgain], script);
    expect(next.session.currentAgent).toBe(emailAgain);
    emailAgain.complete('ada@example.com');
    await next.clock.advance(100);
    expect(next.session.currentAgent).toBe(deskAgain);
    expect(deskAgain.log).toEqual(['restored with 0', 'task: ada@example.com']);
    const closed = next.session.close();
    await next.clock.advance(1);
    await closed;
    expect(next.clock.pending).toBe(0);
  });
});

describe('what is no snapshot', () => {
  const good = {
    version: 1,
    savedAtMs: 0,
    history: { version: 1, items: [] },
    agents: [{ name: 'Desk' }],
    usage: [],
  };
  const message = {
    kind: 'message',
    id: 'a',
    role: 'user',
    parts: [{ kind: 'text', text: 4 }],
    interrupted: false,
  };
  test.each<[string, unknown, string | undefined]>([
    ['text that is not JSON', '{', undefined],
    ['a list', [], undefined],
    ['of another version', { ...good, version: 2 }, 'version'],
    ['without agents', { ...good, agents: [] }, 'agents'],
    ['an agent without a name', { ...good, agents: [{}] }, 'agents[0].name'],
    [
      'an agent that is not given',
      { ...good, agents: [{ name: 'Desk' }, { name: 'toString' }] },
      'agents[1].name',
    ],
    ['a history that is none', { ...good, history: 3 }, 'history'],
    [
      'an item that is none',
      { ...good, history: { version: 1, items: [message] } },
      'history.items[0].parts[0].text',
    ],
    ['usage of nothing', { ...good, usage: [{ model: 'a/b', of: 'llm' }] }, 'usage[0].input'],
    ['usage of a kind that is none', { ...good, usage: [{ model: 'a/b', of: 'tea' }] }, 'usage[0].of'],
  ])('%s -> ConfigError with its path', (_, json, param) => {
    const restore = () =>
      AgentSession.restore(json, { llm: scriptedModel(script), agents: { Desk: () => new Desk() } });
    expect(restore).toThrow(expect.objectContaining({ code: 'option_invalid', param }));
  });

  test('an agent beside that of the snapshot, or none at all', async () => {
    const options = { llm: scriptedModel(script), clock: new FakeClock() };
    const transport = new MemoryTransport({ clock: options.clock });
    const session = AgentSession.restore(good, { ...options, agents: [new Desk()] });
    await expect(session.start({ agent: new Desk(), transport })).rejects.toMatchObject({
      code: 'options_conflict',
    });
    await expect(new AgentSession(options).start({ transport })).rejects.toMatchObject({ param: 'agent' });
    expect(() => new AgentSession(options).snapshot()).toThrow(/not been started/);
  });

  test('a state that JSON cannot carry', async () => {
    const { session, start, end } = stand(script);
    await start(new Agent({ name: 'Odd', instructions: '', saveState: () => 1n }));
    expect(() => session.snapshot()).toThrow(
      expect.objectContaining({ code: 'option_invalid', param: 'Odd' }),
    );
    await end();
  });
});
