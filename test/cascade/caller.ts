import { countedIds } from '../../src/core/index.js';
import type { Command, Config, Dialler, Event, Item } from '../../src/realtime/index.js';
import { checkedLink, FakeClock } from '../../src/testing/index.js';

type CommandOf<T extends Command['t']> = Omit<Extract<Command, { t: T }>, 't' | 'cmd'>;

/** Someone at the other end of a link, with a clock in hand and a checker in between. */
export async function call(
  model: Dialler,
  config: Partial<Config> = {},
  history: Item[] = [],
  resume?: string,
) {
  const clock = new FakeClock();
  const inner = await model.dial({ clock, ids: countedIds(), signal: new AbortController().signal });
  const link = checkedLink(inner);
  const caller = new Caller(link, clock, model.capabilities.inputRateHz);
  link.send({
    t: 'open',
    config: { ...model.defaults, ...config },
    history,
    ...(resume === undefined ? {} : { resume }),
  });
  await caller.settle();
  return caller;
}

export class Caller {
  readonly events: Event[] = [];
  #cmd = 0;
  #positionMs = 0;

  constructor(
    readonly link: ReturnType<typeof checkedLink>,
    readonly clock: FakeClock,
    readonly rateHz: number,
  ) {
    link.onEvent((event) => this.events.push(event));
  }

  settle(ms = 0): Promise<void> {
    return this.clock.advance(ms);
  }

  /** Sends a command and waits for its effects; gives its cmd. */
  async send<T extends Exclude<Command['t'], 'open' | 'audio' | 'close' | 'raw'>>(
    t: T,
    fields: CommandOf<T>,
  ) {
    const cmd = `cmd_${++this.#cmd}`;
    this.link.send({ t, cmd, ...fields } as Command);
    await this.settle();
    return cmd;
  }

  speak(ms: number, chunkMs = 20): Promise<void> {
    return this.#push(ms, chunkMs, (i) => Math.round(9000 * Math.sin(i / 4)));
  }

  silence(ms: number, chunkMs = 20): Promise<void> {
    return this.#push(ms, chunkMs, () => 0);
  }

  /** A whole turn: speech, then the silence that ends it. */
  async turn(ms = 800): Promise<void> {
    await this.speak(ms);
    await this.silence(600);
  }

  of<T extends Event['t']>(t: T): Extract<Event, { t: T }>[] {
    return this.events.filter((event): event is Extract<Event, { t: T }> => event.t === t);
  }

  /** What happened since the last look, one short line each; a run of audio is one line. */
  story(): string[] {
    const lines: string[] = [];
    for (const event of this.events.splice(0)) {
      // What the parts have done is a story of its own.
      if (event.t === 'usage') continue;
      const line = tell(event);
      if (event.t !== 'audio' || line !== lines.at(-1)) lines.push(line);
    }
    return lines;
  }

  end(): void {
    this.link.checker.finish();
  }

  async #push(ms: number, chunkMs: number, sample: (i: number) => number): Promise<void> {
    for (let at = 0; at < ms; at += chunkMs) {
      const count = Math.round((Math.min(chunkMs, ms - at) * this.rateHz) / 1000);
      this.link.send({
        t: 'audio',
        pcm: Int16Array.from({ length: count }, (_, i) => sample(i)),
        atMs: this.#positionMs,
      });
      this.#positionMs += (count * 1000) / this.rateHz;
      await this.settle(chunkMs);
    }
  }
}

export function message(role: 'user' | 'assistant' | 'system', text: string, id = ''): Item {
  return { kind: 'message', id, role, parts: [{ kind: 'text', text }] };
}

function tell(event: Event): string {
  switch (event.t) {
    case 'ack':
      return `ack ${event.cmd}${event.item === undefined ? '' : ` ${event.item}`}`;
    case 'refused':
      return `refused ${event.code}${event.benign ? ' (benign)' : ''}`;
    case 'speech':
      return `speech ${event.edge} ${event.turn}`;
    case 'committed':
      return `committed ${event.item} after ${event.after}`;
    case 'item':
      return `item ${event.phase} ${event.item.id}${event.phase === 'added' ? ` after ${event.after}` : ''}`;
    case 'heard':
      return `heard ${event.how} '${event.text}'`;
    case 'response':
      return event.phase === 'ended'
        ? `response ${event.response} ${event.status}${event.reason === undefined ? '' : ` ${event.reason}`}`
        : `response ${event.response} ${event.phase}`;
    case 'part':
      return `part ${event.phase} ${event.item} ${event.kind}`;
    case 'audio':
      return `audio ${event.item}`;
    case 'said':
      return `said ${event.how} '${event.text}'`;
    case 'call':
      return `call ${event.phase} ${event.name} ${event.args}`;
    case 'closing':
      return `closing ${event.code} ${event.disposition}`;
    default:
      return event.t;
  }
}
