import { describe, expect, test } from 'vitest';
import { Agent, AgentSession } from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { countedIds } from '../../../src/core/index.js';
import type { Command, Dialler, Event } from '../../../src/realtime/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { overLink } from '../../../src/testing/over-link.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';

/** A model whose provider runs tools by itself: the test says what it does about them. */
function hosting() {
  const commands: Command[] = [];
  let tell: (event: Event) => void = () => {};
  const scripted = scriptedModel({ turns: [] });
  const model: Dialler = {
    ...scripted,
    capabilities: { ...scripted.capabilities, hostedTools: true },
    async dial(context) {
      const link = await scripted.dial(context);
      return overLink(link, {
        send(command) {
          commands.push(command);
          if (command.t === 'approve') tell({ t: 'ack', cmd: command.cmd, basis: 'wire' });
          else link.send(command);
        },
        onEvent(listener) {
          tell = listener;
          link.onEvent(listener);
        },
      });
    },
  };
  return { model, commands, tell: (event: Event) => tell(event) };
}

async function call() {
  const clock = new FakeClock();
  const { model, commands, tell } = hosting();
  const session = new AgentSession({
    llm: model,
    clock,
    ids: countedIds(),
    toolDefaults: { approvalTimeoutMs: 3_000 },
    session: { hostedReply: 'asked' },
  });
  const events: unknown[] = [];
  for (const name of ['tool_started', 'tool_approval_requested', 'error'] as const) {
    session.on(name, (event) => events.push([name, event]));
  }
  const started = session.start({
    agent: new Agent({ instructions: '' }),
    transport: new MemoryTransport({ clock }),
  });
  await clock.advance(1);
  await started;
  const close = async () => {
    await session.close();
    await clock.advance(1);
    expect(clock.pending).toBe(0);
  };
  const answers = () => commands.filter(({ t }) => t === 'approve' || t === 'answer');
  return { clock, session, tell, events, answers, close };
}

const approval: Event = { t: 'approval', approval: 'a1', server: 'shop', name: 'buy', args: '{}' };
const asked = [
  'tool_approval_requested',
  { callId: 'a1', name: 'buy', args: '{}', withinMs: 3_000, server: 'shop' },
];

describe('tools of the provider', () => {
  test('its calls pass through, and are never answered', async () => {
    const { clock, tell, events, answers, close } = await call();
    const hosted = { response: null, call: 'm1', name: 'buy', args: '{}', owner: 'provider' } as const;
    tell({ t: 'call', phase: 'ready', ...hosted });
    await clock.advance(60_000);
    expect([events, answers()]).toEqual([[], []]);
    await close();
  });

  test.each([
    [true, '', { approve: true }],
    [false, 'too dear', { approve: false, reason: 'too dear' }],
  ])('approval %s', async (approved, reason, command) => {
    const { clock, session, tell, events, answers, close } = await call();
    tell(approval);
    expect(events).toEqual([asked]);
    session.approveTool('a1', approved, reason);
    await clock.advance(10_000);
    expect(answers()).toMatchObject([{ t: 'approve', approval: 'a1', ...command }]);
    expect(() => session.approveTool('a1', true)).toThrow(
      expect.objectContaining({ code: 'illegal_command' }),
    );
    expect(events).toEqual([asked]);
    await close();
  });

  test('nobody says anything: refused at the deadline; after the end nobody is asked', async () => {
    const { clock, tell, answers, close } = await call();
    tell(approval);
    await clock.advance(3_000);
    expect(answers()).toMatchObject([{ approve: false, reason: 'Nobody approved it in time' }]);
    tell({ ...approval, approval: 'a2' });
    await close();
    expect(answers()).toHaveLength(1);
  });
});
