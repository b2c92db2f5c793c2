import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClinic } from '../../examples/dist/clinic/app.js';
import { chromiumPath } from '../browser/chromium.js';
import { PageCall, type ShownLine } from './page-call.js';

describe.skipIf(chromiumPath === '')('the appointment book', () => {
  let folder = '';
  beforeAll(async () => {
    delete process.env.OPENAI_API_KEY;
    folder = await mkdtemp(join(tmpdir(), 'repartee-book-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Opens the clinic anew, types one line to it, and closes it; gives the transcript. */
  async function visit(text: string, answer: RegExp): Promise<ShownLine[]> {
    const clinic = await openClinic({ port: 0, data: join(folder, 'book.sqlite') });
    try {
      const page = await PageCall.open(clinic.url, { microphone: 'denied' });
      try {
        await page.startWithoutMicrophone();
        await page.type(text);
        return await page.until(String(answer), (lines) =>
          lines.some((line) => line.kind === 'agent' && answer.test(line.text + line.rest)),
        );
      } finally {
        await page.close();
      }
    } finally {
      await clinic.close();
    }
  }

  it('survives a restart', { timeout: 120_000 }, async () => {
    const booked = await visit(
      'Book an appointment on Friday at 3 pm for Emma Johnson',
      /^Done, Emma Johnson/,
    );
    expect(booked.find(({ kind }) => kind === 'tool')).toMatchObject({
      name: 'book_appointment',
      args: { name: 'Emma Johnson', day: 'friday', time: '15:00' },
    });
    const asked = await visit('Which times are free on Friday?', /^On Friday we have/);
    const slots = JSON.parse(asked.find(({ kind }) => kind === 'tool')!.output) as { slots: string[] };
    expect(slots.slots).toEqual(['09:00', '10:00', '11:00', '14:00', '16:00']);
    const cancelled = await visit(
      'Please cancel my appointment, my name is Emma Johnson',
      /^The appointment of Emma Johnson is cancelled/,
    );
    const result = JSON.parse(cancelled.find(({ kind }) => kind === 'tool')!.output) as object;
    expect(result).toMatchObject({ cancelled: 1 });
  });
});
