import { describe, expect, test } from 'vitest';
import type { FaultWire } from '../../../src/testing/faults/index.js';
import { judged, reportOf } from '../../faults/run.js';
import { Table } from '../../faults/table.js';

/** Those of `npm run faults -- --conversations 1000` that a check has the time for. */
const conversations = 150;

describe.each<FaultWire>(['openai', 'gemini'])(
  'conversations over links that break, on the wire of %s',
  (wire) => {
    test('keep their promises', async () => {
      const table = new Table('bad days', 5);
      let report = '';
      for (let seed = 1; seed <= conversations; seed++) {
        const options = { wire, seed, faults: 10, atLeast: 5 };
        const verdict = await judged(options);
        table.add(verdict);
        if (report === '' && verdict.breaches.length > 0) report = await reportOf(verdict, options);
      }
      console.log(String(table));
      if (table.failed.length > 0) expect.fail(`${table}\n${report}`);
    });
  },
);
