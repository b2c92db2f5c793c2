import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVoice, type Voice } from '../../examples/dist/clinic/voice.js';
import { totalErrors, type WordErrors, wordErrors } from '../speech/wer.js';
import { callScripts } from './dialogue-lines.js';
import { artifacts } from './page-call.js';
import { holdCall } from './spoken-call.js';

/** What the issue allows for rms and slt together. */
const errorRateLimit = 0.05;

const judged = ['rms', 'slt'];
/** Told, not judged: a Scottish voice for a recogniser of American English. */
const beside = ['awb'];

interface Line {
  speaker: string;
  said: string;
  understood: string;
  errors: WordErrors;
}

describe('ten dialogues, spoken by flite', () => {
  let voice: Voice;
  const lines: Line[] = [];
  const errorsOf = (speakers: readonly string[]) =>
    totalErrors(lines.filter(({ speaker }) => speakers.includes(speaker)).map(({ errors }) => errors));

  beforeAll(async () => {
    delete process.env.OPENAI_API_KEY;
    voice = await openVoice({});
  });

  afterAll(async () => {
    await voice?.close();
    const table = [...judged, ...beside].map((speaker) => {
      const { rate, ...counts } = errorsOf([speaker]);
      return { speaker, ...counts, 'errors %': (rate * 100).toFixed(1) };
    });
    console.table(table);
    for (const { speaker, said, understood, errors } of lines) {
      if (errors.rate > 0) console.log(`${speaker}: ${said} -> ${understood}`);
    }
    await mkdir(artifacts, { recursive: true });
    await writeFile(join(artifacts, 'e2e-dialogues.json'), JSON.stringify({ table, lines }, null, 1));
  });

  for (const script of callScripts) {
    it(script.name, { timeout: 180_000 }, async () => {
      const calls = await Promise.all(
        [...judged, ...beside].map(async (speaker) => ({
          speaker,
          ...(await holdCall(voice, script.lines, speaker)),
        })),
      );
      for (const { speaker, understood } of calls) {
        script.lines.forEach((said, index) => {
          const heard = understood[index] ?? '';
          lines.push({ speaker, said, understood: heard, errors: wordErrors(said, heard) });
        });
      }
      for (const call of calls) {
        if (!judged.includes(call.speaker)) continue;
        const held = JSON.stringify(call, null, 1);
        const made = call.calls.map(({ name, args }) => ({ name, args }));
        expect(made, held).toEqual(script.calls.map(({ name, args }) => ({ name, args })));
        script.calls.forEach(({ result = {} }, index) => {
          expect(call.calls[index]!.output, held).toMatchObject(result);
        });
      }
    });
  }

  it('rms and slt: at most 5 % word errors', () => {
    expect(errorsOf(judged).words).toBeGreaterThan(400);
    expect(errorsOf(judged).rate).toBeLessThanOrEqual(errorRateLimit);
  });
});
