import type { Ms } from '../../core/index.js';
import type { DialFault, Direction, Fault, FaultBody, FaultPlan, FaultWire, Moment } from './faults.js';
import { type Random, seededRandom } from './random.js';
import { vocabularies } from './vocabulary.js';

export interface FaultPlanOptions {
  wire: FaultWire;
  /** Default 6. */
  count?: number;
  /** The faults are spread over about so long. Default 60,000. */
  overMs?: Ms;
  /** Dials in a row that may fail; a session that tries less often than once more will give up. Default 3. */
  failedDials?: number;
  /** Kinds that may happen. Default: all. */
  kinds?: readonly FaultBody['t'][];
}

/** Frequency of each kind: what ends a connection is what loses things. */
const weights: Readonly<Record<FaultBody['t'], number>> = {
  drop: 8,
  close: 4,
  half_open: 2,
  expire: 3,
  delay: 3,
  trickle: 2,
  duplicate: 2,
  reorder: 2,
  inject: 2,
};

const allKinds = Object.keys(weights) as FaultBody['t'][];

/** A plan made from a seed: the same seed and options give the same plan. */
export function faultPlan(seed: number, options: FaultPlanOptions): FaultPlan {
  const { count = 6, overMs = 60_000, kinds = allKinds } = options;
  const random = seededRandom(seed);
  const choices = kinds.map((kind) => [weights[kind], kind] as const);
  const faults = Array.from({ length: count }, (): Fault => {
    const kind = random.weighted(choices);
    return {
      moment: momentOf(random, options.wire, kind, overMs / count),
      ...bodyOf(random, kind, options),
    };
  });
  // Mostly it begins well.
  const endsConnections = kinds.some((kind) => ['drop', 'close', 'half_open', 'expire'].includes(kind));
  const first = endsConnections && random.chance(0.3) ? dialFaults(random, options.failedDials ?? 3) : [];
  return { seed, ...(first.length === 0 ? {} : { first }), faults };
}

function momentOf(random: Random, wire: FaultWire, kind: FaultBody['t'], everyMs: Ms): Moment {
  const dir: Direction = random.chance(0.3) ? 'up' : 'down';
  const moment: Moment = {
    afterMs: random.int(0, Math.round(everyMs * 2)),
    dir: kind === 'duplicate' || kind === 'reorder' ? 'down' : dir,
    frames: random.int(1, 4),
  };
  if (random.chance(0.6)) moment.match = random.pick(vocabularies[wire].moments[moment.dir]);
  return moment;
}

function bodyOf(
  random: Random,
  kind: FaultBody['t'],
  { wire, failedDials = 3 }: FaultPlanOptions,
): FaultBody {
  const then = () => dialFaults(random, failedDials);
  const dir = random.pick(['up', 'down', 'both'] as const);
  switch (kind) {
    case 'drop':
      return { t: 'drop', at: random.pick([0, 0.1, 0.5, 0.9, 1]), then: then() };
    case 'close':
      return { t: 'close', ...random.pick(closes[wire]), then: then() };
    case 'half_open':
      return { t: 'half_open', dir, forMs: random.pick([4_000, 20_000, 60_000]), then: then() };
    case 'expire':
      return { t: 'expire', leftMs: random.pick([0, 500, 5_000, 50_000]), then: then() };
    case 'delay':
      return {
        t: 'delay',
        dir,
        ms: random.pick([20, 200, 1_000]),
        jitterMs: random.pick([0, 30, 400]),
        forMs: random.pick([500, 3_000]),
      };
    case 'trickle': {
      const bytesPerSecond = random.pick([60_000, 150_000]);
      return { t: 'trickle', dir: random.pick(['up', 'down']), bytesPerSecond, forMs: 2_000 };
    }
    case 'inject':
      return { t: 'inject', frames: [random.pick(vocabularies[wire].oddities)] };
    case 'duplicate':
      return { t: 'duplicate' };
    case 'reorder':
      return { t: 'reorder' };
  }
}

/** After half of all losses the next dial succeeds at once. */
function dialFaults(random: Random, most: number): DialFault[] {
  const count = random.chance(0.5) ? 0 : random.int(1, most);
  return Array.from({ length: count }, () =>
    random.weighted<DialFault>([
      [3, { t: 'refuse', how: 'network' }],
      [2, { t: 'refuse', how: random.pick([429, 500, 503]) }],
      [1, { t: 'hang' }],
      [2, { t: 'slow', ms: random.pick([300, 2_500]) }],
      [1, { t: 'fall', frames: random.int(1, 4) }],
      [1, { t: 'mute', ms: random.pick([2_000, 20_000]) }],
    ]),
  );
}

/**
 * Closes after which another try can help. Those after which it cannot (a wrong key, an unknown model, broken frames) end
 * a session and are no matter of chance; 1000 is the server's orderly end.
 */
const closes: Readonly<Record<FaultWire, readonly { code: number; reason: string }[]>> = {
  openai: [
    { code: 1001, reason: '' },
    { code: 1005, reason: '' },
    { code: 1006, reason: '' },
    { code: 1008, reason: 'try later' },
    { code: 1011, reason: 'server_error.server_error' },
    { code: 1012, reason: 'service restart' },
    { code: 1013, reason: '' },
  ],
  gemini: [
    { code: 1001, reason: '' },
    { code: 1005, reason: '' },
    { code: 1006, reason: '' },
    { code: 1008, reason: 'Resource has been exhausted (e.g. check quota).' },
    { code: 1011, reason: 'Internal error encountered.' },
    { code: 1012, reason: '' },
    { code: 1013, reason: '' },
  ],
};

/** One line for each fault, for people. */
export function describePlan({ seed, first = [], faults }: FaultPlan): string {
  const lines = faults.map(({ moment, ...body }, index) => {
    const { afterMs, dir, frames, match = 'any' } = moment;
    return `  ${index + 1}. after ${afterMs} ms, ${dir} frame ${frames} (${match}): ${JSON.stringify(body)}`;
  });
  const begin = first.length === 0 ? [] : [`  0. the first dials: ${JSON.stringify(first)}`];
  return [`fault plan of seed ${seed}`, ...begin, ...lines].join('\n');
}
