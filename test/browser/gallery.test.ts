import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataChannel } from '../../src/core/index.js';
import { Chromium, chromiumPath, type PageOptions } from './chromium.js';
import { buildPage, servePage } from './page-server.js';
import { tone } from './sounds.js';

const artifacts = fileURLToPath(new URL('../../artifacts', import.meta.url));
const id = (name: string) => `[data-testid="${name}"]`;

/** A conversation with one of everything, as the server tells it. */
const conversation: Record<string, unknown>[] = [
  {
    type: 'hello',
    model: 'embedded speech, scripted dialogue',
    agent: 'Clinic desk',
    scripted: true,
    notice: 'Ask for opening hours, free times, or an appointment.',
  },
  {
    type: 'agent_transcript',
    itemId: 'a0',
    heard: 'Good morning, this is the clinic. How can I help you?',
    rest: '',
    interrupted: false,
    final: true,
  },
  { type: 'user_transcript', itemId: 'u1', text: '', final: false },
  {
    type: 'user_transcript',
    itemId: 'u1',
    text: 'Is there anything free on Tuesday afternoon?',
    final: true,
  },
  {
    type: 'tool',
    callId: 'c1',
    name: 'free_slots',
    args: '{"day":"Tuesday","part":"afternoon"}',
    phase: 'started',
  },
  {
    type: 'tool',
    callId: 'c1',
    name: 'free_slots',
    phase: 'done',
    output: '{"slots":["14:00","15:30","16:15"]}',
  },
  { type: 'latency', turnId: 't1', v2vMs: 612 },
  {
    type: 'agent_transcript',
    itemId: 'a1',
    heard: 'On Tuesday afternoon I have two o’clock,',
    rest: ' half past three, and a quarter past four. Which one would you like?',
    interrupted: true,
    final: true,
  },
  { type: 'user_transcript', itemId: 'u2', text: 'Two o’clock is fine. My name is Ada.', final: true },
  {
    type: 'tool',
    callId: 'c2',
    name: 'book',
    args: '{"day":"Tuesday","time":"14:00","name":"Ada"}',
    phase: 'started',
  },
  { type: 'latency', turnId: 't2', v2vMs: 488 },
  {
    type: 'agent_transcript',
    itemId: 'a2',
    heard: 'You are booked for Tuesday',
    rest: ' at two o’clock, Ada.',
    interrupted: false,
    final: false,
  },
  { type: 'user_transcript', itemId: 'u3', text: 'thank you and', final: false },
  { type: 'state', agent: 'speaking', user: 'listening' },
  { type: 'something_new', that: 'this page does not know' },
];

