import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import { findChromium, missingLine } from '../../scripts/lib/chromium.mjs';

/** Path of the Chromium that browser tests use; '' when there is none. `npm test` hands it over in REPARTEE_CHROMIUM. */
export const chromiumPath = process.env.REPARTEE_CHROMIUM || findChromium();

if (chromiumPath === '' && process.env.REPARTEE_CHROMIUM === undefined) console.log(missingLine());

export interface ChromiumOptions {
  /**
   * A 48 kHz mono WAV file that is the microphone; it plays in a loop from the moment the page opens the microphone. Default:
   * Chromium's beeps.
   */
  microphoneWav?: string;
  /** Play the file once, then silence. */
  playOnce?: boolean;
  /** Default: granted. */
  microphone?: 'granted' | 'denied';
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  hasTouch?: boolean;
}

export interface Chromium {
  context: BrowserContext;
  page: Page;
  /** What the page wrote to its console or threw: for a test's message when it fails, or to be empty. */
  complaints: string[];
  close(): Promise<void>;
}

/** A fresh Chromium with an empty profile, a fake microphone, and sound without a click. */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'repartee-chromium-'));
  const granted = options.microphone !== 'denied';
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-device-for-media-stream',
    // Without it, headless Chromium refuses whoever asks.
    ...(granted ? ['--use-fake-ui-for-media-stream'] : []),
  ];
  if (options.microphoneWav !== undefined) {
    const noLoop = options.playOnce ? '%noloop' : '';
    args.push(`--use-file-for-fake-audio-capture=${options.microphoneWav}${noLoop}`);
  }
  const context = await playwright.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    headless: true,
    args,
    viewport: options.viewport ?? { width: 1280, height: 800 },
    colorScheme: options.colorScheme ?? 'light',
    hasTouch: options.hasTouch ?? false,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return {
    context,
    page,
    complaints,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
