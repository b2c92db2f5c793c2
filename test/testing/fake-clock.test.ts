import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/testing/index.js';

function recorder() {
  const clock = new FakeClock();
  const log: string[] = [];
  const note = (name: string) => () => {
    log.push(`${name}@${clock.now()}`);
  };
  return { clock, log, note };
}

describe('FakeClock', () => {
  it('runs timers by time, then by setting', async () => {
    const { clock, log, note } = recorder();
    clock.at(20, note('b'));
    clock.at(10, note('a'));
    clock.at(20, note('c'));
    clock.at(31, note('late'));
    await clock.advance(30);
    expect(log).toEqual(['a@10', 'b@20', 'c@20']);
    expect(clock.now()).toBe(30);
    expect(clock.pending).toBe(1);
  });

  it('never runs a timer inside at, also when it is due', async () => {
    const { clock, log, note } = recorder();
    await clock.advance(5);
    clock.at(1, note('due'));
    expect(log).toEqual([]);
    await clock.advance(0);
    expect(log).toEqual(['due@5']);
  });

  it('drains microtasks between timers', async () => {
    const { clock, log, note } = recorder();
    clock.at(1, () => {
      void Promise.resolve()
        .then(() => {})
        .then(note('micro'));
    });
    clock.at(2, note('timer'));
    await clock.advance(5);
    expect(log).toEqual(['micro@1', 'timer@2']);
  });

  it('runs a timer that a microtask set within the advance', async () => {
    const { clock, log, note } = recorder();
    clock.at(1, () => void Promise.resolve().then(() => clock.at(3, note('inner'))));
    await clock.advance(5);
    expect(log).toEqual(['inner@3']);
  });

  it('forgets a cancelled timer; cancelling twice or late does nothing', async () => {
    const { clock, log, note } = recorder();
    const timer = clock.at(1, note('never'));
    timer.cancel();
    timer.cancel();
    const other = clock.at(2, note('once'));
    await clock.advance(9);
    other.cancel();
    expect(log).toEqual(['once@2']);
    expect(clock.pending).toBe(0);
  });

  it('runAll runs what is set, and throws at the limit', async () => {
    const { clock, log, note } = recorder();
    clock.at(1000, note('far'));
    expect(await clock.runAll()).toBe(1);
    expect(log).toEqual(['far@1000']);
    const again = () => {
      clock.at(clock.now() + 1, again);
    };
    again();
    await expect(clock.runAll(10)).rejects.toThrow('after 10 have run');
  });

  it('advanceSync leaves microtasks alone', () => {
    const { clock, log, note } = recorder();
    clock.at(1, () => void Promise.resolve().then(note('micro')));
    clock.at(2, note('timer'));
    clock.advanceSync(2);
    expect(log).toEqual(['timer@2']);
  });

  it('moves the wall clock along', async () => {
    const clock = new FakeClock(100, 5000);
    await clock.advance(7);
    expect(clock.wallNow()).toBe(5007);
  });
});
