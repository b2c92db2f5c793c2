import type { Line } from '../messages.js';

/** Milliseconds of the system's monotonic clock, which all processes of one machine share. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Notes how many samples had passed at what time. Growing by doubling keeps its own cost out of the figures. */
export class LineRecorder {
  #pairs = new Float64Array(1024);
  #length = 0;
  #samples = 0;

  add(samples: number): void {
    if (this.#length === this.#pairs.length) {
      const longer = new Float64Array(this.#pairs.length * 2);
      longer.set(this.#pairs);
      this.#pairs = longer;
    }
    this.#samples += samples;
    this.#pairs[this.#length] = this.#samples;
    this.#pairs[this.#length + 1] = nowMs();
    this.#length += 2;
  }

  get samples(): number {
    return this.#samples;
  }

  reset(): void {
    this.#length = 0;
    this.#samples = 0;
  }

  take(): Line {
    return this.#pairs.slice(0, this.#length);
  }
}

/** For each frame of `sent`: how long until as many samples had been received. Frames that never were are left out. */
export function delays(sent: Line, received: Line): number[] {
  const list: number[] = [];
  let at = 0;
  for (let index = 0; index < sent.length; index += 2) {
    while (at < received.length && received[at]! < sent[index]!) at += 2;
    if (at >= received.length) break;
    list.push(received[at + 1]! - sent[index + 1]!);
  }
  return list;
}

export function lastSamples(line: Line): number {
  return line.length === 0 ? 0 : line[line.length - 2]!;
}
