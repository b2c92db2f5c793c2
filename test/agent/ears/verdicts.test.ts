import { describe, expect, test } from 'vitest';
import { Replier } from '../../../src/agent/ears/replier.js';
import { Transcripts } from '../../../src/agent/ears/transcripts.js';
import type { SessionHost } from '../../../src/agent/session-host.js';
import { FakeClock } from '../../../src/testing/index.js';

/** A replier that is asked by hand, and how often it asked for an answer. */
function replier(answers?: (turn: string) => boolean | Promise<boolean>) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const errors: unknown[] = [];
  const host: Pick<SessionHost, 'clock' | 'holds' | 'isHeld' | 'agent'> & Record<string, unknown> = {
    clock,
    holds: new Set<object>(),
    get isHeld() {
      return this.holds.size > 0;
    },
    agent: () => undefined,
    emit: (_: string, error: unknown) => errors.push(error),
    speaking: { reply: () => asked.push('asked') },
    ...(answers === undefined ? {} : { answers }),
  };
  const transcripts = new Transcripts({ record: 'model', clock, hears: () => false, keep: () => {} });
  const made = new Replier(host as never, transcripts);
  made.repliesBy = 'session';
  return { clock, asked, errors, host, replier: made };
}

describe('a turn that has ended', () => {
  test('is answered once', () => {
    const { replier: one, asked } = replier();
    one.speechStarted('a');
    one.completed('a', 'i', true);
    expect(asked).toHaveLength(1);
  });

  test.each<[string, (made: ReturnType<typeof replier>) => void]>([
    ['nobody wants an answer', ({ replier: one }) => one.completed('a', 'i', false)],
    [
      'the wire answers',
      ({ replier: one }) => {
        one.repliesBy = 'wire';
        one.completed('a', 'i', true);
      },
    ],
    [
      'somebody else talks with the caller',
      ({ replier: one, host }) => {
        host.holds.add({});
        one.completed('a', 'i', true);
      },
    ],
  ])('is not answered where %s', (_, complete) => {
    const made = replier();
    complete(made);
    expect(made.asked).toEqual([]);
  });

  test('waits while the next one is spoken, and is answered if that was none', () => {
    const { replier: one, asked } = replier((turn) => turn !== 'cough');
    one.speechStarted('a');
    one.speechStarted('cough');
    one.completed('a', 'i', true);
    expect(asked).toEqual([]);
    one.completed('cough', 'j', true);
    expect(asked).toHaveLength(1);
  });

  test('a turn of which the wire says nothing more holds nobody up', async () => {
    const { replier: one, asked, clock } = replier();
    one.speechStarted('a');
    one.speechStarted('lost');
    one.completed('a', 'i', true);
    one.speechStopped('lost');
    await clock.advance(1_000);
    expect(asked).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test('a judgement that comes late, of a turn before the one that was answered, asks for nothing', async () => {
    let judge: (is: boolean) => void = () => {};
    const { replier: one, asked } = replier((turn) =>
      turn === 'a' ? new Promise((resolve) => (judge = resolve)) : true,
    );
    one.completed('a', 'i', true);
    one.completed('b', 'j', true);
    judge(true);
    await Promise.resolve();
    expect(asked).toHaveLength(1);
  });

  test('a judgement that fails is told, and the turn answered', async () => {
    const { replier: one, asked, errors } = replier(() => Promise.reject(new Error('no')));
    one.completed('a', 'i', true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(errors).toMatchObject([{ code: 'listener_threw' }]);
    expect(asked).toHaveLength(1);
  });
});
