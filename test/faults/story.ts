import type { Ms } from '../../src/core/index.js';
import { type Random, seededRandom } from '../../src/testing/faults/index.js';

/** How fast a tool is done, or that it fails. */
export type ToolName = 'fast' | 'slow' | 'failing';

/** One turn of a caller, and what the model makes of it. */
export interface Turn {
  /**
   * `speak`: said, and the answer awaited. `barge`: said, and the next turn begins in the middle of the answer. `type`: written.
   * `hasty`: said, and the next turn begins before any answer can have come. `ask`: the application asks for a reply.
   */
  kind: 'speak' | 'barge' | 'hasty' | 'type' | 'ask';
  /** Length of the utterance, a multiple of 100. */
  speechMs: Ms;
  /** Silence before the next turn. */
  pauseMs: Ms;
  /** Words of the answer. */
  says: number;
  calls: ToolName[];
  /** Words after the tools. */
  thenSays: number;
  /** Before the first word. */
  thinkMs: Ms;
}

export interface Story {
  seed: number;
  /** Milliseconds from word to word. */
  paceMs: Ms;
  /** One way, between client and server. */
  latencyMs: Ms;
  turns: Turn[];
}

/** A conversation made from a seed. The last turn is a plain one: the model's history is read there. */
export function storyOf(seed: number, turns = 20): Story {
  const random = seededRandom(seed ^ 0x5eed);
  return {
    seed,
    paceMs: random.pick([40, 80, 120]),
    latencyMs: random.pick([0, 0, 20, 60]),
    turns: Array.from({ length: turns }, (_, index) => turnOf(random, index === turns - 1)),
  };
}

function turnOf(random: Random, isLast: boolean): Turn {
  const kind = isLast
    ? 'speak'
    : random.weighted<Turn['kind']>([
        [11, 'speak'],
        [4, 'barge'],
        [1, 'hasty'],
        [2, 'type'],
        [1, 'ask'],
      ]);
  const hasTools = !isLast && (kind === 'speak' || kind === 'type') && random.chance(0.4);
  return {
    kind,
    speechMs: random.int(3, 18) * 100,
    pauseMs: random.pick([300, 800, 800, 2_500]),
    says: kind === 'barge' ? random.int(20, 40) : hasTools ? random.pick([0, 3]) : random.int(3, 12),
    calls: hasTools
      ? Array.from({ length: random.pick([1, 1, 2]) }, () =>
          random.pick(['fast', 'slow', 'failing'] as const),
        )
      : [],
    thenSays: hasTools ? random.int(3, 12) : 0,
    thinkMs: random.pick([0, 0, 150, 600]),
  };
}

/** Turns that the caller brings into the conversation. */
export const isBrought = ({ kind }: Turn) => kind !== 'ask';
