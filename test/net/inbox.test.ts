import { describe, expect, it } from 'vitest';
import { Inbox } from '../../src/net/inbox.js';

/** What the listeners heard and the source was told, in order. `fails`: the listener throws at this frame, once. */
function inbox(fails?: string) {
  const log: string[] = [];
  const source = { pause: () => log.push('pause'), resume: () => log.push('resume') };
  const box = new Inbox({ pause: () => void source.pause(), resume: () => void source.resume() });
  const listen = () => {
    box.setOnFrame((frame) => {
      log.push(String(frame));
      if (frame === fails) throw new Error('the listener failed');
    });
    box.setOnClose(({ code }) => log.push(`closed ${code}`));
  };
  return { box, log, listen };
}

/** Runs what waits in microtasks; what a listener throws there is nobody's to catch, and noted. */
async function settle(log: string[]): Promise<void> {
  const note = (error: Error) => log.push(error.message);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', note);
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  process.off('uncaughtException', note);
  for (const other of others) process.on('uncaughtException', other);
}

describe('what comes before anybody listens', () => {
  it('waits in its order, and the source with it', async () => {
    const { box, log, listen } = inbox();
    for (const frame of ['a', 'b', 'c']) box.frame(frame);
    box.end({ code: 1000, reason: '' });
    listen();
    await settle(log);
    expect(log).toEqual(['pause', 'a', 'b', 'c', 'resume', 'closed 1000']);
  });

  it.each([
    ['a', ['pause', 'a', 'the listener failed', 'b', 'resume', 'c', 'closed 1000']],
    ['b', ['pause', 'a', 'b', 'resume', 'the listener failed', 'c', 'closed 1000']],
  ])('comes although the listener throws at %s', async (fails, heard) => {
    const { box, log, listen } = inbox(fails);
    box.frame('a');
    box.frame('b');
    listen();
    await settle(log);
    box.frame('c');
    box.end({ code: 1000, reason: '' });
    expect(log).toEqual(heard);
  });

  it('tells the close although the last frame was too much for the listener', async () => {
    const { box, log, listen } = inbox('a');
    box.frame('a');
    box.end({ code: 1006, reason: '' });
    listen();
    await settle(log);
    expect(log).toEqual(['pause', 'a', 'resume', 'the listener failed', 'closed 1006']);
  });
});
