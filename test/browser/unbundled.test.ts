import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { decode } from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Picture } from '../../src/core/index.js';
import { Chromium, chromiumPath } from './chromium.js';
import { servePage } from './page-server.js';
import { rms, tone } from './sounds.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, `.cache/unbundled-${process.pid}`);

/** `repartee/client` as npm users get it: what tsc makes of it, here loaded by the browser itself without any bundler. */
describe.skipIf(chromiumPath === '')('repartee/client without a bundler', () => {
  let chromium: Chromium;
  beforeAll(async () => {
    const out = ['--outDir', folder, '--tsBuildInfoFile', join(folder, '.tsbuildinfo'), '--noCheck'];
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'src', ...out], {
      cwd: root,
    });
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'index.html'),
      `<!doctype html><link rel="icon" href="data:,"><button>talk</button><script type="module">
        import { cameraPictures, canvasPictures, connectVoice } from './client/index.js';
        document.querySelector('button').onclick = async () => {
          try {
            const client = await connectVoice({ url: '/voice' });
            document.title = client.status.phase;
            window.canvas = () => {
              const canvas = document.createElement('canvas');
              Object.assign(canvas, { width: 640, height: 320 });
              const context = canvas.getContext('2d');
              context.fillStyle = '#0a0';
              context.fillRect(0, 0, 640, 320);
              client.show(canvasPictures(canvas, { maxSidePx: 64 }), { fps: 5 });
            };
            window.camera = async () => client.show(await cameraPictures({ maxSidePx: 128 }), { fps: 5 });
            window.hide = () => client.hide();
          } catch (error) {
            document.title = error.code + ': ' + error.message;
          }
        };
      </script>`,
    );
    chromium = await Chromium.launch();
  });
  afterAll(async () => {
    await chromium?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('hears, plays, clears', { timeout: 60_000 }, async () => {
    const server = await servePage(folder);
    const { page, complaints, close } = await chromium.open();
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

  it('shows a canvas, then a camera, as JPEG of the size that was asked for', {
    timeout: 60_000,
  }, async () => {
    const server = await servePage(folder);
    const { page, complaints, close } = await chromium.open();
    try {
      await page.goto(server.url);
      const call = server.nextCall();
      await page.click('button');
      await page.waitForFunction(() => document.title !== '');
      const { video } = await call;
      /** The next picture of that width: one of the source before may still be on its way. */
      const next = (widthPx: number) =>
        new Promise<Picture>((resolve) =>
          video?.onPicture((picture) => {
            if (decode(picture.data).width === widthPx) resolve(picture);
          }),
        );
      let picture = next(64);
      await page.evaluate('canvas()');
      const { data, mime } = await picture;
      const drawn = decode(data);
      expect([mime, drawn.width, drawn.height]).toEqual(['image/jpeg', 64, 32]);
      const [red, green, blue] = drawn.data;
      expect([red! < 40, Math.abs(green! - 0xaa) < 20, blue! < 40]).toEqual([true, true, true]);
      await page.evaluate('hide()');
      // Chromium's own fake camera: a ball that goes round.
      picture = next(128);
      await page.evaluate('camera()');
      expect(decode((await picture).data).height).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
    } finally {
      await close();
      await server.kill();
    }
  });
});
