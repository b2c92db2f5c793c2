import { type Browser, type BrowserContext, type Page, chromium as playwright } from 'playwright-core';
import { findChromium, missingLine } from '../../scripts/lib/chromium.mjs';

/** Path of the Chromium that browser tests use; '' when there is none. `npm test` hands it over in REPARTEE_CHROMIUM. */
export const chromiumPath = process.env.REPARTEE_CHROMIUM || findChromium();

if (chromiumPath === '' && process.env.REPARTEE_CHROMIUM === undefined) console.log(missingLine());

/** What all pages of one process share. */
export interface MicrophoneFile {
  /**
   * A 48 kHz mono WAV file that is the microphone; it plays in a loop from the moment a page opens the microphone. Default:
   * Chromium's beeps.
   */
  microphoneWav?: string;
  /** Play the file once, then silence. */
  playOnce?: boolean;
}

export interface PageOptions {
  /** Default: granted. */
  microphone?: 'granted' | 'denied';
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  hasTouch?: boolean;
}

/** A page with a profile of its own. */
export interface OpenPage {
  context: BrowserContext;
  page: Page;
  /** What the page wrote to its console or threw: for a test's message when it fails, or to be empty. */
  complaints: string[];
  close(): Promise<void>;
}

/** Chromium with a fake microphone and camera, and sound without a click. To start it takes longer than to open a page. */
export class Chromium {
  private constructor(readonly browser: Browser) {}

  static async launch({ microphoneWav, playOnce = false }: MicrophoneFile = {}): Promise<Chromium> {
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
    ];
    if (microphoneWav !== undefined) {
      args.push(`--use-file-for-fake-audio-capture=${microphoneWav}${playOnce ? '%noloop' : ''}`);
    }
    return new Chromium(await playwright.launch({ executablePath: chromiumPath, headless: true, args }));
  }

  async open(options: PageOptions = {}): Promise<OpenPage> {
    const context = await this.browser.newContext({
      permissions: options.microphone === 'denied' ? [] : ['microphone', 'camera'],
      viewport: options.viewport ?? { width: 1280, height: 800 },
      colorScheme: options.colorScheme ?? 'light',
      hasTouch: options.hasTouch ?? false,
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    return { context, page, complaints, close: () => context.close() };
  }

  /** Closes its pages too. */
  close(): Promise<void> {
    return this.browser.close();
  }
}
