import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVoice, type Voice } from '../../examples/dist/clinic/voice.js';
import { callScripts } from './dialogue-lines.js';
import { artifacts } from './page-call.js';
import { holdCall } from './spoken-call.js';
import { errorRate, errorsIn, sum, type WordErrors, wordErrors } from './word-errors.js';

/** What the issue allows for rms and slt together. */
const errorRateLimit = 0.05;

describe('ten dialogues, spoken by flite', () => {
  let voice: Voice;
  const errors: Record<string, WordErrors[]> = { rms: [], slt: [], awb: [] };
  const lines: { speaker: string; said: string; understood: string }[] = [];

  beforeAll(async () => {
    delete process.env.OPENAI_API_KEY;
    voice = await openVoice({});
  });

  afterAll(async () => {
    await voice.close();
    await mkdir(artifacts, { recursive: true });
    await writeFile(join(artifacts, 'e2e-dialogues.json'), JSON.stringify({ errors, lines }, null, 1));
    const table = Object.entries(errors).map(([speaker, all]) => {
      const total = sum(all);
      return { speaker, ...total, 'errors %': Math.round(errorRate(total) * 1000) / 10 };
    });
    console.table(table);
    for (const { speaker, said, understood } of lines) {
      if (errorsIn(wordErrors(said, understood)) > 0) console.log(`${speaker}: ${said} -> ${understood}`);
    }
  });

  for (const script of callScripts) {
    it(script.name, { timeout: 120_000 }, async () => {
      for (const speaker of ['rms', 'slt', 'awb']) {
        const call = await holdCall(voice, script.lines, speaker);
        for (const [index, said] of script.lines.entries()) {
          const understood = call.understood[index]!;
          errors[speaker]!.push(wordErrors(said, understood));
          lines.push({ speaker, said, understood });
        }
        if (speaker === 'awb') continue;
        const held = JSON.stringify({ speaker, ...call }, null, 1);
        expect(
          call.calls.map(({ name, args }) => ({ name, args })),
          held,
        ).toEqual(script.calls.map(({ name, args }) => ({ name, args })));
        for (const [index, { result = {} }] of script.calls.entries()) {
          expect(call.calls[index]!.output, held).toMatchObject(result);
        }
      }
    });
  }

  it('rms and slt: at most 5 % word errors', () => {
    expect(errorRate(sum([...errors.rms!, ...errors.slt!]))).toBeLessThanOrEqual(errorRateLimit);
  });
});
