import type { AgentSession } from 'repartee';
import type { FrameTap } from '../../src/realtime/index.js';
import { nowMs } from './page-clock.js';

export interface WireEvent {
  type: string;
  /** When it was heard, milliseconds since the epoch. */
  atMs: number;
  [field: string]: unknown;
}

/** An ear at OpenAI's wire: what client and server say, audio aside, and the audio of each item. */
export class WireEar {
  readonly fromClient: WireEvent[] = [];
  readonly fromServer: WireEvent[] = [];
  readonly #audio = new Map<string, Buffer[]>();
  #waiting: (() => void)[] = [];

  /** At the client's end of a session that is about to start. */
  static ofSession(session: AgentSession): WireEar {
    const ear = new WireEar();
    // The model's session exists from the call of `start` on.
    queueMicrotask(() => {
      session.realtime.on('client_event_queued', ({ frame }) => ear.tap('in', frame));
      session.realtime.on('server_event_received', ({ frame }) => ear.tap('out', frame));
    });
    return ear;
  }

  /** As the gateway sees it: `in` from the client, `out` to it. */
  readonly tap: FrameTap = (direction, frame) => {
    const text = String(frame);
    if (direction === 'in') {
      if (text.includes('"input_audio_buffer.append"')) return;
      this.fromClient.push(heard(text));
    } else {
      const event = heard(text);
      if (event.type === 'response.output_audio.delta') this.#keep(event);
      this.fromServer.push(event);
    }
    for (const wake of this.#waiting.splice(0)) wake();
  };

  /** Resolves with the first event of the client that has this type. */
  async first(type: string): Promise<WireEvent> {
    for (;;) {
      const found = this.fromClient.find((event) => event.type === type);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** When the server last said that the caller speaks, before a time; NaN when it never did. */
  lastSpeechStarted(beforeMs: number): number {
    const found = this.fromServer.findLast(
      ({ type, atMs }) => type === 'input_audio_buffer.speech_started' && atMs <= beforeMs,
    );
    return found?.atMs ?? Number.NaN;
  }

  /** 24 kHz PCM that the model made for an item. */
  audioOf(item: string): Int16Array {
    const bytes = Buffer.concat(this.#audio.get(item) ?? []);
    return new Int16Array(Uint8Array.from(bytes).buffer);
  }

  #keep(event: WireEvent): void {
    const item = String(event.item_id);
    const pieces = this.#audio.get(item) ?? [];
    pieces.push(Buffer.from(String(event.delta), 'base64'));
    this.#audio.set(item, pieces);
    delete event.delta;
  }
}

function heard(text: string): WireEvent {
  return { ...(JSON.parse(text) as { type: string }), atMs: nowMs() };
}
