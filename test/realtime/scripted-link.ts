import { countedIds } from '../../src/core/index.js';
import {
  type Capabilities,
  type Command,
  type Dialler,
  type Event,
  type Link,
  type RealtimeEvents,
  RealtimeSession,
  type SessionOptions,
} from '../../src/realtime/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { fullCapabilities, plainConfig } from './full-capabilities.js';

/** A link whose answers are the test's. */
export class ScriptedLink implements Link {
  readonly sent: Command[] = [];
  #listener: (event: Event) => void = () => {};

  send(command: Command): void {
    this.sent.push(command);
  }

  onEvent(listener: (event: Event) => void): void {
    this.#listener = listener;
  }

  tell(...events: Event[]): void {
    for (const event of events) this.#listener(event);
  }

  /** Commands of one kind. */
  all<T extends Command['t']>(kind: T): Extract<Command, { t: T }>[] {
    return this.sent.filter((command): command is Extract<Command, { t: T }> => command.t === kind);
  }

  last<T extends Command['t']>(kind: T): Extract<Command, { t: T }> {
    const command = this.all(kind).at(-1);
    if (command === undefined) throw new Error(`No ${kind} was sent`);
    return command;
  }

  /** Confirms every command sent since the last call that waits for an answer. */
  confirm(): void {
    for (; this.#confirmed < this.sent.length; this.#confirmed++) {
      const command = this.sent[this.#confirmed]!;
      if (!('cmd' in command) || command.t === 'reply' || command.t === 'say') continue;
      this.tell({ t: 'ack', cmd: command.cmd, basis: 'wire' });
    }
  }

  begin(response: string, cmd?: string, outOfBand = false): void {
    const cause = cmd === undefined ? ({ by: 'wire' } as const) : ({ by: 'command', cmd } as const);
    this.tell({ t: 'response', phase: 'started', response, cause, outOfBand });
  }

  end(response: string, more: Partial<Extract<Event, { t: 'response'; phase: 'ended' }>> = {}): void {
    this.tell({ t: 'response', phase: 'ended', response, status: 'completed', basis: 'wire', ...more });
  }

  say(response: string, item: string, samples = 480): void {
    this.tell({ t: 'audio', response, item, part: 0, pcm: new Int16Array(samples) });
  }

  #confirmed = 0;
}

export interface Stand {
  clock: FakeClock;
  link: ScriptedLink;
  session: RealtimeSession;
  /** Every event of the names that were asked for, in order. */
  told: { name: string; event: unknown }[];
}

/** A session over a scripted link, open. */
export async function stand(
  options: {
    capabilities?: Partial<Capabilities>;
    model?: Partial<Dialler>;
    session?: SessionOptions;
    hear?: (keyof RealtimeEvents)[];
  } = {},
): Promise<Stand> {
  const clock = new FakeClock();
  const link = new ScriptedLink();
  const model: Dialler = {
    provider: 'scripted',
    model: 'one',
    capabilities: { ...fullCapabilities, ...options.capabilities },
    defaults: plainConfig,
    dial: async () => link,
    ...options.model,
  };
  const session = new RealtimeSession(model, { clock, ids: countedIds(), ...options.session });
  const told: Stand['told'] = [];
  for (const name of options.hear ?? []) session.on(name, (event) => told.push({ name, event }));
  await clock.advance(0);
  link.tell({ t: 'ready', sessionId: 'sess_1' });
  return { clock, link, session, told };
}

export function userMessage(id: string, text: string | null) {
  const part = text === null ? { kind: 'audio' as const, transcript: null } : { kind: 'text' as const, text };
  return { kind: 'message' as const, id, role: 'user' as const, parts: [part] };
}
