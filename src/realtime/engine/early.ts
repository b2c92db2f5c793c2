import type { Ms } from '../../core/index.js';
import type { Command } from '../contract.js';

/** Commands kept while no link is ready; one more is refused. */
const commandLimit = 1_024;
/** Audio kept; the oldest goes first. */
const audioLimitMs = 30_000;

/** What is pushed while no link is ready, in its order. */
export class Early {
  readonly #rateHz: number;
  #kept: Command[] = [];
  #commands = 0;
  #samples = 0;
  #droppedSamples = 0;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  audio(pcm: Int16Array): void {
    this.#kept.push({ t: 'audio', pcm, atMs: 0 });
    this.#samples += pcm.length;
    while (this.#samples * 1000 > audioLimitMs * this.#rateHz) {
      const place = this.#kept.findIndex(({ t }) => t === 'audio');
      const [oldest] = this.#kept.splice(place, 1);
      if (oldest?.t !== 'audio') return;
      this.#samples -= oldest.pcm.length;
      this.#droppedSamples += oldest.pcm.length;
    }
  }

  /** False where there is no room. */
  command(command: Command): boolean {
    if (this.#commands >= commandLimit) return false;
    this.#commands += 1;
    this.#kept.push(command);
    return true;
  }

  /** Hands over what is kept and keeps nothing. */
  take(): Command[] {
    const kept = this.#kept;
    this.#kept = [];
    this.#commands = 0;
    this.#samples = 0;
    return kept;
  }

  /** Milliseconds of audio that were too much. */
  get droppedMs(): Ms {
    return (this.#droppedSamples * 1000) / this.#rateHz;
  }
}
