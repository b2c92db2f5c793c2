import { energyVad } from '../../src/cascade/index.js';
import { type Clock, countedIds } from '../../src/core/index.js';
import { Connection } from '../../src/gateway/connection.js';
import { GeminiDesk } from '../../src/gateway/gemini/desk.js';
import { geminiWire } from '../../src/gateway/wires/gemini.js';
import { openaiWire } from '../../src/gateway/wires/openai.js';
import { linkedPair } from '../../src/net/index.js';
import { RealtimeModel as GeminiModel } from '../../src/providers/gemini/index.js';
import { RealtimeModel as OpenAiModel } from '../../src/providers/openai/index.js';
import type { Dialler, RealtimeModel } from '../../src/realtime/index.js';
import type { VAD } from '../../src/speech/index.js';
import type { CuttableSocket, FaultProxy, FaultWire } from '../../src/testing/faults/index.js';

export const inputRateHz: Readonly<Record<FaultWire, number>> = { openai: 24_000, gemini: 16_000 };

/** A gateway without its HTTP: every connection is one end of a pair in memory. */
export class MemoryGateway {
  readonly #model: Dialler;
  readonly #wire: FaultWire;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #open = new Set<Connection>();
  readonly errors: unknown[] = [];
  #desk: GeminiDesk;
  #count = 0;

  /** `name`: in the ids of what it makes, where there are several. */
  constructor(model: Dialler, wire: FaultWire, clock: Clock, name = '') {
    this.#name = name;
    this.#model = model;
    this.#wire = wire;
    this.#clock = clock;
    this.#desk = this.#newDesk();
  }

  /** No handle given so far leads to a session any more. */
  forget(): void {
    this.#desk.close();
    this.#desk = this.#newDesk();
  }

  /** Forgets the sessions that wait for their clients. */
  close(): void {
    this.#desk.close();
  }

  #newDesk(): GeminiDesk {
    const ids = countedIds(`_${this.#name}desk${this.#count}`);
    return new GeminiDesk({ serving: {}, modelNames: undefined, clock: this.#clock, ids });
  }

  /** Connections whose socket has not ended. */
  get connections(): number {
    return this.#open.size;
  }

  /** The client's end of a new one. */
  readonly connect = (): CuttableSocket => {
    const [near, far] = linkedPair();
    const clock = this.#clock;
    const connection: Connection = new Connection({
      socket: far,
      wire: this.#wire === 'openai' ? openaiWire : geminiWire,
      start: {
        request: { url: new URL('ws://memory/v1/realtime'), headers: {}, protocols: [] },
        dialler: this.#model,
        model: this.#model.model,
        grant: {},
        wallMs: clock.wallNow(),
        gemini: this.#desk,
      },
      clock,
      ids: countedIds(`_${this.#name}c${++this.#count}`),
      tap: undefined,
      vad: earsOf(this.#model),
      onError: (error) => this.errors.push(error),
      onEnd: () => this.#open.delete(connection),
    });
    this.#open.add(connection);
    void connection.open();
    return near;
  };
}

/** Short waits make short conversations. */
const connOptions = { maxRetries: 10, intervalMs: 100 };

export interface ClientOptions {
  /** Of one dial. Default 2,000. */
  timeoutMs?: number;
  /** The server stops its response when the user begins to speak. Default true. */
  interruptResponse?: boolean;
  /** OpenAI: the server answers a finished turn by itself. Default true. */
  createResponse?: boolean;
  maxSessionDurationMs?: number;
  /** Gemini: another connection may go on where the last one was. Default true. */
  sessionResumption?: boolean;
}

/** The vendor's model as an application makes it; its sockets come through the proxy. */
export function clientModel(wire: FaultWire, proxy: FaultProxy, options: ClientOptions = {}): RealtimeModel {
  const { timeoutMs = 2_000, interruptResponse = true, createResponse = true } = options;
  const { maxSessionDurationMs, sessionResumption = true } = options;
  const common = {
    ...(maxSessionDurationMs === undefined ? {} : { maxSessionDurationMs }),
    baseUrl: 'http://127.0.0.1:1',
    connect: proxy.dial,
    connOptions: { ...connOptions, timeoutMs },
  };
  const silenceDurationMs = 400;
  return wire === 'openai'
    ? new OpenAiModel({
        ...common,
        turnDetection: { type: 'server_vad', silenceDurationMs, interruptResponse, createResponse },
      })
    : new GeminiModel({
        ...common,
        sessionResumption,
        turnDetection: { silenceDurationMs, interruptResponse },
      });
}

/** Ears for a model that has none. */
function earsOf({ capabilities: { speech, inputRateHz: sampleRateHz } }: Dialler): VAD | undefined {
  return speech === 'edges' ? undefined : energyVad({ sampleRateHz });
}

/** Ears for the wire that has none. */
export function earsFor(wire: FaultWire): VAD | undefined {
  return wire === 'gemini' ? energyVad({ sampleRateHz: inputRateHz.gemini }) : undefined;
}
