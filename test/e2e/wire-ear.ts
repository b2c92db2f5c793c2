import type { FrameTap } from '../../src/realtime/index.js';

interface WireEvent {
  type: string;
  atMs: number;
  [field: string]: unknown;
}

/** An ear at the gateway: what client and server say on OpenAI's wire, and the audio of each item. */
export class WireEar {
  readonly received: WireEvent[] = [];
  readonly #audio = new Map<string, Buffer[]>();
  #waiting: (() => void)[] = [];

  readonly tap: FrameTap = (direction, frame) => {
    const event = JSON.parse(String(frame)) as WireEvent;
    if (direction === 'in' && event.type !== 'input_audio_buffer.append') {
      this.received.push({ ...event, atMs: performance.timeOrigin + performance.now() });
      for (const wake of this.#waiting.splice(0)) wake();
    } else if (direction === 'out' && event.type === 'response.output_audio.delta') {
      const item = String(event.item_id);
      const pieces = this.#audio.get(item) ?? [];
      pieces.push(Buffer.from(String(event.delta), 'base64'));
      this.#audio.set(item, pieces);
    }
  };

  /** Resolves with the first event of the client that has this type. */
  async first(type: string): Promise<WireEvent> {
    for (;;) {
      const found = this.received.find((event) => event.type === type);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** 24 kHz PCM that the model made for an item. */
  audioOf(item: string): Int16Array {
    const bytes = Buffer.concat(this.#audio.get(item) ?? []);
    return new Int16Array(Uint8Array.from(bytes).buffer);
  }
}
