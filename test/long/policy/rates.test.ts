import { expect, test } from 'vitest';
import { sileroVad } from '../../../src/speech/embedded/index.js';
import { memoVad } from './memo-vad.js';
import { type Kind, overlaps } from './overlaps.js';
import { small } from './phrases.js';
import { exactly, type Recognition, recogniser } from './recognition.js';
import { type Outcome, play, type Setting } from './simulation.js';
import { type Row, rowOf, tableOf } from './table.js';

/** Of the set that is judged: no rule was ever tuned on this draw of it. */
const seed = 839173;

const settings: readonly Setting[] = [
  { ears: 'server', words: 'exact', policy: true },
  { ears: 'local', words: 'exact', policy: true },
  { ears: 'server', words: 'embedded', policy: true },
  { ears: 'local', words: 'embedded', policy: true },
  { ears: 'server', words: 'none', policy: true },
  { ears: 'local', words: 'none', policy: true },
  { ears: 'server', words: 'none', policy: false },
  { ears: 'local', words: 'none', policy: false },
];

/** What is aimed at, and reached with a recogniser that tells how utterances begin. */
const aims: Partial<Record<Kind, number>> = {
  interruption: 0.95,
  backchannel: 0.9,
  cough: 0.95,
  noise: 0.95,
  echo: 0.95,
};

/** By length and loudness alone, or with words that come when they are over, short nods and short commands are alike. */
const floors = { ...aims, interruption: 0.85, backchannel: 0.6, noise: 0.9 };

/** `npx vitest run --project long test/long/policy` prints the table; docs/interruptions.md has a copy. */
test('whoever interrupts has the floor, and nobody else', async () => {
  const set = await overlaps('judged', seed);
  expect(set.length).toBeGreaterThanOrEqual(200);
  const recognise = await recogniser(small);
  const recognitions: Recognition[] = [];
  for (const overlap of set) recognitions.push(await recognise(overlap));
  const silero = memoVad(sileroVad());
  const rows: Row[] = [];
  for (const setting of settings) {
    const outcomes: Outcome[] = [];
    for (const [index, overlap] of set.entries()) {
      const heard = setting.words === 'exact' ? exactly(overlap) : recognitions[index];
      outcomes.push(await play(overlap, setting, heard, silero));
    }
    rows.push(rowOf(setting, outcomes));
  }
  console.log(`\n${tableOf(rows)}\n`);
  for (const { setting, rates } of rows) {
    if (!setting.policy) continue;
    const least = setting.words === 'embedded' ? aims : floors;
    for (const [kind, share] of Object.entries(least)) {
      expect
        .soft(rates[kind as Kind].share, `${kind}, ${setting.ears}, words ${setting.words}`)
        .toBeGreaterThanOrEqual(share);
    }
  }
});
