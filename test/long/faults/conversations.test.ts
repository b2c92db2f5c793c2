import { describe } from 'vitest';
import type { FaultWire } from '../../../src/testing/faults/index.js';
import { everyDay } from '../../faults/campaign.js';

/** Of the bad days those of `npm run faults -- --conversations 1000` that a check has the time for. */
const counts = { good: 15, slow: 25, goodWithAgent: 10, slowWithAgent: 15, bad: 150 };

describe.each<FaultWire>(['openai', 'gemini'])('many conversations on the wire of %s', (wire) =>
  everyDay(wire, counts, { timeoutMs: 900_000, tell: console.log }),
);
