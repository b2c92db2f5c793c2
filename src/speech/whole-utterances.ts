import { concatPcm } from '../audio/index.js';
import { type Ms, type ReparteeError, samplesToMs, toReparteeError } from '../core/index.js';
import type { Recogniser, RecogniserEvents } from './service-stt.js';
import { type HeardPart, keptLimitMs } from './utterances.js';

export interface WholeUtterancesOptions {
  sampleRateHz: number;
  /** Understands one utterance, which begins at `startMs` on the line. `signal`: nobody waits any more. */
  hear(pcm: Int16Array, startMs: Ms, signal: AbortSignal): Promise<HeardPart>;
  /** What `hear` threw, as an error of ours. Default: `stt_failed`. */
  errorOf?(thrown: unknown): ReparteeError;
  /** Whether the next utterance may be heard before the last one is understood. Default false. */
  sideBySide?: boolean;
}

/** Recognition that wants the whole utterance, of which the last minute is kept: it is heard when it ends, and told in order. */
export function wholeUtterances(events: RecogniserEvents, options: WholeUtterancesOptions): Recogniser {
  const { sampleRateHz, hear, sideBySide = false } = options;
  const errorOf = options.errorOf ?? ((thrown) => toReparteeError(thrown, 'stt_failed'));
  const abort = new AbortController();
  const { signal } = abort;
  let chunks: Int16Array[] = [];
  let samples = 0;
  let startMs: Ms = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    audio(pcm) {
      chunks.push(pcm);
      samples += pcm.length;
      while (chunks.length > 1 && samplesToMs(samples, sampleRateHz) > keptLimitMs) {
        const [oldest] = chunks.splice(0, 1);
        samples -= oldest?.length ?? 0;
        startMs += samplesToMs(oldest?.length ?? 0, sampleRateHz);
      }
    },
    finish() {
      const pcm = concatPcm(chunks);
      const fromMs = startMs;
      chunks = [];
      samples = 0;
      startMs += samplesToMs(pcm.length, sampleRateHz);
      const before = last;
      const heard = (sideBySide ? Promise.resolve() : before).then(() =>
        signal.aborted ? { text: '' } : hear(pcm, fromMs, signal),
      );
      // Whoever fails while another one is awaited is told of in its turn.
      heard.catch(() => {});
      last = before.then(async () => {
        try {
          const part = await heard;
          if (signal.aborted) return;
          events.part(part);
          events.ended();
        } catch (thrown) {
          if (!signal.aborted) events.closed(errorOf(thrown));
        }
      });
    },
    close() {
      abort.abort();
      chunks = [];
    },
  };
}
