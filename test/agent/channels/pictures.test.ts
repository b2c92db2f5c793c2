import { describe, expect, test } from 'vitest';
import { Agent, AgentSession } from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import type { Dialler, Event } from '../../../src/realtime/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';

const model = scriptedModel({ turns: [{ hears: '', says: 'I see.' }] });
const picture = (n: number) => ({ data: Uint8Array.of(0xff, 0xd8, 0xff, n), mime: 'image/jpeg' as const });

/** The script, given eyes: the pictures that it was shown. */
function seeing(seen: (number | undefined)[]): Dialler {
  return {
    ...model,
    capabilities: { ...model.capabilities, video: true },
    async dial(context) {
      const link = await model.dial(context);
      let tell: (event: Event) => void = () => {};
      return {
        onEvent(listener) {
          tell = listener;
          link.onEvent(listener);
        },
        send(command) {
          if (command.t !== 'image') return link.send(command);
          seen.push(command.data[3]);
          tell({ t: 'ack', cmd: command.cmd, basis: 'wire' });
        },
      };
    },
  };
}

async function call(llm: Dialler, fps?: number) {
  const clock = new FakeClock();
  const transport = new MemoryTransport({ clock });
  const session = new AgentSession({
    llm,
    clock,
    ...(fps === undefined ? {} : { session: { video: { fps } } }),
  });
  const errors: string[] = [];
  session.on('error', ({ code }) => errors.push(code));
  transport.show(picture(0));
  const started = session.start({ agent: new Agent({ instructions: '' }), transport });
  await clock.advance(1);
  await started;
  return { clock, transport, session, errors };
}

describe('pictures of the caller', () => {
  test('reach the model, fps of them a second', async () => {
    const seen: (number | undefined)[] = [];
    const { clock, transport, session, errors } = await call(seeing(seen), 2);
    for (let n = 1; n <= 8; n++) {
      transport.show(picture(n));
      await clock.advance(250);
    }
    expect(seen).toEqual([1, 3, 5, 7]);
    expect(session.realtime.droppedVideoFrames).toBe(4);
    expect(errors).toEqual([]);
    await session.close();
    transport.show(picture(9));
  });

  test('a model that takes none: told once, and the call goes on', async () => {
    const blind: Dialler = { ...model, capabilities: { ...model.capabilities, history: 'opening' } };
    const { clock, transport, session, errors } = await call(blind);
    for (let n = 1; n <= 3; n++) {
      transport.show(picture(n));
      await clock.advance(1_000);
    }
    expect(errors).toEqual(['unsupported']);
    expect(session.isClosed).toBe(false);
    await session.close();
  });

  test('no picture -> option_invalid, told once', async () => {
    const { clock, transport, session, errors } = await call(seeing([]));
    for (let n = 0; n < 2; n++) {
      transport.show({ data: Uint8Array.of(1, 2, 3), mime: 'image/png' });
      await clock.advance(1_000);
    }
    expect(errors).toEqual(['option_invalid']);
    await session.close();
  });
});
