import { describe, expect, it } from 'vitest';
import { countedIds } from '../../../src/core/index.js';
import { linkedPair } from '../../../src/net/index.js';
import type { Command, Event, WireMachine } from '../../../src/realtime/index.js';
import { drain, LegalityChecker } from '../../../src/testing/index.js';
import { openaiClientMachine, openaiServerMachine } from '../../../src/wire/openai/index.js';
import { assertClientEvent, assertServerEvent } from '../../schemas/openai.js';
import { brief, ClientBench, config, readTrace } from './client-harness.js';

/** Both machines of the wire with a socket between them: commands and events in at one end, out at the other. */
class BothEnds {
  readonly heard: Event[] = [];
  readonly asked: Command[] = [];
  readonly checker = new LegalityChecker();
  readonly client: WireMachine<Command>;
  readonly server: WireMachine<Event>;

  constructor() {
    const [near, far] = linkedPair();
    this.client = openaiClientMachine()(
      {
        frame: (frame) => {
          assertClientEvent(JSON.parse(String(frame)));
          near.send(frame);
        },
        emit: (event) => {
          this.checker.event(event);
          this.heard.push(event);
        },
        wakeAt: () => {},
        close: (code, reason) => near.close(code, reason),
      },
      countedIds(),
    );
    this.server = openaiServerMachine({
      model: 'gpt-realtime',
      defaults: config,
      inputRateHz: 24_000,
      outputRateHz: 24_000,
      expiresAt: 1_800_000_000,
    })(
      {
        frame: (frame) => {
          assertServerEvent(JSON.parse(String(frame)));
          far.send(frame);
        },
        emit: (command) => this.asked.push(command),
        wakeAt: () => {},
        close: (code, reason) => far.close(code, reason),
      },
      countedIds('s'),
    );
    near.onFrame((frame) => this.client.frame(frame, 0));
    near.onClose(({ code, reason }) => this.client.closed(code, reason, 0));
    far.onFrame((frame) => this.server.frame(frame, 0));
    far.onClose(({ code, reason }) => this.server.closed(code, reason, 0));
  }

  async command(command: Command): Promise<void> {
    this.checker.command(command);
    this.client.local(command, 0);
    await drain();
  }

  async event(event: Event): Promise<void> {
    this.server.local(event, 0);
    await drain();
  }
}

/** Gives every id a number by its first appearance, so that two conversations with other ids can be compared. */
function normal(events: readonly Event[]): string[] {
  const names = new Map<string, string>();
  const name = (id: string) => {
    const known = names.get(id) ?? `#${names.size + 1}`;
    names.set(id, known);
    return known;
  };
  const kinds: Event['t'][] = [
    'speech',
    'committed',
    'item',
    'heard',
    'response',
    'part',
    'audio',
    'said',
    'call',
  ];
  return events
    .filter(({ t }) => kinds.includes(t))
    .map((event) => brief(event).replace(/\b(item|resp|turn|call|response)_\w+|\bc\d+\b/g, name));
}

/**
 * What the vendor's frames mean to our client, said by a model behind our server, means the same to our client again.
 */
describe('the wire from end to end', () => {
  it.each([
    'vad-turn',
    'manual-turn',
    'text-turn',
    'tool-turn',
    'barge-in',
    'out-of-band',
    'transcription-failed',
  ])('%s', async (trace) => {
    const alone = new ClientBench();
    const ends = new BothEnds();
    ends.server.wake(0);
    await ends.event({ t: 'ready' });
    const asks = new Map<string, Command & { cmd: string }>();
    for (const line of readTrace(trace)) {
      if (line.do !== undefined) {
        alone.do(line.do);
        const before = ends.asked.length;
        await ends.command(line.do);
        const asked = ends.asked.slice(before).find((command) => 'cmd' in command);
        if (asked !== undefined && 'cmd' in line.do) asks.set(line.do.cmd, asked);
        // The client's opening update is a command of the server.
        else if (asked !== undefined) await ends.event({ t: 'ack', cmd: asked.cmd, basis: 'wire' });
      }
      if (line.s === undefined) continue;
      const from = alone.events.length;
      alone.serve(line.s);
      for (const event of alone.events.slice(from)) {
        if (event.t === 'ready' || event.t === 'unknown') continue;
        await ends.event(translated(event, asks));
      }
    }
    expect(normal(ends.heard)).toEqual(normal(alone.events));
    ends.checker.finish();
  });
});

/** The event as an answer to what the server asked, which has ids of its own. */
function translated(event: Event, asks: ReadonlyMap<string, Command & { cmd: string }>): Event {
  if ('cmd' in event && event.cmd !== undefined)
    return { ...event, cmd: asks.get(event.cmd)?.cmd ?? event.cmd };
  if (event.t !== 'response' || event.phase !== 'started' || event.cause.by !== 'command') return event;
  const ask = asks.get(event.cause.cmd);
  if (ask?.t !== 'reply') return event;
  return { ...event, cause: { by: 'command', cmd: ask.cmd }, metadata: ask.metadata ?? null };
}
