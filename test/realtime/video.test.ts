import { decode } from 'jpeg-js';
import { describe, expect, test } from 'vitest';
import { downscale } from '../../src/realtime/image.js';
import type { RawImage, VideoFrame } from '../../src/realtime/index.js';
import { encodeJpeg } from '../../src/realtime/jpeg.js';
import { VideoLine } from '../../src/realtime/video.js';
import { FakeClock } from '../../src/testing/index.js';
import { stand } from './scripted-link.js';

const jpeg: VideoFrame = { data: new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 7]), mime: 'image/jpeg' };
const png: VideoFrame = { data: new Uint8Array([0x89, 0x50, 0x4e, 0x47, 7]), mime: 'image/png' };

/** Left half red, right half blue. */
function picture(width: number, height: number): RawImage {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at++)
    data.set(at % width < width / 2 ? [255, 0, 0] : [0, 0, 255], at * 4);
  return { data, width, height };
}

/** Incompressible. */
function noise(width: number, height: number): RawImage {
  let seed = 1;
  const data = new Uint8Array(width * height * 4).map(() => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed & 255;
  });
  return { data, width, height };
}

describe('pushVideo', () => {
  test('one frame a second goes out, the others are dropped and counted', async () => {
    const { session, link, clock } = await stand({ capabilities: { video: true } });
    expect(session.fps).toBe(1);
    const sent: boolean[] = [];
    // Ten frames a second for three seconds.
    for (let index = 0; index < 30; index++) {
      const done = session.pushVideo(jpeg);
      await clock.advance(0);
      link.confirm();
      sent.push(await done);
      await clock.advance(100);
    }
    expect(sent.flatMap((was, index) => (was ? [index] : []))).toEqual([0, 10, 20]);
    expect(link.all('image')).toMatchObject([{ mime: 'image/jpeg', data: jpeg.data, atMs: 0 }, {}, {}]);
    expect(session.droppedVideoFrames).toBe(27);
    await session.close();
  });

  test('fps is an option; a camera that is a little late loses no frame by it', async () => {
    const { session, link, clock } = await stand({
      capabilities: { video: true },
      session: { video: { fps: 4 } },
    });
    expect(session.fps).toBe(4);
    for (let atMs = 0; atMs < 2_000; atMs += 80) {
      const done = session.pushVideo(png);
      await clock.advance(0);
      link.confirm();
      await done;
      await clock.advance(80);
    }
    expect(link.all('image')).toHaveLength(8);
    await session.close();
  });

  test('a wire without pictures of its own -> an item of the user', async () => {
    const { session, link, clock } = await stand();
    const done = session.pushVideo(png);
    await clock.advance(0);
    link.confirm();
    expect(await done).toBe(true);
    expect(link.last('item.add').item).toEqual({
      kind: 'message',
      id: '',
      role: 'user',
      parts: [{ kind: 'image', mime: 'image/png', data: png.data }],
    });
    await session.close();
  });

  test('a wire that takes neither -> unsupported', async () => {
    const { session, link } = await stand({ capabilities: { history: 'opening' } });
    await expect(session.pushVideo(jpeg)).rejects.toMatchObject({ code: 'unsupported' });
    expect(link.sent.map(({ t }) => t)).toEqual(['open']);
    await session.close();
  });

  test.each<[string, unknown, string]>([
    ['a format that is none', { data: jpeg.data, mime: 'image/gif' }, 'mime'],
    ['bytes of another format', { data: jpeg.data, mime: 'image/png' }, 'mime'],
    ['no bytes', { mime: 'image/png' }, 'data'],
    ['half a pixel', { data: new Uint8Array(6), width: 1.5, height: 1 }, 'width'],
    ['no height', { data: new Uint8Array(0), width: 1, height: 0 }, 'height'],
    ['fewer bytes than pixels', { data: new Uint8Array(15), width: 2, height: 2 }, 'data'],
  ])('%s -> option_invalid, and no frame is used up', async (_name, frame, param) => {
    const { session, link, clock } = await stand({ capabilities: { video: true } });
    await expect(session.pushVideo(frame as VideoFrame)).rejects.toMatchObject({
      code: 'option_invalid',
      param,
    });
    const done = session.pushVideo(jpeg);
    await clock.advance(0);
    link.confirm();
    expect(await done).toBe(true);
    await session.close();
  });

  test('an encoded frame over the limit -> option_invalid', async () => {
    const { session, link } = await stand({
      capabilities: { video: true },
      session: { video: { maxBytes: 4 } },
    });
    await expect(session.pushVideo(jpeg)).rejects.toMatchObject({ param: 'video.maxBytes' });
    expect(link.all('image')).toEqual([]);
    await session.close();
  });

  test.each(['fps', 'maxSidePx', 'maxBytes'])('video.%s of 0 -> option_invalid at once', async (name) => {
    await expect(stand({ session: { video: { [name]: 0 } } })).rejects.toMatchObject({
      param: `video.${name}`,
    });
  });
});

describe('raw frames', () => {
  test('made smaller, then JPEG', async () => {
    const line = new VideoLine({ maxSidePx: 64 }, new FakeClock());
    const image = await line.take(picture(320, 160));
    const { width, height, data } = decode(image!.data, { useTArray: true });
    expect([image!.mime, width, height]).toEqual(['image/jpeg', 64, 32]);
    expect(data[0]).toBeGreaterThan(200);
    expect(data[2]).toBeLessThan(60);
    const last = data.subarray(-4);
    expect(last[2]).toBeGreaterThan(200);
  });

  test('coarser until it fits; what never fits -> option_invalid', async () => {
    const clock = new FakeClock();
    const image = noise(64, 64);
    const fine = await new VideoLine({}, clock).take(image);
    const coarse = await new VideoLine({ maxBytes: fine!.data.length / 2 }, clock).take(image);
    expect(coarse!.data.length).toBeLessThanOrEqual(fine!.data.length / 2);
    await expect(new VideoLine({ maxBytes: 100 }, clock).take(image)).rejects.toMatchObject({
      param: 'video.maxBytes',
    });
  });

  test('without the encoder -> peer_missing, which names the package', async () => {
    const missing = () => Promise.reject(new Error("Cannot find package 'jpeg-js'"));
    await expect(encodeJpeg(picture(4, 4), 80, missing)).rejects.toMatchObject({
      code: 'peer_missing',
      message: expect.stringContaining('npm install jpeg-js'),
    });
  });

  test('each pixel is the mean of those that it stands for', () => {
    const data = new Uint8Array([0, 0, 0, 255, 100, 0, 0, 255, 0, 200, 0, 255, 100, 0, 40, 255]);
    expect([...downscale({ data, width: 2, height: 2 }, 1).data]).toEqual([50, 50, 10, 255]);
    const wide = picture(9, 1);
    expect(downscale(wide, 9)).toBe(wide);
    expect(downscale(wide, 4)).toMatchObject({ width: 4, height: 1 });
  });
});
