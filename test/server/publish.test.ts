import { describe, expect, it } from 'vitest';
import { Agent, AgentSession } from '../../src/agent/index.js';
import { scriptedModel } from '../../src/cascade/index.js';
import type { Dialler } from '../../src/realtime/index.js';
import { publish } from '../../src/server/index.js';
import { MemoryTransport } from '../../src/transports/memory/index.js';

const greeting = { model: 'A script', agent: 'Test', scripted: true };

const model = scriptedModel({
  greeting: 'Good day.',
  turns: [
    { hears: 'Who are you?', says: 'I am a script.' },
    { hears: 'And now?', says: 'Still a script.' },
  ],
});

/** A page's call with an agent that greets; the model answers its door when told to. */
function call() {
  let open = () => {};
  const door = new Promise<void>((resolve) => {
    open = resolve;
  });
  const late: Dialler = {
    ...model,
    dial: async (context) => {
      await door;
      return model.dial(context);
    },
  };
  const session = new AgentSession({ llm: late });
  const transport = new MemoryTransport({ realTime: false });
  publish(session, transport.data, greeting);
  const agent = new Agent({
    instructions: '',
    onEnter: (entered) => {
      entered.session.generateReply();
    },
  });
  const finals = () =>
    transport.data.sent.flatMap(({ type, text, heard, final }) =>
      final === true && /_transcript$/.test(String(type)) ? [String(text ?? heard)] : [],
    );
  const said = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (finals().includes(text)) resolve();
      };
      session.on('conversation_item_added', () => queueMicrotask(look));
    });
  return { session, transport, open, finals, said, started: session.start({ agent, transport }) };
}

describe('publish', () => {
  it('text typed before the model is there -> answered once it is, in the place of the greeting', async () => {
    const { session, transport, open, finals, said, started } = call();
    transport.data.receive({ type: 'text', text: ' Who are you? ' });
    transport.data.receive({ type: 'interrupt' });
    const answered = said('I am a script.');
    open();
    await started;
    await answered;
    expect(finals()).toEqual(['Who are you?', 'I am a script.']);
    await session.close();
  });

  it('text typed later -> answered', async () => {
    const { session, transport, open, finals, said, started } = call();
    const greeted = said('Good day.');
    open();
    await started;
    await greeted;
    const answered = said('Still a script.');
    transport.data.receive({ type: 'text', text: 'And now?' });
    await answered;
    expect(finals()).toEqual(['Good day.', 'And now?', 'Still a script.']);
    await session.close();
  });

  it('what is no text -> nothing', async () => {
    const { session, transport, open, finals, started } = call();
    open();
    await started;
    for (const text of ['', '   ', 7, null]) transport.data.receive({ type: 'text', text });
    transport.data.receive({ type: 'something_new' });
    await session.close();
    transport.data.receive({ type: 'text', text: 'Who are you?' });
    expect(finals()).not.toContain('Who are you?');
  });
});
