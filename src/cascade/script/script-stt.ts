import { type Clock, ProviderError, samplesToMs, type Timer } from '../../core/index.js';
import type { Word } from '../../realtime/index.js';
import type { STT, SttEvent, SttStream } from '../../speech/index.js';
import type { ScriptTurn } from './script.js';

const sampleRateHz = 16_000;
/** A word is told in the interim text for so much audio. */
const interimWordMs = 300;

/** Hears the next line of the script in each utterance, whatever is pushed; nothing once the script is over. */
export function scriptStt(turns: readonly ScriptTurn[], clock: Clock): STT {
  const lines = turns.filter((turn) => turn.hears !== undefined);
  let next = 0;
  return {
    name: 'script',
    sampleRateHz,
    stream: () =>
      new ScriptSttStream(clock, {
        peek: () => lines[next],
        take: () => lines[next++],
      }),
    async warmUp() {},
    async close() {},
  };
}

interface Lines {
  peek(): ScriptTurn | undefined;
  take(): ScriptTurn | undefined;
}

class ScriptSttStream implements SttStream {
  readonly #clock: Clock;
  readonly #lines: Lines;
  #samples = 0;
  #told = 0;
  /** Answers that a late one holds back: they come in the order of the flushes. */
  #answers: { event: SttEvent; atMs: number }[] = [];
  #timer: Timer | undefined;
  #closed = false;
  #listener: (event: SttEvent) => void = () => {};

  constructor(clock: Clock, lines: Lines) {
    this.#clock = clock;
    this.#lines = lines;
  }

  push(pcm: Int16Array): void {
    this.#samples += pcm.length;
    const words = wordsOf(this.#lines.peek());
    const count = Math.min(
      words.length,
      Math.floor(samplesToMs(this.#samples, sampleRateHz) / interimWordMs),
    );
    if (count <= this.#told || this.#answers.length > 0) return;
    this.#told = count;
    const text = words.slice(0, count).join(' ');
    queueMicrotask(() => this.#tell({ t: 'interim', text }));
  }

  flush(): void {
    const turn = this.#lines.take();
    const durationMs = samplesToMs(this.#samples, sampleRateHz);
    this.discard();
    const lateMs = turn?.faults?.transcriptionLateMs ?? 0;
    this.#answers.push({ event: answer(turn, durationMs), atMs: this.#clock.now() + lateMs });
    if (lateMs > 0) this.#timer ??= this.#clock.at(this.#clock.now() + lateMs, () => this.#answerDue());
    else queueMicrotask(() => this.#answerDue());
  }

  discard(): void {
    this.#samples = 0;
    this.#told = 0;
  }

  onEvent(listener: (event: SttEvent) => void): void {
    this.#listener = listener;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #answerDue(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    for (let first = this.#answers[0]; first !== undefined; first = this.#answers[0]) {
      if (first.atMs > this.#clock.now()) {
        this.#timer = this.#clock.at(first.atMs, () => this.#answerDue());
        return;
      }
      this.#answers.shift();
      this.#tell(first.event);
    }
  }

  #tell(event: SttEvent): void {
    if (!this.#closed) this.#listener(event);
  }
}

function answer(turn: ScriptTurn | undefined, durationMs: number): SttEvent {
  if (turn?.faults?.transcription === 'failed') {
    const error = new ProviderError('stt_failed', 'The script lets this transcription fail.');
    return { t: 'failed', error };
  }
  const said = wordsOf(turn);
  const wordMs = durationMs / Math.max(1, said.length);
  const words: Word[] = said.map((text, index) => ({
    text,
    fromMs: index * wordMs,
    toMs: (index + 1) * wordMs,
  }));
  return { t: 'final', text: said.join(' '), words };
}

function wordsOf(turn: ScriptTurn | undefined): string[] {
  if (turn?.faults?.transcription === 'empty') return [];
  return turn?.hears?.match(/\S+/g) ?? [];
}
