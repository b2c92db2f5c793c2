import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVoice, type Voice } from '../../examples/dist/clinic/voice.js';
import { totalErrors, type WordErrors, wordErrors } from '../speech/wer.js';
import type { CallScript } from './dialogue-lines.js';
import { artifacts } from './page-call.js';
import { holdCall } from './spoken-call.js';

/** What is allowed for rms and slt together. */
const errorRateLimit = 0.05;
const judged = ['rms', 'slt'];

interface Line {
  speaker: string;
  said: string;
  understood: string;
  errors: WordErrors;
}

export interface DialogueOptions {
  /** Voices that are told, and not judged. */
  beside?: string[];
  /** Words that rms and slt say at least: else the rate of errors says little. */
  words: number;
  /** File among the artifacts. */
  report: string;
}

/** Tests of dialogues with the desk, spoken by flite: what it understood, and what it did. */
export function judgeDialogues(
  title: string,
  scripts: readonly CallScript[],
  { beside = [], words, report }: DialogueOptions,
): void {
  const speakers = [...judged, ...beside];

  describe(title, () => {
    let voice: Voice;
    const lines: Line[] = [];
    const errorsOf = (wanted: readonly string[]) =>
      totalErrors(lines.filter(({ speaker }) => wanted.includes(speaker)).map(({ errors }) => errors));

    beforeAll(async () => {
      delete process.env.OPENAI_API_KEY;
      voice = await openVoice({});
    });

    afterAll(async () => {
      await voice?.close();
      const table = speakers.map((speaker) => {
        const { rate, ...counts } = errorsOf([speaker]);
        return { speaker, ...counts, 'errors %': (rate * 100).toFixed(1) };
      });
      console.table(table);
      for (const { speaker, said, understood, errors } of lines) {
        if (errors.rate > 0) console.log(`${speaker}: ${said} -> ${understood}`);
      }
      await mkdir(artifacts, { recursive: true });
      await writeFile(join(artifacts, report), JSON.stringify({ table, lines }, null, 1));
    });

    for (const script of scripts) {
      it(script.name, { timeout: 180_000 }, async () => {
        const calls = await Promise.all(
          speakers.map(async (speaker) => ({ speaker, ...(await holdCall(voice, script.lines, speaker)) })),
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
      expect(errorsOf(judged).words).toBeGreaterThan(words);
      expect(errorsOf(judged).rate).toBeLessThanOrEqual(errorRateLimit);
    });
  });
}
