import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClinic } from '../../examples/dist/clinic/app.js';
import { Chromium, chromiumPath } from '../browser/chromium.js';
import { PageCall, type ShownLine } from './page-call.js';

describe.skipIf(chromiumPath === '')('the appointment book', () => {
  let folder = '';
  let chromium: Chromium;
  beforeAll(async () => {
    delete process.env.OPENAI_API_KEY;
    folder = await mkdtemp(join(tmpdir(), 'repartee-book-'));
    chromium = await Chromium.launch();
  });
  afterAll(async () => {
    await chromium?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the clinic anew, types to it line by line, and closes it; gives the transcript as it was at each answer. */
  async function visit(...turns: [text: string, answer: RegExp][]): Promise<ShownLine[][]> {
    const clinic = await openClinic({ port: 0, data: join(folder, 'book.sqlite') });
    try {
      const page = await PageCall.open(chromium, clinic.url, { microphone: 'denied' });
      try {
        await page.startWithoutMicrophone();
        const seen: ShownLine[][] = [];
        for (const [text, answer] of turns) {
          await page.type(text);
          seen.push(
            await page.until(String(answer), (lines) =>
              lines.some((line) => line.kind === 'agent' && answer.test(line.text + line.rest)),
            ),
          );
        }
        return seen;
      } finally {
        await page.close();
      }
    } finally {
      await clinic.close();
    }
  }

  const tool = (lines: ShownLine[] | undefined) => lines?.findLast(({ kind }) => kind === 'tool');

  it('survives a restart', { timeout: 120_000 }, async () => {
    const [booked] = await visit([
      'Book an appointment on Friday at 3 pm for Emma Johnson',
      /^Done, Emma Johnson/,
    ]);
    expect(tool(booked)).toMatchObject({
      name: 'book_appointment',
      args: { name: 'Emma Johnson', day: 'friday', time: '15:00' },
    });
    const [asked, cancelled] = await visit(
      ['Which times are free on Friday?', /^On Friday we have/],
      [
        'Please cancel my appointment, my name is Emma Johnson',
        /^The appointment of Emma Johnson is cancelled/,
      ],
    );
    const { slots } = JSON.parse(tool(asked)!.output) as { slots: string[] };
    expect(slots).toEqual(['09:00', '10:00', '11:00', '14:00', '16:00']);
    expect(JSON.parse(tool(cancelled)!.output)).toMatchObject({ cancelled: 1 });
  });
});
