import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Word } from '../../../chat/item.js';
import { modelFolder, type SoundSwallower, type SoundSwallowerDecoder } from '../peers.js';
import { wordOf } from './dictionary.js';
import type { Language } from './language.js';
import { plainWords } from './sentence-words.js';
import { type SoundLine, usualMeans } from './sound-line.js';
import { splitWord } from './split-word.js';

/** How a decoder weighs what it hears against its language. */
export interface DecoderTuning {
  /** Weight of the language; the recogniser's own is 6.5. */
  lw?: number;
  /** How likely a silence is between two words; the recogniser's own is 0.005. */
  silprob?: number;
}

/** One utterance at a time: `start`, `hear` as often as wished, `end`. About 10 MB each; all work is done in the call. */
export class Decoder {
  readonly #decoder: SoundSwallowerDecoder;

  private constructor(decoder: SoundSwallowerDecoder) {
    this.#decoder = decoder;
  }

  /**
   * Takes 30 to 60 ms. `file` is what `findSoundSwallower` found. The recogniser reads files only: they are in `folder`, which exists
   * for that long.
   */
  static async create(
    module: SoundSwallower,
    file: string,
    language: Language,
    folder: string,
    line: SoundLine = 'wideband',
    tuning: DecoderTuning = {},
  ): Promise<Decoder> {
    try {
      await mkdir(folder, { mode: 0o700 });
      const fsg = path.join(folder, 'grammar.fsg');
      const dict = path.join(folder, 'words.dict');
      await writeFile(fsg, padded(language.fsg));
      await writeFile(dict, padded(language.dictionary));
      const decoder = new module.Decoder({
        hmm: path.join(modelFolder(file), 'en-us'),
        dict,
        fsg,
        samprate: 16_000,
        cmninit: usualMeans[line],
        beam: 1e-64,
        wbeam: 1e-48,
        // Keeps the work of a frame bounded: a third less of it with no more errors.
        maxhmmpf: 1500,
        // Against short words heard into the gaps between longer ones.
        wip: 0.2,
        loglevel: 'FATAL',
        ...tuning,
      });
      await decoder.initialize();
      return new Decoder(decoder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  start(): void {
    this.#decoder.start();
  }

  /** Samples between -1 and 1, at 16 kHz. */
  hear(samples: Float32Array): void {
    this.#decoder.process_audio(samples);
  }

  /** The words so far; they may still change. */
  text(): string {
    return this.#decoder.get_text().split(' ').flatMap(plainWords).join(' ');
  }

  /** The same in the grammar's words. */
  tokens(): string[] {
    return this.#decoder.get_text().split(' ').filter(isWord);
  }

  /** Ends the utterance. Word times are from its start. */
  end(): { text: string; words: Word[] } {
    const words = this.endTokens().flatMap((token) => splitWord(token, plainWords(token.text)));
    return { text: words.map((word) => word.text).join(' '), words };
  }

  /** The same in the grammar's words. */
  endTokens(): Word[] {
    this.#decoder.stop();
    const segments = this.#decoder.get_alignment().w ?? [];
    return segments
      .filter(({ t }) => isWord(t))
      .map(({ t, b, d }) => ({ text: wordOf(t), fromMs: b * 1000, toMs: (b + d) * 1000 }));
  }

  /** Forgets the channel (level and colour of the sound) that it adapted to. */
  async forget(): Promise<void> {
    await this.#decoder.reinitialize_audio();
  }
}

/** No mark of silence or noise. */
function isWord(token: string): boolean {
  return /^[^<[(]/.test(token);
}

/** The reader writes a byte past its buffer, which hurts when the file's length is 3 beyond a multiple of 8. */
function padded(text: string): string {
  return Buffer.byteLength(text) % 8 === 3 ? `${text}\n` : text;
}
