import { type Clock, countedIds, type Socket } from '../../../src/core/index.js';
import { Connection } from '../../../src/gateway/connection.js';
import { geminiWire } from '../../../src/gateway/wires/gemini.js';
import { openaiWire } from '../../../src/gateway/wires/openai.js';
import type { Wire } from '../../../src/gateway/wires.js';
import { linkedPair } from '../../../src/net/index.js';
import { RealtimeModel as GeminiModel } from '../../../src/providers/gemini/index.js';
import { openaiCapabilities } from '../../../src/providers/openai/capabilities.js';
import { type Dialler, type Event, type Link, wireLink } from '../../../src/realtime/index.js';
import { overLink } from '../../../src/testing/over-link.js';
import { openaiClientMachine } from '../../../src/wire/openai/client/index.js';
import type { Loss } from './story.js';

/** Marks are so far apart that a resampler does not blur them. */
const markStep = 400;

/** The mark of a sample; 0 where it is none. */
export function markOfSample(sample: number): number {
  const mark = Math.round(sample / markStep);
  return Math.abs(sample - mark * markStep) < markStep / 4 ? mark : 0;
}

/** A model whose audio tells what it is: every sample of an item has the item's mark, a number from 1 on. */
export function markedModel(model: Dialler, markOf: (item: string) => number): Dialler {
  return overLinks(model, (link) => ({
    send: (command) => link.send(command),
    onEvent(listener) {
      link.onEvent((event) => {
        if (event.t === 'audio' && event.item !== null) event.pcm.fill(markOf(event.item) * markStep);
        listener(event);
      });
    },
  }));
}

/** A model whose links lose the events that are named, each at its time. */
export function lossyModel(model: Dialler, losses: readonly Loss[]): Dialler {
  return overLinks(model, (link) => {
    const times = new Map<string, number>();
    return {
      send: (command) => link.send(command),
      onEvent(listener) {
        link.onEvent((event) => {
          const name = 'phase' in event ? `${event.t} ${event.phase}` : event.t;
          const time = times.get(name) ?? 0;
          times.set(name, time + 1);
          if (!losses.some((loss) => loss.event === name && loss.time === time)) listener(event);
        });
      },
    };
  });
}

/** A model far away: what is said to it and what it says take their time, in order. */
export function farModel(model: Dialler, clock: Clock, latencyMs: number, namesTurns: boolean): Dialler {
  const later = (run: () => void) => {
    if (latencyMs === 0) run();
    else clock.at(clock.now() + latencyMs, run);
  };
  return overLinks(model, (link) => ({
    send: (command) => later(() => link.send(command)),
    onEvent(listener) {
      link.onEvent((event) => {
        let told = event;
        if (event.t === 'speech' && !namesTurns) {
          const { item: _, ...unnamed } = event;
          told = unnamed;
        }
        later(() => listener(told));
      });
    },
  }));
}

/** A model whose connections a test can break. */
export function breakableModel(
  model: Dialler,
  disposition: 'fatal' | 'retry' = 'fatal',
): Dialler & { break(): void } {
  const breaks: (() => void)[] = [];
  return {
    ...overLinks(model, (link) => {
      let listener: (event: Event) => void = () => {};
      let broken = false;
      link.onEvent((event) => {
        if (broken) return;
        broken = event.t === 'closing';
        listener(event);
      });
      breaks.push(() => {
        if (broken) return;
        broken = true;
        link.send({ t: 'close' });
        listener({ t: 'closing', code: 'server_error', disposition, message: 'The wire is cut.' });
      });
      return {
        send(command) {
          if (!broken) link.send(command);
        },
        onEvent(next) {
          listener = next;
        },
      };
    }),
    break() {
      for (const run of breaks) run();
    },
  };
}

/** The model behind our gateway on OpenAI's wire, seen through our client of that wire: both machines, no network. */
export function openaiModel(behind: Dialler, served: Served): Dialler & { break(): void } {
  const near = serve(behind, openaiWire, served);
  return {
    provider: 'openai',
    model: behind.model,
    capabilities: openaiCapabilities(),
    defaults: behind.defaults,
    dial: async ({ clock, ids, tap }) => wireLink(near.connect(), openaiClientMachine(), { clock, ids, tap }),
    break: near.break,
  };
}

/** The same on Gemini's wire, which tells and takes much less. */
export function geminiModel(
  behind: Dialler,
  served: Served,
  interruptible: boolean,
): Dialler & { break(): void } {
  const near = serve(behind, geminiWire, served);
  const model = new GeminiModel({
    baseUrl: 'http://127.0.0.1:1',
    turnDetection: { silenceDurationMs: 300, interruptResponse: interruptible },
    connect: async () => near.connect(),
  });
  const { provider, capabilities, defaults } = model;
  return {
    provider,
    model: model.model,
    capabilities,
    defaults,
    dial: (context) => model.dial(context),
    break: near.break,
  };
}

export interface Served {
  clock: Clock;
  latencyMs: number;
  onError: (error: unknown) => void;
}

/** A gateway without its HTTP. */
function serve(behind: Dialler, wire: Wire, { clock, latencyMs, onError }: Served) {
  const breaks: (() => void)[] = [];
  // Of all connections: no server names two things alike.
  const ids = countedIds('_far');
  return {
    connect(): Socket {
      const [near, far] = linkedPair(clock, latencyMs);
      breaks.push(() => near.cut());
      const start = {
        request: { url: new URL('ws://memory/v1/realtime'), headers: {}, protocols: [] },
        dialler: behind,
        model: behind.model,
        grant: {},
        wallMs: clock.wallNow(),
      };
      const none = { tap: undefined, vad: undefined, onEnd: () => {} };
      void new Connection({ socket: far, wire, start, clock, ids, onError, ...none }).open();
      return near;
    },
    break() {
      for (const run of breaks) run();
    },
  };
}

function overLinks(model: Dialler, wrap: (link: Link) => Link): Dialler {
  return {
    provider: model.provider,
    model: model.model,
    capabilities: model.capabilities,
    defaults: model.defaults,
    async dial(context) {
      const link = await model.dial(context);
      return overLink(link, wrap(link));
    },
  };
}