describe.skipIf(chromiumPath === '')('what the page shows', () => {
  let folder = '';
  let chromium: Chromium;
  beforeAll(async () => {
    await mkdir(artifacts, { recursive: true });
    folder = await buildPage();
    chromium = await Chromium.launch();
  });
  afterAll(async () => {
    await chromium?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const desktop = { width: 1280, height: 860 };
  const phone = { width: 390, height: 844 };
  const looks: [name: string, options: PageOptions][] = [
    ['light', { viewport: desktop, colorScheme: 'light' }],
    ['dark', { viewport: desktop, colorScheme: 'dark' }],
    ['phone-light', { viewport: phone, colorScheme: 'light', hasTouch: true }],
    ['phone-wide', { viewport: { width: 844, height: 390 }, colorScheme: 'light', hasTouch: true }],
    ['phone-dark', { viewport: phone, colorScheme: 'dark', hasTouch: true }],
  ];

  it.each(looks)('%s', { timeout: 60_000 }, async (name, options) => {
    const server = await servePage(folder);
    const { page, complaints, close } = await chromium.open(options);
    try {
      await page.goto(server.url);
      await page.screenshot({ path: join(artifacts, `${name}-start.png`) });
      const call = server.nextCall();
      await page.click(id('talk'));
      const { data, output } = await call;
      await page.waitForSelector(`${id('mute')}:not([disabled])`);
      play(data, conversation);
      output.write(tone(output.sampleRateHz, 4000, 300, 0.4));
      await page.waitForSelector(`${id('state')}[data-state="speaking"]`);
      await page.waitForFunction(
        (selector) => (document.querySelector(selector) as HTMLMeterElement).value > 0,
        id('meter-agent'),
      );
      await page.screenshot({ path: join(artifacts, `${name}-talking.png`) });
      await expectWords(page);
      await expectNoOverflow(page);
      await expectContrast(page);
      expect(complaints).toEqual([]);
    } finally {
      await close();
      await server.kill();
    }
  });
});

function play(data: DataChannel | undefined, messages: Record<string, unknown>[]): void {
  for (const message of messages) data?.send(message);
}

async function expectWords(page: Page): Promise<void> {
  const texts = (selector: string) => page.$$eval(selector, (found) => found.map((one) => one.textContent));
  const decoration = (selector: string) =>
    page.$eval(selector, (element) => getComputedStyle(element).textDecorationLine);
  expect(await texts(`${id('line-user')} .said`)).toEqual([
    'Is there anything free on Tuesday afternoon?',
    'Two o’clock is fine. My name is Ada.',
    'thank you and',
  ]);
  const cut = `${id('line-agent')}[data-interrupted="true"]`;
  expect(await texts(`${cut} .said`)).toEqual([
    'On Tuesday afternoon I have two o’clock, half past three, and a quarter past four. Which one would you like?',
  ]);
  expect(await texts(`${cut} .heard`)).toEqual(['On Tuesday afternoon I have two o’clock,']);
  expect(await decoration(`${cut} .rest`)).toBe('line-through');
  expect(await decoration(`${cut} .heard`)).toBe('none');
  const going = `${id('line-agent')}[data-final="false"]`;
  expect(await decoration(`${going} .rest`)).toBe('none');
  const color = (selector: string) => page.$eval(selector, (element) => getComputedStyle(element).color);
  expect(await color(`${going} .rest`)).not.toBe(await color(`${going} .heard`));
  expect(await color(`${id('line-user')}[data-final="false"] .said`)).toBe(await color(`${going} .rest`));
  expect(await texts(`${id('line-tool')} .name`)).toEqual(['free_slots', 'book']);
  expect(await texts(`${id('line-tool')} .phase`)).toEqual(['done', 'running']);
  expect(await texts(`${id('line-tool')}[data-phase="done"] dd`)).toEqual(['Tuesday', 'afternoon']);
  expect(await texts(`${id('line-tool')}[data-phase="done"] .output`)).toEqual([
    '{ "slots": [ "14:00", "15:30", "16:15" ] }',
  ]);
  expect(await texts(`${id('line-agent')} .latency`)).toEqual([
    '',
    'answered after 0.61 s',
    'answered after 0.49 s',
  ]);
  expect(await texts(id('last-latency'))).toEqual(['Answer after 0.49 s']);
  expect(await texts(id('subtitle'))).toEqual(['Clinic desk, on embedded speech, scripted dialogue']);
  expect((await texts(id('notice')))[0]).toMatch(/a script, not a language model/);
}

/** Nothing sticks out sideways, and every control is large enough for a finger or a mouse. */
async function expectNoOverflow(page: Page): Promise<void> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(width).toBeLessThanOrEqual(0);
  const small = await page.$$eval('button, select, input', (found) =>
    found
      .filter((one) => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 32)
      .map((one) => one.id),
  );
  expect(small).toEqual([]);
}

/** WCAG 2.2, 1.4.3: text against what is behind it, at least 4.5 to 1. */
async function expectContrast(page: Page): Promise<void> {
  const poor = await page.$$eval('body *', (found) => {
    const rgba = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [r, g, b] = rgba(color).map((part) => {
        const v = part / 255;
        return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const behind = (element: Element): string => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if (rgba(backgroundColor)[3] !== 0) return backgroundColor;
      }
      return 'rgb(255, 255, 255)';
    };
    return found
      .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
      .filter((one) => one.getClientRects().length > 0 && !one.matches(':disabled'))
      .map((one) => {
        const [a, b] = [luminance(getComputedStyle(one).color), luminance(behind(one))];
        return {
          text: one.textContent,
          contrast: Math.round((10 * (Math.max(a, b) + 0.05)) / (Math.min(a, b) + 0.05)) / 10,
        };
      })
      .filter(({ contrast }) => contrast < 4.5);
  });
  expect(poor).toEqual([]);
}
