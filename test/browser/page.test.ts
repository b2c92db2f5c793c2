import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../src/core/index.js';
import { Chromium, chromiumPath, type OpenPage, type PageOptions } from './chromium.js';
import { buildPage, type PageServer, servePage } from './page-server.js';
import { amplitudeAt, counting, rms, tone, writeWav } from './sounds.js';
import { tappedSamples, tapSpeaker } from './speaker-tap.js';

const artifacts = fileURLToPath(new URL('../../artifacts', import.meta.url));
const id = (name: string) => `[data-testid="${name}"]`;

describe.skipIf(chromiumPath === '')('the page in Chromium', () => {
  let folder = '';
  let scratch = '';
  let chromium: Chromium;
  const open: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    await mkdir(artifacts, { recursive: true });
    folder = await buildPage();
    scratch = await mkdtemp(join(tmpdir(), 'repartee-page-'));
    const microphoneWav = join(scratch, 'microphone.wav');
    await writeWav(microphoneWav, tone(48_000, 2000, 1000, 0.3), 48_000);
    chromium = await Chromium.launch({ microphoneWav });
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
  afterAll(async () => {
    await chromium?.close();
    for (const used of [folder, scratch]) await rm(used, { recursive: true, force: true });
  });

  async function serve(port?: number): Promise<PageServer> {
    const server = await servePage(folder, port);
    open.push(() => server.kill().catch(() => {}));
    return server;
  }

  async function openPage(options: PageOptions = {}): Promise<OpenPage> {
    const opened = await chromium.open(options);
    open.push(opened.close);
    return opened;
  }

  /** Presses Start and waits until both sides can talk. */
  async function start(page: Page, server: PageServer): Promise<Transport> {
    const call = server.nextCall();
    await page.click(id('talk'));
    const transport = await call;
    await page.waitForSelector(`${id('mute')}:not([disabled])`);
    return transport;
  }

  const state = (page: Page, name: string) => page.waitForSelector(`${id('state')}[data-state="${name}"]`);
  const saysTrouble = (page: Page, words: RegExp) =>
    page.waitForFunction(
      ([selector, source]) =>
        new RegExp(source!, 'i').test(document.querySelector(selector!)?.textContent ?? ''),
      [`${id('error')}:not([hidden])`, words.source],
    );

  it('the microphone arrives with its energy, mute silences it', { timeout: 60_000 }, async () => {
    const server = await serve();
    const { page, complaints } = await openPage();
    await page.goto(server.url);
    expect(await page.getAttribute(id('state'), 'data-state')).toBe('idle');
    const transport = await start(page, server);
    const rate = transport.input.sampleRateHz;
    expect(rate).toBe(24_000);

    const listen = (durationMs: number) =>
      new Promise<Int16Array>((resolve) => {
        const heard: number[] = [];
        transport.input.onAudio((pcm) => {
          heard.push(...pcm);
          if (heard.length >= (durationMs / 1000) * rate) resolve(Int16Array.from(heard));
        });
      });
    // The first second covers the start of the fake microphone and of noise suppression.
    await listen(1000);
    const heard = await listen(500);
    expect(rms(heard)).toBeGreaterThan(300);
    await page.waitForFunction(
      (selector) => (document.querySelector(selector) as HTMLMeterElement).value > 0,
      id('meter-microphone'),
    );

    await page.click(id('mute'));
    expect(await page.getAttribute(id('mute'), 'aria-pressed')).toBe('true');
    await listen(300);
    expect(rms(await listen(500))).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('what the server writes is what the loudspeaker gets', { timeout: 60_000 }, async () => {
    const server = await serve();
    const { page } = await openPage();
    await tapSpeaker(page);
    await page.goto(server.url);
    const { output } = await start(page, server);
    const finished = new Promise<number>((resolve) =>
      output.onPlayback(({ phase, playedMs }) => {
        if (phase === 'finished') resolve(playedMs);
      }),
    );
    output.write(tone(output.sampleRateHz, 500, 440, 0.5));
    output.flush();
    await page.waitForFunction(
      (selector) => (document.querySelector(selector) as HTMLMeterElement).value > 0,
      id('meter-agent'),
    );
    expect(await finished).toBe(500);
    const { samples } = await tappedSamples(page);
    const first = samples.findIndex((v) => v !== 0);
    const sound = samples.subarray(first, first + 12_000);
    expect(amplitudeAt(sound, 24_000, 440)).toBeCloseTo(0.5, 2);
    expect(rms(sound)).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  it('clear -> silent within one render quantum, the position exact to the sample', {
    timeout: 60_000,
  }, async () => {
    const server = await serve();
    const { page } = await openPage();
    await tapSpeaker(page);
    await page.goto(server.url);
    const { output } = await start(page, server);
    const playing = new Promise<void>((resolve) =>
      output.onPlayback(({ playedMs }) => {
        if (playedMs > 400) resolve();
      }),
    );
    output.write(counting(0, 24_000 * 5));
    await playing;
    const { playedMs, estimated } = await output.clear();
    expect(estimated).toBe(false);
    const playedSamples = Math.round(playedMs * 24);

    // Enough of the time after it, by the audio clock.
    await page.waitForFunction(
      () => {
        const clear = window.__repartee.diagnostics?.lastClear;
        const last = window.tapped.at(-1)?.frame ?? 0;
        return clear != null && clear.silentAtFrame !== null && last > clear.silentAtFrame + 6_000;
      },
      undefined,
      { polling: 50 },
    );
    const { firstFrame, samples } = await tappedSamples(page);
    const first = samples.findIndex((v) => v !== 0);
    const expected = counting(0, 24_000 * 5);
    let heard = 0;
    while (samples[first + heard] === expected[heard]! / 32768) heard += 1;
    expect(heard).toBe(playedSamples);

    // Behind the last sample: a tail of at most 64 samples against the click, then nothing at all.
    const end = first + heard;
    expect(samples.subarray(end + 64).every((v) => v === 0)).toBe(true);
    const diagnostics = await page.evaluate(() => window.__repartee.diagnostics);
    const { clearedAtFrame, silentAtFrame } = diagnostics!.lastClear!;
    expect(diagnostics?.lastClear?.playedSamples).toBe(playedSamples);
    expect(firstFrame + end).toBeLessThanOrEqual(clearedAtFrame + 128);
    expect(silentAtFrame! - clearedAtFrame).toBeLessThanOrEqual(128);

    // The line goes on.
    output.write(tone(24_000, 200, 440, 0.5));
    output.flush();
    const finished = await new Promise<number>((resolve) =>
      output.onPlayback((report) => {
        if (report.phase === 'finished') resolve(report.playedMs);
      }),
    );
    expect(finished).toBeCloseTo(playedMs + 200, 6);
  });

  it('the microphone is not allowed -> says so, offers to type', { timeout: 60_000 }, async () => {
    const server = await serve();
    const { page } = await openPage({ microphone: 'denied' });
    await page.goto(server.url);
    await page.click(id('talk'));
    await saysTrouble(page, /may not use the microphone/);
    await state(page, 'failed');
    await page.screenshot({ path: join(artifacts, 'error-microphone.png') });
    const call = server.nextCall();
    await page.click(id('without-microphone'));
    const { data } = await call;
    const said = new Promise((resolve) => data?.onMessage(resolve));
    await page.fill(id('text'), 'hello there');
    await page.keyboard.press('Enter');
    expect(await said).toEqual({ type: 'text', text: 'hello there' });
    expect(await page.inputValue(id('text'))).toBe('');
  });

  it('no microphone at all -> says so', { timeout: 60_000 }, async () => {
    const server = await serve();
    const { page } = await openPage();
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'));
    });
    await page.goto(server.url);
    await page.click(id('talk'));
    await saysTrouble(page, /no microphone was found/);
  });

  it('no server -> says so; try again works', { timeout: 60_000 }, async () => {
    const server = await serve();
    const { page } = await openPage();
    await page.goto(server.url);
    await server.kill();
    await page.click(id('talk'));
    await saysTrouble(page, /does not answer. Is it running/);
    const again = await serve(server.port);
    const call = again.nextCall();
    await page.click(id('retry'));
    await call;
    await page.waitForSelector(id('error'), { state: 'hidden' });
  });

  it('the server is gone -> reconnecting -> back as a new conversation', { timeout: 60_000 }, async () => {
    const server = await serve();
    const { page } = await openPage();
    await page.goto(server.url);
    const transport = await start(page, server);
    transport.data?.send({ type: 'user_transcript', itemId: 'i1', text: 'Are you there?', final: true });
    await page.waitForSelector(id('line-user'));
    await server.kill();
    await state(page, 'reconnecting');
    await saysTrouble(page, /connection was lost/);
    await page.screenshot({ path: join(artifacts, 'error-reconnecting.png') });
    const again = await serve(server.port);
    const call = again.nextCall();
    await page.click(id('reconnect'), { timeout: 2000 }).catch(() => {});
    const second = await call;
    await page.waitForSelector(id('error'), { state: 'hidden' });
    expect(await page.textContent(id('line-note'))).toMatch(/new conversation/);
    // The same id means another line now.
    second.data?.send({ type: 'user_transcript', itemId: 'i1', text: 'Hello again.', final: true });
    await page.waitForFunction(
      (selector) => document.querySelectorAll(selector).length === 2,
      id('line-user'),
    );
    const heard = new Promise<void>((resolve) => second.input.onAudio(() => resolve()));
    await heard;
  });

  it('by keyboard alone', { timeout: 60_000 }, async () => {
    const server = await serve();
    const { page } = await openPage();
    await page.goto(server.url);
    const call = server.nextCall();
    await page.keyboard.press('s');
    const { data } = await call;
    await page.waitForSelector(`${id('mute')}:not([disabled])`);
    await page.keyboard.press('m');
    expect(await page.getAttribute(id('mute'), 'aria-pressed')).toBe('true');
    data?.send({ type: 'state', agent: 'speaking', user: 'listening' });
    await state(page, 'speaking');
    const interrupted = new Promise((resolve) => data?.onMessage(resolve));
    await page.keyboard.press('Escape');
    expect(await interrupted).toEqual({ type: 'interrupt' });
    await page.keyboard.press('/');
    // In the text box letters are letters.
    await page.keyboard.type('some');
    expect(await page.inputValue(id('text'))).toBe('some');
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('microphone');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('talk');
    await page.keyboard.press('Enter');
    await state(page, 'ended');
  });
});
