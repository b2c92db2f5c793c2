import { describe, expect, test } from 'vitest';
import type { Capabilities } from '../../src/realtime/index.js';
import { fullCapabilities } from './full-capabilities.js';
import { ScriptedLink, stand } from './scripted-link.js';

const configure = (reopened: (keyof Capabilities['configure'])[]): Capabilities['configure'] => {
  const fields = { ...fullCapabilities.configure };
  for (const key of reopened) fields[key] = 'reopen';
  return fields;
};

/** A session over links of its own, the first of which is ready. */
async function onLinks(capabilities: Partial<Capabilities>) {
  const links: ScriptedLink[] = [];
  const base = await stand({
    capabilities,
    model: {
      dial: async () => {
        const link = new ScriptedLink();
        links.push(link);
        return link;
      },
    },
    hear: ['session_reconnected'],
  });
  links[0]!.tell({ t: 'ready' });
  await base.session.opened;
  return { ...base, links };
}

/** Whether a promise is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const open = {};
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
}

describe.each(['free', 'never'] as const)('settings that take another connection, overlap %s', (overlap) => {
  const both = { overlap, configure: configure(['voice', 'turns']) };

  test('it is opened with them, and the change is done when it serves', async () => {
    const { session, links, clock, told } = await onLinks(both);
    const done = session.updateOptions({ voice: 'ash' });
    await clock.advance(0);
    expect(links[1]?.last('open')).toMatchObject({ config: { voice: 'ash' } });
    expect(await isSettled(done)).toBe(false);
    links[1]!.tell({ t: 'ready' });
    await done;
    expect(told).toHaveLength(1);
    expect(links.flatMap((link) => link.all('configure'))).toEqual([]);
    await session.close();
  });

  test('a mixed change: what is live by command, the rest by the connection', async () => {
    const { session, links, clock } = await onLinks(both);
    const done = session.updateOptions({ voice: 'ash', instructions: 'Be brief.' });
    expect(links[0]!.last('configure').patch).toEqual({ instructions: 'Be brief.' });
    expect(links).toHaveLength(1);
    links[0]!.confirm();
    await clock.advance(0);
    expect(links[1]!.last('open').config).toMatchObject({ voice: 'ash', instructions: 'Be brief.' });
    links[1]!.tell({ t: 'ready' });
    await done;
    await session.close();
  });

  test('what is live is refused -> nothing is changed, nothing is reopened', async () => {
    const { session, links, clock } = await onLinks(both);
    const done = session.updateOptions({ voice: 'ash', instructions: 'Be brief.' });
    const { cmd } = links[0]!.last('configure');
    links[0]!.tell({ t: 'refused', cmd, code: 'invalid_value', message: 'no', benign: false });
    await expect(done).rejects.toMatchObject({ vendorCode: 'invalid_value' });
    await clock.advance(20_000);
    expect(links).toHaveLength(1);
    await session.close();
  });

  test('changed again while the other one is being made -> one more, with the last word', async () => {
    const { session, links, clock } = await onLinks(both);
    const first = session.updateOptions({ voice: 'ash' });
    await clock.advance(0);
    const second = session.updateOptions({ voice: 'oak' });
    links[1]!.tell({ t: 'ready' });
    await clock.advance(0);
    expect(links[2]?.last('open')).toMatchObject({ config: { voice: 'oak' } });
    links[2]!.tell({ t: 'ready' });
    await Promise.all([first, second]);
    await clock.advance(20_000);
    expect(links).toHaveLength(3);
    await session.close();
  });

  test('another turn rule is in force with its connection', async () => {
    const { session, links, clock } = await onLinks(both);
    const done = session.updateOptions({ turns: { owner: 'caller' } });
    await clock.advance(0);
    links[1]!.tell({ t: 'ready' });
    await done;
    links[1]!.tell({ t: 'committed', turn: 't', item: 'i', basis: 'wire' });
    expect(session.isReplying).toBe(false);
    await session.close();
  });

  test('what the model never takes -> nothing of it is done', async () => {
    const fields = { ...both.configure, output: 'never' as const };
    const { session, links, clock } = await onLinks({ overlap, configure: fields });
    const done = session.updateOptions({ voice: 'ash', output: 'text' });
    await expect(done).rejects.toMatchObject({ code: 'unsupported', param: 'output' });
    await clock.advance(20_000);
    expect(links).toHaveLength(1);
    await session.close();
  });

  test('closed meanwhile -> it rejects', async () => {
    const { session, clock } = await onLinks(both);
    const done = expect(session.updateOptions({ voice: 'ash' })).rejects.toMatchObject({ code: 'closed' });
    await clock.advance(0);
    await session.close();
    await done;
  });
});

test('asked before the first link is ready -> another one follows it', async () => {
  const links: ScriptedLink[] = [];
  const { session, clock } = await stand({
    capabilities: { configure: configure(['voice']) },
    model: {
      dial: async () => {
        const link = new ScriptedLink();
        links.push(link);
        return link;
      },
    },
  });
  const done = session.updateOptions({ voice: 'ash' });
  expect(links[0]!.last('open').config.voice).toBe('');
  links[0]!.tell({ t: 'ready' });
  await clock.advance(0);
  expect(links[1]?.last('open')).toMatchObject({ config: { voice: 'ash' } });
  links[1]!.tell({ t: 'ready' });
  await done;
  await session.close();
});

test('what is changed live while the next link waits is told to that one, too', async () => {
  const { session, links, clock } = await onLinks({ overlap: 'free' });
  links[0]!.begin('r1');
  const moved = session.reconnect();
  await clock.advance(0);
  links[1]!.tell({ t: 'ready' });
  const done = session.updateOptions({ instructions: 'Be brief.', turns: { owner: 'caller' } });
  links[0]!.confirm();
  await done;
  expect(links[1]!.all('configure')).toEqual([]);
  links[0]!.end('r1');
  await moved;
  expect(links[1]!.last('configure').patch).toEqual({
    instructions: 'Be brief.',
    turns: { owner: 'caller' },
  });
  links[1]!.tell({ t: 'committed', turn: 't', item: 'i', basis: 'wire' });
  expect(session.isReplying).toBe(false);
  await session.close();
});

test('what a lost link took along is in the next opening, and not taken back', async () => {
  const { session, links, clock } = await onLinks({ overlap: 'free' });
  const done = session.updateOptions({ instructions: 'Be brief.', turns: { owner: 'caller' } });
  links[0]!.tell({ t: 'closing', code: 'cut', disposition: 'retry', message: 'cut' });
  await clock.advance(0);
  expect(links[1]!.last('open').config).toMatchObject({ instructions: 'Be brief.' });
  links[1]!.tell({ t: 'ready' });
  await done;
  expect(links[1]!.all('configure')).toEqual([]);
  links[1]!.tell({ t: 'committed', turn: 't', item: 'i', basis: 'wire' });
  expect(session.isReplying).toBe(false);
  expect(session.instructions).toBe('Be brief.');
  await session.close();
});
