import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.js';
import { servePage } from './page-server.js';
import { rms, tone } from './sounds.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, `.cache/unbundled-${process.pid}`);

/** `repartee/client` as npm users get it: what tsc makes of it, here loaded by the browser itself without any bundler. */
describe.skipIf(chromiumPath === '')('repartee/client without a bundler', () => {
  beforeAll(async () => {
    const out = ['--outDir', folder, '--tsBuildInfoFile', join(folder, '.tsbuildinfo'), '--noCheck'];
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'src', ...out], {
      cwd: root,
    });
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'index.html'),
      `<!doctype html><link rel="icon" href="data:,"><button>talk</button><script type="module">
        import { connectVoice } from './client/index.js';
        document.querySelector('button').onclick = async () => {
          try {
            const client = await connectVoice({ url: '/voice' });
            document.title = client.status.phase;
          } catch (error) {
            document.title = error.code + ': ' + error.message;
          }
        };
      </script>`,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('hears, plays, clears', { timeout: 60_000 }, async () => {
    const server = await servePage(folder);
    const { page, complaints, close } = await launchChromium();
    try {
      await page.goto(server.url);
      const call = server.nextCall();
      await page.click('button');
      await page.waitForFunction(() => document.title !== '');
      expect(await page.title()).toBe('live');
      const { input, output } = await call;
      // Chromium's own fake microphone beeps once a second.
      await new Promise<void>((resolve) =>
        input.onAudio((pcm) => {
          if (rms(pcm) > 300) resolve();
        }),
      );
      const playing = new Promise<void>((resolve) => output.onPlayback(() => resolve()));
      output.write(tone(output.sampleRateHz, 3000, 440, 0.3));
      await playing;
      const { playedMs, estimated } = await output.clear();
      expect([estimated, playedMs > 0, playedMs < 3000]).toEqual([false, true, true]);
      expect(complaints).toEqual([]);
    } finally {
      await close();
      await server.kill();
    }
  });
});
