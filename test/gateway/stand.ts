import { type Script, scriptedModel } from '../../src/cascade/index.js';
import type { ReparteeError } from '../../src/core/index.js';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/index.js';
import { type RecordedModel, recordedModel } from '../../src/testing/index.js';
import type {
  ClientEvent,
  ServerEvent,
  ServerEventOf,
  ServerEventType,
} from '../../src/wire/openai/events.js';
import {
  assertBetaClientEvent,
  assertBetaServerEvent,
  assertClientEvent,
  assertServerEvent,
} from '../schemas/openai.js';

type Seen = { direction: 'in'; event: ClientEvent } | { direction: 'out'; event: ServerEvent };

/** The official types of each dialect, for what clients send and what the gateway does. */
const judges = {
  ga: { in: assertClientEvent, out: assertServerEvent },
  beta: { in: assertBetaClientEvent, out: assertBetaServerEvent },
};

/** A gateway over a script, with an ear at the wire: every event in both directions is held against the official types. */
export class Stand {
  readonly seen: Seen[] = [];
  readonly errors: ReparteeError[] = [];
  /** What broke the official types. */
  readonly breaches: string[] = [];
  #waiting: (() => void)[] = [];

  private constructor(
    readonly gateway: Gateway,
    readonly model: RecordedModel,
    readonly dialect: keyof typeof judges,
  ) {}

  static async open(
    script: Script,
    options: Partial<GatewayOptions> = {},
    dialect: keyof typeof judges = 'ga',
  ): Promise<Stand> {
    const model = recordedModel(scriptedModel(script));
    let stand: Stand | undefined;
    const gateway = await createGateway({
      model,
      tap: (direction, frame) => stand?.hear(direction, String(frame)),
      onError: (error) => stand?.errors.push(error),
      ...options,
    });
    stand = new Stand(gateway, model, dialect);
    return stand;
  }

  /** Address of the OpenAI wire. */
  get url(): string {
    return `${this.gateway.url}/v1/realtime?model=gpt-realtime`;
  }

  /** All that went to the client so far of that type. */
  sent<T extends ServerEventType>(type: T): ServerEventOf<T>[] {
    return this.seen.flatMap(({ direction, event }) =>
      direction === 'out' && event.type === type ? [event as ServerEventOf<T>] : [],
    );
  }

  received(type: ClientEvent['type']): ClientEvent[] {
    return this.seen.flatMap(({ direction, event }) =>
      direction === 'in' && event.type === type ? [event] : [],
    );
  }

  /** Resolves once that many events of the type have gone to the client, with the last of them. */
  async until<T extends ServerEventType>(type: T, count = 1): Promise<ServerEventOf<T>> {
    await this.when(() => this.sent(type).length >= count);
    return this.sent(type)[count - 1]!;
  }

  /** Resolves once the condition holds; it is looked at after every event. */
  async when(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Closes all; throws where the wire or a link broke its rules. */
  async close(): Promise<void> {
    await this.gateway.close();
    if (this.breaches.length > 0) throw new Error(this.breaches.join('\n'));
    this.model.assertLegal();
  }

  hear(direction: 'in' | 'out', text: string): void {
    try {
      const event = JSON.parse(text);
      judges[this.dialect][direction](event, direction === 'out' ? 'strict' : 'tolerant');
      this.seen.push({ direction, event });
    } catch (error) {
      this.breaches.push(`${direction}: ${error}`);
    }
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** 24 kHz PCM of somebody who speaks and then is silent, loud enough for the script's ear. */
export function utterance(speechMs = 800, silenceMs = 1000): Int16Array<ArrayBuffer> {
  const speech = 24 * speechMs;
  const pcm = new Int16Array(speech + 24 * silenceMs);
  for (let at = 0; at < speech; at++) pcm[at] = Math.round(9000 * Math.sin(at / 6));
  return pcm;
}

/** The same as the base64 chunks of 100 ms that clients send. */
export function chunks(pcm: Int16Array): string[] {
  const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const out: string[] = [];
  for (let at = 0; at < bytes.length; at += 4800) out.push(bytes.subarray(at, at + 4800).toString('base64'));
  return out;
}

/** A script with all that the judges need: a tool turn, and an answer long enough to be cut. */
export const clinic: Script = {
  clausePauseMs: 40,
  audioMsPerWord: 100,
  turns: [
    {
      hears: 'When do you open tomorrow?',
      says: 'Let me look.',
      calls: [{ name: 'opening_hours', args: { day: 'tomorrow' } }],
      thenSays:
        'Tomorrow we open at {result.from}, and close at {result.to}, with a break at noon, when the nurses eat, and the doctors sleep, and nobody answers the phone, however long it rings, so please call before, or after.',
    },
    { hears: 'Thank you, goodbye.', says: 'Goodbye.' },
  ],
};
