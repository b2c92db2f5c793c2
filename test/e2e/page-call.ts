import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Chromium, OpenPage, PageOptions } from '../browser/chromium.js';
import { tapSpeaker } from '../browser/speaker-tap.js';
import { within } from './within.js';

export const artifacts = fileURLToPath(new URL('../../artifacts', import.meta.url));

/** A line of the conversation as the page shows it. */
export interface ShownLine {
  kind: 'user' | 'agent' | 'tool' | 'note';
  /** All words; of the agent the heard ones. */
  text: string;
  /** What was not heard of the agent. */
  rest: string;
  /** Whether that is struck out. */
  struck: boolean;
  interrupted: boolean;
  final: boolean;
  /** Of a tool. */
  name: string;
  args: Record<string, string>;
  output: string;
  phase: string;
  latencyMs: number | null;
}

/** A page in Chromium that calls an agent. */
export class PageCall {
  private constructor(readonly opened: OpenPage) {}

  get page(): Page {
    return this.opened.page;
  }

  /** Opens the page, both sound directions tapped; nothing is pressed yet. */
  static async open(chromium: Chromium, url: string, options: PageOptions = {}): Promise<PageCall> {
    await mkdir(artifacts, { recursive: true });
    const opened = await within(20_000, 'Chromium opens a page', chromium.open(options));
    await tapSpeaker(opened.page);
    await opened.page.goto(url);
    return new PageCall(opened);
  }

  /** Presses the button; resolves when both sides can talk. */
  async start(): Promise<void> {
    await this.page.click(id('talk'));
    await this.page.waitForSelector(`${id('text')}:not([disabled])`);
  }

  /** Presses the button where the microphone is denied, and goes on without one. */
  async startWithoutMicrophone(): Promise<void> {
    await this.page.click(id('talk'));
    await this.page.click(id('without-microphone'));
    await this.page.waitForSelector(`${id('text')}:not([disabled])`);
  }

  async type(text: string): Promise<void> {
    await this.page.fill(id('text'), text);
    await this.page.keyboard.press('Enter');
  }

  /** Everything in the transcript, top to bottom. */
  lines(): Promise<ShownLine[]> {
    return within(10_000, 'the page tells its lines', this.page.evaluate(shownLines));
  }

  /** Resolves with the lines as soon as they fit; rejects after `timeoutMs` with what there was instead. */
  async until(what: string, fits: (lines: ShownLine[]) => boolean, timeoutMs = 20_000): Promise<ShownLine[]> {
    const giveUpAt = performance.now() + timeoutMs;
    for (;;) {
      const lines = await this.lines();
      if (fits(lines)) return lines;
      if (performance.now() > giveUpAt)
        throw new Error(`${what} did not happen:\n${JSON.stringify(lines, null, 1)}`);
      await this.page.waitForTimeout(50);
    }
  }

  async troubleWords(): Promise<string> {
    const trouble = await this.page.waitForSelector(`${id('error')}:not([hidden])`);
    return (await trouble.textContent()) ?? '';
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(artifacts, `${name}.png`) });
  }

  close(): Promise<void> {
    return within(20_000, 'the page closes', this.opened.close());
  }
}

export function id(name: string): string {
  return `[data-testid="${name}"]`;
}

/** Runs inside the page. */
function shownLines(): ShownLine[] {
  return [...document.querySelectorAll<HTMLElement>('[data-testid^="line-"]')].map((line) => {
    const words = (selector: string) => line.querySelector(selector)?.textContent ?? '';
    const rest = line.querySelector('.rest');
    const kind = line.dataset.testid!.slice('line-'.length) as ShownLine['kind'];
    const latency = line.querySelector<HTMLElement>('.latency')?.dataset.ms;
    return {
      kind,
      text: kind === 'agent' ? words('.heard') : words('.said'),
      rest: words('.rest'),
      struck: rest !== null && getComputedStyle(rest).textDecorationLine.includes('line-through'),
      interrupted: line.dataset.interrupted === 'true',
      final: line.dataset.final === 'true',
      name: line.dataset.name ?? '',
      args: Object.fromEntries(
        [...line.querySelectorAll('.args dt')].map((term) => [
          term.textContent ?? '',
          term.nextElementSibling?.textContent ?? '',
        ]),
      ),
      output: words('.output'),
      phase: line.dataset.phase ?? '',
      latencyMs: latency === undefined ? null : Number(latency),
    };
  });
}
