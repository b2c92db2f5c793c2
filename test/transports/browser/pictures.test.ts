import { describe, expect, it } from 'vitest';
import { browserLimits, type Picture } from '../../../src/core/index.js';
import { hello, pagePair } from './fake-page.js';

const jpeg = (bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, i) => [0xff, 0xd8, 0xff][i] ?? i % 251);

async function open() {
  const pair = pagePair();
  await pair.page.say({ ...hello, offers: ['video', 'hologram'] });
  await pair.transport.start();
  await pair.clock.advance(0);
  const seen: Picture[] = [];
  const samples: number[] = [];
  pair.transport.video?.onPicture((picture) => seen.push(picture));
  pair.transport.input.onAudio((pcm) => samples.push(pcm.length));
  const show = async (data: Uint8Array, bytes = data.byteLength) => {
    await pair.page.say({ type: 'video', mime: 'image/jpeg', bytes });
    await pair.page.sendRaw(data);
  };
  return { ...pair, seen, samples, show };
}

describe('pictures of a page', () => {
  it('offered -> accepted as far as they are known; without an offer the welcome is as it was', async () => {
    const { page } = await open();
    expect(page.got).toEqual([{ type: 'welcome', version: 1, accepts: ['video'] }]);
  });

  it('announced, then its bytes -> the picture; audio before and behind stays audio', async () => {
    const { page, seen, samples, show } = await open();
    await page.sendRaw(new Uint8Array(8));
    await show(jpeg(100));
    await page.sendRaw(new Uint8Array(6));
    expect(seen).toEqual([{ data: jpeg(100), mime: 'image/jpeg' }]);
    expect(samples).toEqual([4, 3]);
  });

  it('fewer bytes than announced -> the page is told, nothing is shown, audio goes on', async () => {
    const { page, seen, samples, notices, show } = await open();
    await show(jpeg(100), 101);
    await page.sendRaw(new Uint8Array(6));
    expect([seen, samples, notices]).toEqual([[], [3], ['frame_malformed']]);
    expect(page.got.at(-1)).toMatchObject({ type: 'error', code: 'frame_malformed' });
  });

  it('a message in the place of the bytes -> the next frame is audio', async () => {
    const { page, seen, samples } = await open();
    await page.say({ type: 'video', mime: 'image/png', bytes: 6 });
    await page.say({ type: 'ping', id: 1 });
    await page.sendRaw(new Uint8Array(6));
    expect([seen, samples]).toEqual([[], [3]]);
  });

  it('too large, or of another kind -> refused', async () => {
    const { page, notices, ends } = await open();
    await page.say({ type: 'video', mime: 'image/gif', bytes: 6 });
    expect(notices).toEqual(['frame_malformed']);
    await page.say({ type: 'video', mime: 'image/jpeg', bytes: browserLimits.pictureBytes + 1 });
    expect(ends).toMatchObject([{ code: 'frame_too_large' }]);
    expect(page.closed?.code).toBe(1009);
  });

  it('more than a page may send -> dropped; a while later they are shown again', async () => {
    const { clock, page, seen, show } = await open();
    for (let i = 0; i < 10; i++) await show(jpeg(browserLimits.pictureBytes));
    expect(seen).toHaveLength(8);
    for (let i = 0; i < 2; i++) {
      await clock.advance(1_000);
      await page.say({ type: 'ping', id: i });
    }
    await show(jpeg(10));
    expect(seen).toHaveLength(9);
    expect(page.closed).toBeUndefined();
  });

  it.each(['1', '#', 'D'])('key %s -> pressed', async (key) => {
    const { transport, page } = await open();
    const keys: string[] = [];
    transport.dtmf?.onKey((pressed) => keys.push(pressed));
    await page.say({ type: 'dtmf', key });
    expect(keys).toEqual([key]);
  });

  it('no key -> frame_malformed', async () => {
    const { page, notices } = await open();
    await page.say({ type: 'dtmf', key: '10' });
    expect(notices).toEqual(['frame_malformed']);
  });
});
