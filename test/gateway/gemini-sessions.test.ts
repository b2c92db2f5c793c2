import { describe, expect, it } from 'vitest';
import { countedIds } from '../../src/core/index.js';
import { ResumableLink } from '../../src/gateway/gemini/resumable-link.js';
import { Sessions } from '../../src/gateway/gemini/sessions.js';
import type { Command, Config, Event, Link } from '../../src/realtime/index.js';
import { FakeClock } from '../../src/testing/index.js';

const config: Config = {
  instructions: 'Be brief.',
  tools: [],
  toolChoice: 'auto',
  voice: '',
  turns: { owner: 'caller' },
  output: 'audio',
  transcription: null,
  vendor: {},
};

function stand({ lifeMs = 1000, most = 10 } = {}) {
  const clock = new FakeClock();
  const ids = countedIds();
  const sessions = new Sessions({ clock, ids, lifeMs, most });
  /** A client, the model's link that was dialled for it, and what each was told. */
  const connect = (resume?: string) => {
    const told: string[] = [];
    let listener: (event: Event) => void = () => {};
    const link: Link = {
      send: (command) => told.push(command.t === 'activity' ? command.edge : command.t),
      onEvent: (given) => {
        listener = given;
      },
    };
    const client = new ResumableLink(link, sessions, ids);
    const heard: Event[] = [];
    client.onEvent((event) => heard.push(event));
    client.keep();
    client.send({ t: 'open', config, history: [], ...(resume === undefined ? {} : { resume }) });
    return {
      told,
      heard,
      send: (command: Command) => client.send(command),
      leave: () => client.send({ t: 'close' }),
      model: (event: Event) => listener(event),
      handle: () => heard.flatMap((event) => (event.t === 'resumable' ? [event.handle ?? ''] : [])).at(-1)!,
    };
  };
  return { clock, sessions, connect };
}

const started = (response: string): Event => ({
  t: 'response',
  phase: 'started',
  response,
  cause: { by: 'wire' },
  outOfBand: false,
});
const ended = (response: string): Event => ({
  t: 'response',
  phase: 'ended',
  response,
  status: 'completed',
  basis: 'wire',
});
const said = (response: string): Event => ({
  t: 'said',
  response,
  item: 'i',
  part: 0,
  text: 'late',
  how: 'append',
  stage: 'spoken',
});

describe('sessions that outlive their client', () => {
  it('nobody comes back: the model’s link is closed when the time is over, not before', async () => {
    const { clock, sessions, connect } = stand();
    const one = connect();
    one.model({ t: 'ready' });
    const handle = one.handle();
    one.leave();
    await clock.advance(999);
    expect(one.told).toEqual(['open', 'discard']);
    expect(sessions.waiting).toBe(1);
    await clock.advance(1);
    expect(one.told).toEqual(['open', 'discard', 'close']);
    expect(sessions.waiting).toBe(0);
    expect(connect(handle).heard).toMatchObject([{ t: 'closing', code: 'session_expired' }]);
  });

  it('somebody does: the old link serves, the fresh one is closed, and no timer ends it', async () => {
    const { clock, sessions, connect } = stand();
    const one = connect();
    one.model({ t: 'ready' });
    one.leave();
    const two = connect(one.handle());
    expect(two.told).toEqual(['close']);
    expect(two.heard).toMatchObject([{ t: 'ready' }, { t: 'resumable' }]);
    two.send({ t: 'reply', cmd: 'c' });
    await clock.advance(5000);
    expect(one.told).toEqual(['open', 'discard', 'reply']);
    expect(sessions.waiting).toBe(0);
  });

  it('what was being said is stopped, and never reaches the next client', () => {
    const { connect } = stand();
    const one = connect();
    one.model({ t: 'ready' });
    const handle = one.handle();
    one.model(started('r1'));
    one.leave();
    one.model(started('r2'));
    expect(one.told).toEqual(['open', 'discard', 'stop', 'stop']);
    const two = connect(handle);
    for (const event of [said('r1'), ended('r1'), said('r2'), ended('r2'), started('r3'), said('r3')]) {
      one.model(event);
    }
    expect(two.heard.flatMap((event) => ('response' in event ? [event.response] : []))).toEqual(['r3', 'r3']);
  });

  it('no handle while a response runs or a call is open', () => {
    const { connect } = stand();
    const one = connect();
    const handles = () =>
      one.heard.flatMap((event) => (event.t === 'resumable' ? [event.handle !== null] : []));
    one.model({ t: 'ready' });
    one.model(started('r1'));
    one.model({
      t: 'call',
      phase: 'ready',
      response: 'r1',
      call: 'k',
      name: 'book',
      args: '{}',
      owner: 'us',
    });
    one.model(ended('r1'));
    expect(handles()).toEqual([true, false]);
    const answer = {
      call: 'k',
      name: 'book',
      output: '',
      isError: false,
      more: false,
      then: 'auto',
    } as const;
    one.send({ t: 'answer', cmd: 'c', ...answer });
    one.model(started('r2'));
    one.model(ended('r2'));
    expect(handles()).toEqual([true, false, false, true]);
  });

  it('the last sixteen handles lead to it; those before do not', () => {
    const { connect } = stand();
    const one = connect();
    one.model({ t: 'ready' });
    const first = one.handle();
    for (let turn = 0; turn < 15; turn++) one.model(ended(`r${turn}`));
    one.leave();
    connect(first).leave();
    const two = connect(first);
    expect(two.heard).toMatchObject([{ t: 'closing' }]);
  });

  it('a model that ends while nobody is there is nobody’s', () => {
    const { sessions, connect } = stand();
    const one = connect();
    one.model({ t: 'ready' });
    const handle = one.handle();
    one.leave();
    one.model({ t: 'closing', code: 'connection_lost', disposition: 'retry', message: '' });
    expect(sessions.waiting).toBe(0);
    expect(connect(handle).heard).toMatchObject([{ t: 'closing', code: 'session_expired' }]);
  });

  it('the gateway closes: those that wait end at once, those that come to wait end then', () => {
    const { sessions, connect } = stand();
    const one = connect();
    const two = connect();
    one.leave();
    sessions.close();
    expect(one.told.at(-1)).toBe('close');
    two.leave();
    expect(two.told.at(-1)).toBe('close');
  });
});
