import { expect, test } from 'vitest';
import { Agent, AgentSession } from '../../../src/agent/index.js';
import { type Script, scriptedModel } from '../../../src/cascade/index.js';
import { countedIds } from '../../../src/core/index.js';
import type { Command, Dialler, Event, Link } from '../../../src/realtime/index.js';
import { FakeClock, recordedModel } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';
import { told, voice } from '../agents/stand.js';

const first: Script = {
  turns: [
    { hears: 'my name is Ada', says: 'Hello Ada.' },
    { hears: 'and I', says: 'Yes?' },
  ],
};
const second: Script = { turns: [{ hears: 'what is my name', says: 'Your name is Ada.' }] };

/** Links that give handles after each answer, refuse those that they are given, and break when they are told to. */
function forgetful(scripts: readonly Script[]) {
  const models = scripts.map((script) => scriptedModel(script));
  const { provider, model, capabilities, defaults } = models[0]!;
  let played = 0;
  let cut = () => {};
  const dialler: Dialler = {
    provider,
    model,
    capabilities: { ...capabilities, resume: true },
    defaults,
    async dial(context) {
      const link = await models[played]!.dial(context);
      let tell: (event: Event) => void = () => {};
      const end = (event: Event) => {
        link.send({ t: 'close' });
        tell(event);
        tell = () => {};
      };
      cut = () => end({ t: 'closing', code: 'cut', disposition: 'resume', message: 'The wire is cut.' });
      const wrapped: Link = {
        send(command: Command) {
          if (command.t !== 'open' || command.resume === undefined) {
            if (command.t === 'open') played += 1;
            return link.send(command);
          }
          const message = `No session ${command.resume}`;
          context.clock.at(context.clock.now(), () =>
            end({ t: 'closing', code: 'session_not_found', disposition: 'fatal', message }),
          );
        },
        onEvent(listener) {
          tell = listener;
          link.onEvent((event) => {
            tell(event);
            if (event.t === 'response' && event.phase === 'ended')
              tell({ t: 'resumable', handle: `h${played}` });
          });
        },
      };
      return wrapped;
    },
  };
  return { model: recordedModel(dialler), cut: () => cut() };
}

test('33. the resumption handle is refused: the history is told instead, and nothing is lost', async () => {
  const clock = new FakeClock();
  const { model, cut } = forgetful([first, second]);
  const session = new AgentSession({ llm: model, clock, ids: countedIds(), session: { random: () => 0 } });
  const transport = new MemoryTransport({ clock, openMic: true });
  const events: unknown[] = [];
  session.on('error', (error) => events.push(error));
  session.on('session_reconnected', ({ resumed }) => events.push({ resumed }));
  const started = session.start({ agent: new Agent({ instructions: 'Remember names.' }), transport });
  await clock.advance(1);
  await started;
  void transport.say(voice(600));
  await clock.advance(4_000);
  // The caller speaks on while there is no connection.
  void transport.say(voice(1_500));
  await clock.advance(300);
  cut();
  await clock.advance(8_000);
  expect(events).toEqual([{ resumed: false }]);
  const openings = model.links.map(([open]) => (open?.dir === 'command' ? open.command : undefined));
  expect(openings).toMatchObject([
    { t: 'open', history: [] },
    { t: 'open', resume: 'h1' },
    {
      t: 'open',
      config: { instructions: 'Remember names.' },
      history: [{ parts: [{ text: 'my name is Ada' }] }, { parts: [{ text: 'Hello Ada.' }] }],
    },
  ]);
  expect(told(session)).toEqual([
    'user: my name is Ada',
    'assistant: Hello Ada.',
    'user: what is my name',
    'assistant: Your name is Ada.',
  ]);
  const closed = session.close();
  await clock.advance(1);
  await closed;
  expect(clock.pending).toBe(0);
  model.assertLegal();
});
