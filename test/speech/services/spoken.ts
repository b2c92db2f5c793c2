import type { TtsEvent, TtsStream } from '../../../src/speech/contracts.js';

/** Collects what a stream says, until it has ended. */
export class Spoken {
  readonly events: TtsEvent[] = [];
  readonly ended: Promise<void>;

  constructor(stream: TtsStream) {
    this.ended = new Promise((resolve) => {
      stream.onEvent((event) => {
        this.events.push(event);
        if (event.t === 'done' || event.t === 'failed') resolve();
      });
    });
  }

  get clauses(): string[] {
    return this.events.flatMap((event) => (event.t === 'clause' && event.text !== '' ? [event.text] : []));
  }

  /** `text fromMs-toMs`. */
  get words(): string[] {
    return this.events.flatMap((event) =>
      event.t === 'clause'
        ? event.words.map(({ text, fromMs, toMs }) => `${text} ${Math.round(fromMs)}-${Math.round(toMs)}`)
        : [],
    );
  }

  /** The values of the samples, each with how many milliseconds of it were heard. */
  marks(sampleRateHz: number): string[] {
    const runs: { value: number; count: number }[] = [];
    for (const event of this.events) {
      if (event.t !== 'audio') continue;
      for (const value of event.pcm) {
        const last = runs.at(-1);
        if (last?.value === value) last.count += 1;
        else runs.push({ value, count: 1 });
      }
    }
    return runs.map(({ value, count }) => `${value}: ${(count * 1000) / sampleRateHz}`);
  }

  get end(): TtsEvent | undefined {
    return this.events.at(-1);
  }
}

/** What a server of the tests says: 100 ms for each word, of samples of the word's length. */
export function sayWords(text: string, sampleRateHz: number) {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word, index) => ({
      word,
      fromMs: index * 100,
      toMs: (index + 1) * 100,
      pcm: Buffer.from(new Int16Array(sampleRateHz / 10).fill(word.length).buffer),
    }));
}
