import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Accounts } from '../../../src/agent/usage/accounts.js';
import type { Prices } from '../../../src/agent/usage/prices.js';
import { Emitter } from '../../../src/core/index.js';
import { GenerationMeter } from '../../../src/realtime/engine/meter.js';
import type { Dialler, Event, RealtimeEvents } from '../../../src/realtime/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { geminiClientMachine } from '../../../src/wire/gemini/index.js';
import { ClientBench as GeminiBench } from '../../wire/gemini/harness.js';
import { ClientBench as OpenAIBench } from '../../wire/openai/client-harness.js';

interface Recorded {
  wire: 'openai' | 'gemini' | 'cascade';
  model: string;
  transcriber?: string;
  prices?: Prices;
  frames: Record<string, unknown>[];
}

interface Sheet {
  conversation: string;
  lines: {
    model: string;
    units: string;
    sum: number;
    usd: number | null;
    per: number;
    arithmetic: string;
    microUsd: number | null;
  }[];
  pricedMicroUsd: number;
  usd: number | null;
}

const folder = fileURLToPath(new URL('../../fixtures/cost/', import.meta.url));
const read = <T>(name: string): T => JSON.parse(readFileSync(`${folder}${name}`, 'utf8')) as T;
const sheets = read<Sheet[]>('sheet.json');

/** What the frames say, by the wire's own machine. */
function events({ wire, model, frames }: Recorded): Event[] {
  if (wire === 'cascade') return frames as unknown[] as Event[];
  if (wire === 'openai') {
    const bench = new OpenAIBench().opened();
    bench.serve(...frames);
    return bench.events;
  }
  const bench = new GeminiBench(geminiClientMachine({ model })).open();
  for (const frame of frames) bench.server(frame);
  return bench.events;
}

function booked(recorded: Recorded) {
  const { wire: provider, model, transcriber, prices = {} } = recorded;
  const clock = new FakeClock();
  const accounts = new Accounts({ clock, prices, audio: () => ({ inMs: 0, outMs: 0 }), updated: () => {} });
  const to = new Emitter<RealtimeEvents>();
  to.on('usage_reported', (report) => accounts.report(report));
  const transcription = transcriber === undefined ? null : { model: transcriber };
  const meter = new GenerationMeter({ provider, model } as Dialler, clock, to, { config: { transcription } });
  for (const event of events(recorded)) meter.event(event);
  return accounts.usage;
}

describe('ten recorded conversations cost what the sheet says', () => {
  test('there are ten, and each has its sheet', () => {
    const files = readdirSync(folder).filter((name) => /^\d/.test(name));
    expect(files).toHaveLength(10);
    expect(files.map((name) => name.replace('.json', ''))).toEqual(sheets.map((sheet) => sheet.conversation));
  });

  describe.each(sheets)('$conversation', ({ conversation, lines, pricedMicroUsd, usd }) => {
    test('the arithmetic of the sheet is right', () => {
      for (const { units, sum, usd: price, per, microUsd, arithmetic } of lines) {
        expect(units.split(' + ').reduce((all, one) => all + Number(one), 0)).toBe(sum);
        if (price === null) expect([microUsd, arithmetic]).toEqual([null, 'no price']);
        else
          expect(Math.abs((sum * price * 1_000_000) / per - (microUsd ?? Number.NaN))).toBeLessThanOrEqual(
            0.5 + 1e-6,
          );
      }
      expect(lines.reduce((all, { microUsd }) => all + (microUsd ?? 0), 0)).toBe(pricedMicroUsd);
    });

    test('usage and cost equal it, to the millionth of a dollar and to the cent', () => {
      const usage = booked(read<Recorded>(`${conversation}.json`));
      const units = new Map<string, number>();
      for (const { model, sum } of lines) units.set(model, (units.get(model) ?? 0) + sum);
      const counted = usage.models.map(({ model, input, output, inputAudioMs, characters }) => [
        model,
        input.text + input.audio + input.image + output.text + output.audio + inputAudioMs + characters,
      ]);
      expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(units));
      expect([usage.pricedMicroUsd, usage.costUsd]).toEqual([pricedMicroUsd, usd]);
      expect(usage.unpriced).toEqual([
        ...new Set(lines.flatMap(({ usd, model }) => (usd === null ? [model] : []))),
      ]);
    });
  });
});
