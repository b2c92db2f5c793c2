import { createReadStream } from 'node:fs';
import { mixToMono, Resampler, WavReader } from '../../audio/index.js';
import { ConfigError, ReparteeError, WireError } from '../../core/index.js';

/** A WAV file as mono audio of one rate. */
export interface WavSource {
  readonly sampleRateHz: number;
  /**
   * Chunks of any length, to the end of the file, which is let go when the generator ends or is returned. Throws
   * WireError `wav_malformed`, ConfigError `file_unreadable`.
   */
  chunks(): AsyncGenerator<Int16Array>;
  /** Lets the file go where `chunks` was never run. */
  close(): void;
}

/**
 * Opens a WAV of any rate and channels and reads its header. `sampleRateHz`: resample to this; the file's own rate by
 * default. Throws as `chunks`, and ConfigError `option_invalid` for a rate that cannot be resampled.
 */
export async function openWavSource(path: string, sampleRateHz?: number): Promise<WavSource> {
  const stream = createReadStream(path);
  const bytes: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  const reader = new WavReader();
  try {
    let first: Int16Array = new Int16Array(0);
    let atEnd = false;
    while (reader.format === undefined && !atEnd) {
      const next = await bytes.next();
      if (next.done === true) {
        reader.end();
        atEnd = true;
      } else first = reader.push(next.value);
    }
    const { sampleRateHz: fileHz, channels } = reader.format!;
    const toHz = sampleRateHz ?? fileHz;
    const resampler = toHz === fileHz ? undefined : new Resampler(fileHz, toHz);
    const convert = (pcm: Int16Array): Int16Array => {
      const mono = mixToMono(pcm, channels);
      return resampler === undefined ? mono : resampler.process(mono);
    };
    return {
      sampleRateHz: toHz,
      close: () => stream.destroy(),
      async *chunks() {
        try {
          yield convert(first);
          for (let next = await bytes.next(); next.done !== true; next = await bytes.next()) {
            yield convert(reader.push(next.value));
          }
          reader.end();
          if (resampler !== undefined) yield resampler.flush();
        } catch (thrown) {
          throw unreadable(path, thrown);
        } finally {
          stream.destroy();
        }
      },
    };
  } catch (thrown) {
    stream.destroy();
    throw unreadable(path, thrown);
  }
}

function unreadable(path: string, thrown: unknown): ReparteeError {
  if (thrown instanceof ReparteeError) {
    if (thrown.code !== 'wav_malformed') return thrown;
    return new WireError('wav_malformed', `${path}: ${thrown.message}`, { cause: thrown });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new ConfigError('file_unreadable', `Cannot read ${path}: ${reason}`, {
    cause: thrown,
    param: 'input',
  });
}
