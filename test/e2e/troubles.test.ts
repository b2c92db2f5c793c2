import { rm } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Script } from '../../src/cascade/index.js';
import { Chromium, chromiumPath, type PageOptions } from '../browser/chromium.js';
import { buildPage } from '../browser/page-server.js';
import { id, PageCall, type ShownLine } from './page-call.js';
import { openScriptedStand, type ScriptedStand } from './scripted-stand.js';

const script: Script = {
  audioMsPerWord: 80,
  turns: [
    { hears: 'Who are you?', says: 'I am a script.' },
    { hears: 'And now?', says: 'Still a script.' },
  ],
};

const answered = (text: string) => (lines: ShownLine[]) =>
  lines.some((line) => line.kind === 'agent' && line.text === text && line.final);

describe.skipIf(chromiumPath === '')('a call without a voice, and calls that break', () => {
  let folder = '';
  let chromium: Chromium;
  const open: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = await buildPage();
    chromium = await Chromium.launch();
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
  afterAll(async () => {
    await chromium?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function stand(): Promise<ScriptedStand> {
    const opened = await openScriptedStand({ script, page: folder });
    open.push(opened.close);
    return opened;
  }

  async function page(url: string, options: PageOptions = {}): Promise<PageCall> {
    const call = await PageCall.open(chromium, url, options);
    open.push(() => call.close());
    return call;
  }

  it('typed -> answered, in words and in voice', { timeout: 60_000 }, async () => {
    const { url, errors } = await stand();
    const call = await page(url, { microphone: 'denied' });
    await call.page.click(id('talk'));
    expect(await call.troubleWords()).toMatch(/may not use the microphone/);
    await call.page.click(id('without-microphone'));
    await call.page.waitForSelector(`${id('text')}:not([disabled])`);
    await call.type('Who are you?');
    const lines = await call.until('the answer', answered('I am a script.'));
    expect(lines.map(({ kind, text }) => ({ kind, text }))).toEqual([
      { kind: 'user', text: 'Who are you?' },
      { kind: 'agent', text: 'I am a script.' },
    ]);
    await call.type('And now?');
    await call.until('the second answer', answered('Still a script.'));
    const played = await call.page.evaluate(() => window.__repartee.diagnostics?.playedSamples);
    expect(played).toBe(24 * 80 * 7);
    expect(errors).toEqual([]);
  });

  it('the connection breaks -> says so, comes back as a new conversation', { timeout: 60_000 }, async () => {
    const { url } = await stand();
    const line = await breakableLine(Number(new URL(url).port));
    open.push(line.close);
    const call = await page(`http://127.0.0.1:${line.port}/`, { microphone: 'denied' });
    await call.startWithoutMicrophone();
    await call.type('Who are you?');
    await call.until('the answer', answered('I am a script.'));
    line.break();
    expect(await call.troubleWords()).toMatch(/connection was lost/i);
    await call.page.waitForSelector(`${id('error')}`, { state: 'hidden', timeout: 10_000 });
    await call.type('Who are you?');
    const lines = await call.until(
      'the answer of the second conversation',
      (all) => all.filter((line) => line.kind === 'agent' && line.final).length === 2,
    );
    expect(lines.map(({ kind }) => kind)).toEqual(['user', 'agent', 'note', 'user', 'agent']);
  });

  it('the model is gone, and does not come back -> says so and the call ends', {
    timeout: 60_000,
  }, async () => {
    const { url, gateway } = await stand();
    const call = await page(url, { microphone: 'denied' });
    await call.startWithoutMicrophone();
    await gateway.close();
    expect(await call.troubleWords()).toMatch(/no connection\s.*Cannot connect to .*: nothing listens there/);
    await call.page.waitForSelector(`${id('state')}[data-state="ended"]`);
    await call.page.waitForSelector(id('retry'));
  });

  it('no model from the start -> says so', { timeout: 60_000 }, async () => {
    const { url, gateway } = await stand();
    await gateway.close();
    const call = await page(url);
    await call.page.click(id('talk'));
    expect(await call.troubleWords()).toMatch(/no connection\s.*Cannot connect to .*: nothing listens there/);
    // It may come before the page was welcomed, or after.
    await call.page.waitForSelector(`${id('state')}:is([data-state="ended"], [data-state="failed"])`);
  });
});

/** A TCP line to a server on this machine that can be cut, as by a network. */
async function breakableLine(port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    break: cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
