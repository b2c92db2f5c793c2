import { countedIds } from '../../../src/core/index.js';
import type { Command, Config, Event } from '../../../src/realtime/contract.js';
import type {
  ClientEvent,
  ServerEvent,
  ServerEventOf,
  ServerEventType,
} from '../../../src/wire/openai/events.js';
import { type OpenAIServerOptions, openaiServerMachine } from '../../../src/wire/openai/server/index.js';
import { assertClientEvent, assertServerEvent } from '../../schemas/openai.js';

export const defaults: Config = {
  instructions: 'Be brief.',
  tools: [],
  toolChoice: 'auto',
  voice: '',
  turns: { owner: 'wire', kind: 'server_vad', autoReply: true, autoCut: true },
  output: 'audio',
  transcription: { model: 'whisper-1' },
  vendor: {},
};

/** A server machine on a bench: the test plays the client on one side and the link on the other. */
export class ServerBench {
  readonly commands: Command[] = [];
  readonly events: ServerEvent[] = [];
  closes: { code: number; reason: string }[] = [];
  wakeAt: number | null = null;
  nowMs = 0;
  /** Answers each command that wants an answer, unless the test does so itself. */
  acks = true;
  readonly #machine;

  constructor(options: Partial<OpenAIServerOptions> = {}) {
    this.#machine = openaiServerMachine({
      model: 'gpt-realtime',
      defaults,
      inputRateHz: 24_000,
      outputRateHz: 24_000,
      expiresAt: 1_800_000_000,
      ...options,
    })(
      {
        frame: (frame) => {
          const event: ServerEvent = JSON.parse(String(frame));
          assertServerEvent(event);
          this.events.push(event);
        },
        emit: (command) => {
          this.commands.push(command);
          if (this.acks && 'cmd' in command) this.link({ t: 'ack', cmd: command.cmd, basis: 'wire' });
        },
        wakeAt: (ms) => {
          this.wakeAt = ms;
        },
        close: (code, reason) => this.closes.push({ code, reason }),
      },
      countedIds(),
    );
  }

  /** Up to `session.created`, with both lists emptied. */
  opened(): this {
    this.wake(0);
    this.link({ t: 'ready' });
    this.events.length = 0;
    this.commands.length = 0;
    return this;
  }

  /** A client event that the official types know. */
  client(event: ClientEvent): this {
    assertClientEvent(event, 'tolerant');
    return this.text(JSON.stringify(event));
  }

  /** Anything at all as a text frame. */
  text(frame: string): this {
    this.#machine.frame(frame, this.nowMs);
    return this;
  }

  bytes(frame: Uint8Array): this {
    this.#machine.frame(frame, this.nowMs);
    return this;
  }

  link(...events: Event[]): this {
    for (const event of events) this.#machine.local(event, this.nowMs);
    return this;
  }

  wake(atMs: number): this {
    this.nowMs = atMs;
    this.#machine.wake(atMs);
    return this;
  }

  closed(): this {
    this.#machine.closed(1006, '', this.nowMs);
    return this;
  }

  /** Types of the events since the last call, in order. */
  types(): string[] {
    return this.events.splice(0).map((event) => event.type);
  }

  /** Takes the events since the last call; fails unless exactly one is of the type. */
  one<T extends ServerEventType>(type: T): ServerEventOf<T> {
    const found = this.events.splice(0).filter((event) => event.type === type);
    if (found.length !== 1) throw new Error(`${found.length} events of type ${type}`);
    return found[0] as ServerEventOf<T>;
  }

  /** Takes the commands since the last call; fails unless exactly one is of the kind. */
  command<T extends Command['t']>(t: T): Command & { t: T } {
    const found = this.commands.splice(0).filter((command) => command.t === t);
    if (found.length !== 1) throw new Error(`${found.length} commands of kind ${t}`);
    return found[0] as Command & { t: T };
  }
}

/** Base64 of that much 24 kHz PCM; each sample is its own number. */
export function audio(ms: number, from = 0): string {
  const pcm = Int16Array.from({ length: 24 * ms }, (_, at) => (from + at) % 32_000);
  return Buffer.from(pcm.buffer).toString('base64');
}

export function pcm(ms: number, rateHz = 24_000): Int16Array {
  return Int16Array.from({ length: (ms * rateHz) / 1000 }, (_, at) => Math.round(8000 * Math.sin(at / 5)));
}
