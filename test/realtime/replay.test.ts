import { describe, expect, test } from 'vitest';
import { countedIds } from '../../src/core/index.js';
import {
  type Capabilities,
  type Command,
  type Config,
  type Dialler,
  type Event,
  type Item,
  RealtimeSession,
  type SessionOptions,
} from '../../src/realtime/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { fullCapabilities, plainConfig } from './full-capabilities.js';
import { ScriptedLink } from './scripted-link.js';

const ready: Event = { t: 'ready' };
const dropped: Event = { t: 'closing', code: 'connection_lost', disposition: 'retry', message: 'gone' };
const byHand: Partial<Config> = { turns: { owner: 'caller' } };

/** Each millisecond of the line has its own number, so that what a link was sent can be read off. */
class Line {
  readonly links: ScriptedLink[] = [];
  readonly clock = new FakeClock();
  readonly session: RealtimeSession;
  #ms = 0;

  constructor(
    config: Partial<Config> = {},
    capabilities: Partial<Capabilities> = {},
    options: SessionOptions = {},
  ) {
    const model: Dialler = {
      provider: 'scripted',
      model: 'one',
      capabilities: { ...fullCapabilities, inputRateHz: 1_000, ...capabilities },
      defaults: { ...plainConfig, ...config },
      dial: async () => {
        const link = new ScriptedLink();
        this.links.push(link);
        return link;
      },
    };
    this.session = new RealtimeSession(model, { clock: this.clock, ids: countedIds(), ...options });
  }

