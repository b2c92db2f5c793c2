import { itemText } from '../../../src/cascade/played-llm.js';
import type { RealtimeEvents } from '../../../src/realtime/index.js';
import type { FaultPlan, FaultWire } from '../../../src/testing/faults/index.js';
import { type OpenStage, type StageOptions, setUp, tearDown } from '../conversation.js';
import { breachesOf } from '../judge.js';
import type { Story, Turn } from '../story.js';
import type { Happening } from '../talker.js';

export const wires: readonly FaultWire[] = ['openai', 'gemini'];

const plain: Turn = {
  kind: 'speak',
  speechMs: 1_000,
  pauseMs: 800,
  says: 6,
  calls: [],
  thenSays: 0,
  thinkMs: 0,
};

export interface SceneOptions extends Partial<Omit<StageOptions, 'story' | 'wire'>> {
  /** What differs in each turn from a plain question with six words of answer. */
  turns: Partial<Turn>[];
  paceMs?: number;
  latencyMs?: number;
}

/** A stage for one scenario. After it, `end` gives everything that was wrong. */
export interface Scene extends OpenStage {
  /** The last turn of every scene: plain, so that the model's whole history is seen. Resolves with what the scene did wrong. */
  end(): Promise<string[]>;
  /** All events of that name so far. */
  of<K extends keyof RealtimeEvents>(name: K): RealtimeEvents[K][];
  /** The conversation as the model knew it when it was asked last: `u0`, `a0w0 a0w1`, `out-0-0`. */
  history(): string[];
}

/** Sets the stage. One turn is added at the end. */
export function scene(wire: FaultWire, options: SceneOptions): Scene {
  const { turns, paceMs = 80, latencyMs = 20, ...rest } = options;
  const story: Story = {
    seed: 1,
    paceMs,
    latencyMs,
    turns: [...turns, {}].map((turn) => ({ ...plain, ...turn })),
  };
  const plan: FaultPlan = rest.plan ?? { seed: 1, faults: [] };
  const stage = setUp({ ...rest, story, plan, wire });
  const { caller, requests } = stage;
  return {
    ...stage,
    async end() {
      const last = story.turns.length - 1;
      await caller.until(() => caller.isQuiet());
      await caller.pass(800);
      await caller.speak(last);
      await caller.until(() => caller.isAnswered(last) && caller.isQuiet());
      return breachesOf(await tearDown(stage, caller));
    },
    of: (name) => eventsOf(caller.happenings, name),
    history: () => (requests.at(-1)?.items ?? []).map(itemText),
  };
}

function eventsOf<K extends keyof RealtimeEvents>(
  happenings: readonly Happening[],
  name: K,
): RealtimeEvents[K][] {
  return happenings.flatMap((one) => (one.name === name ? [one.event as RealtimeEvents[K]] : []));
}

/** The words of a turn's answer that were heard. */
export function heardOf({ caller }: Scene, kind: 'a' | 'b' | 'c', turn: number): string[] {
  return [...caller.heard.keys()].filter((word) => word.startsWith(`${kind}${turn}w`));
}