  async say(ms: number): Promise<void> {
    for (let done = 0; done < ms; done += 20) {
      const pcm = Int16Array.from({ length: 20 }, () => this.#ms++);
      this.session.pushAudio({ pcm, sampleRateHz: 1_000, channels: 1 });
      await this.clock.advance(20);
    }
  }

  tell(...events: Event[]): void {
    this.links.at(-1)?.tell(...events);
  }

  async change(): Promise<void> {
    this.tell(dropped);
    await this.clock.advance(0);
    this.tell(ready);
  }

  /** What the last link was sent: stretches of the line, silence, and commands. */
  sent(): string[] {
    const told: string[] = [];
    let [from, to] = [0, 0];
    const flush = () => {
      if (to > from) told.push(`${from}-${to}`);
      from = to;
    };
    for (const command of this.links.at(-1)?.sent ?? []) {
      if (command.t !== 'audio') {
        flush();
        told.push(nameOf(command));
        continue;
      }
      const { pcm } = command;
      if (pcm.every((sample) => sample === 0)) {
        flush();
        told.push(`silence ${pcm.length}`);
        continue;
      }
      if (pcm[0] !== to) {
        flush();
        from = pcm[0] ?? 0;
      }
      to = (pcm.at(-1) ?? 0) + 1;
    }
    flush();
    return told;
  }
}

function nameOf(command: Command): string {
  if (command.t === 'activity') return command.edge;
  if (command.t === 'item.add') return `add ${command.item.id} after ${command.after}`;
  return command.t === 'item.remove' ? `remove ${command.item}` : command.t;
}

async function line(...args: ConstructorParameters<typeof Line>): Promise<Line> {
  const one = new Line(...args);
  await one.clock.advance(0);
  return one;
}

describe('what a new link hears', () => {
  test('the first one: all that was said before it was ready', async () => {
    const one = await line();
    await one.say(400);
    one.tell(ready);
    await one.say(200);
    expect(one.sent()).toEqual(['open', '0-600']);
  });

  test('after silence: what the server may not have heard of yet', async () => {
    const one = await line();
    one.tell(ready);
    await one.say(10_000);
    await one.change();
    expect(one.sent()).toEqual(['open', '7000-10000']);
  });

  test('a turn being spoken: from its start, and what goes before it', async () => {
    const one = await line();
    one.tell(ready);
    await one.say(10_000);
    one.tell({ t: 'speech', edge: 'start', turn: 't', atMs: 9_000, basis: 'wire' });
    await one.say(4_000);
    await one.change();
    await one.say(1_000);
    expect(one.sent()).toEqual(['open', '8700-15000']);
  });

  test('a turn that was over: with the silence that ends it, where the line has none', async () => {
    const one = await line();
    one.tell(ready);
    await one.say(10_000);
    one.tell({ t: 'speech', edge: 'start', turn: 't', atMs: 9_000, basis: 'wire' });
    one.tell({ t: 'speech', edge: 'stop', turn: 't', atMs: 9_800, basis: 'wire' });
    await one.change();
    // The rule says 300 ms; 200 are on the line.
    expect(one.sent()).toEqual(['open', '7000-10000', 'silence 400']);
  });

  test('its positions are where the audio was on the session’s line', async () => {
    const one = await line();
    one.tell(ready);
    await one.say(10_000);
    await one.change();
    const starts: unknown[] = [];
    one.session.on('input_speech_started', ({ atMs }) => starts.push(atMs));
    one.tell({ t: 'speech', edge: 'start', turn: 't', atMs: 1_500, basis: 'wire' });
    expect(starts).toEqual([8_500]);
  });
});

describe('turns that are committed by hand', () => {
  test('before the first link: each audio, then its commit, once', async () => {
    const one = await line(byHand);
    await one.say(200);
    void one.session.commitAudio();
    await one.say(300);
    void one.session.commitAudio();
    await one.say(100);
    one.tell(ready);
    expect(one.sent()).toEqual(['open', '0-200', 'end', '200-500', 'end', '500-600']);
  });

  test('committed on a link that is lost, not answered: the same again', async () => {
    const one = await line(byHand);
    one.tell(ready);
    await one.say(200);
    const done = one.session.commitAudio();
    await one.say(100);
    await one.change();
    expect(one.sent()).toEqual(['open', '0-200', 'end', '200-300']);
    one.tell({ t: 'ack', cmd: 'cmd_1', basis: 'wire' });
    await done;
  });

  test('committed and confirmed, its words not known: the same again, and nobody hears of it', async () => {
    const one = await line(byHand);
    one.tell(ready);
    await one.say(200);
    const done = one.session.commitAudio();
    one.links[0]?.confirm();
    await done;
    one.tell({ t: 'committed', turn: 't', item: 'i', basis: 'wire' });
    await one.change();
    expect(one.sent()).toEqual(['open', '0-200', 'end']);
    const told: Event[] = [];
    one.session.onEvent((event) => told.push(event));
    one.links[1]?.confirm();
    one.tell({ t: 'committed', turn: 't2', item: 'i2', basis: 'wire' });
    expect(told).toEqual([]);
  });

  test('committed while there is no link: once', async () => {
    const one = await line(byHand);
    one.tell(ready);
    await one.say(200);
    one.tell(dropped);
    void one.session.commitAudio();
    await one.clock.advance(0);
    one.tell(ready);
    expect(one.sent()).toEqual(['open', '0-200', 'end']);
  });

  test('cleared while there is no link: what was said before is not committed', async () => {
    const one = await line(byHand);
    one.tell(ready);
    await one.say(200);
    one.tell(dropped);
    void one.session.clearAudio();
    await one.say(100);
    one.tell(ready);
    expect(one.sent().at(-1)).toBe('200-300');
    expect(one.sent()).not.toContain('0-200');
  });
});

const text = (id: string): Item => ({
  kind: 'message',
  id,
  role: 'user',
  parts: [{ kind: 'text', text: id }],
});
const done = (id: string, after?: string): Event => ({
  t: 'item',
  phase: 'done',
  item: text(id),
  basis: 'wire',
  ...(after === undefined ? {} : { after }),
});

/** One that waits from the start of a response to its end. */
async function rolled(changes: Event[], capabilities: Partial<Capabilities> = {}): Promise<Line> {
  const one = await line({}, capabilities);
  one.tell(ready, done('a'), done('b'));
  const [link] = one.links;
  link?.begin('r1');
  void one.session.reconnect();
  await one.clock.advance(0);
  one.tell(ready);
  link?.tell(...changes);
  link?.end('r1');
  return one;
}

describe('what has changed while the next link waited', () => {
  test.each<[name: string, changes: Event[], sent: string[], capabilities?: Partial<Capabilities>]>([
    ['nothing', [], []],
    ['an item -> added in its place', [done('c', 'a')], ['add c after a']],
    [
      'an item, where only the end is free -> added there',
      [done('c', 'a')],
      ['add c after undefined'],
      { history: 'append' },
    ],
    ['removed -> removed', [{ t: 'item', phase: 'removed', item: text('a'), basis: 'wire' }], ['remove a']],
    ['an item, where none can be added -> nothing', [done('c')], [], { history: 'opening' }],
  ])('%s', async (_, changes, sent, capabilities) => {
    const one = await rolled(changes, capabilities);
    expect(one.links.length).toBe(2);
    expect(one.sent()).toEqual(['open', ...sent]);
  });
});
