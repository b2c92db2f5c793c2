import { describe, expect, it } from 'vitest';
import { connectVoice, type PictureSource } from '../../src/client/index.js';
import { type Picture, ReparteeError } from '../../src/core/index.js';
import { browserTransport } from '../../src/transports/browser/index.js';
import { fakePlatform } from './fake-platform.js';

/** A camera that counts; `fail` makes it throw. */
function camera() {
  const source = {
    taken: 0,
    stopped: 0,
    fail: false,
    bytes: 5,
    async take(): Promise<Picture | undefined> {
      if (source.fail) throw new Error('unplugged');
      source.taken += 1;
      const data = new Uint8Array(source.bytes);
      data.set([0xff, 0xd8, 0xff, source.taken]);
      return { data, mime: 'image/jpeg' };
    },
    stop() {
      source.stopped += 1;
    },
  } satisfies PictureSource & Record<string, unknown>;
  return source;
}

async function call() {
  const seen: (number | undefined)[] = [];
  const keys: string[] = [];
  const platform = fakePlatform((socket) => {
    const transport = browserTransport(socket, { clock: platform.clock });
    transport.video?.onPicture(({ data }) => seen.push(data[3]));
    transport.dtmf?.onKey((key) => keys.push(key));
    void transport.start().catch(() => {});
  });
  const errors: string[] = [];
  const connecting = connectVoice({ url: 'ws://s', platform, onError: ({ code }) => errors.push(code) });
  await platform.clock.advance(10);
  return { client: await connecting, platform, seen, keys, errors };
}

describe('pictures of a page', () => {
  it('show -> a picture at once, then fps a second; hide lets go of the camera', async () => {
    const { client, platform, seen } = await call();
    const source = camera();
    client.show(source, { fps: 4 });
    await platform.clock.advance(1_000);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(client.pictures).toEqual({ sent: 5, dropped: 0 });
    client.hide();
    client.hide();
    await platform.clock.advance(1_000);
    expect([seen.length, source.stopped, client.pictures]).toEqual([5, 1, null]);
    client.close();
    await platform.clock.advance(3_000);
    expect(platform.clock.pending).toBe(0);
  });

  it('another show takes the place of the first; the end stops it; after the end there is none', async () => {
    const { client, platform } = await call();
    const [first, second, third] = [camera(), camera(), camera()];
    client.show(first);
    client.show(second);
    expect([first.stopped, second.stopped]).toEqual([1, 0]);
    client.close();
    expect(second.stopped).toBe(1);
    expect(() => client.show(third)).toThrow(expect.objectContaining({ code: 'closed' }));
    expect(third.stopped).toBe(1);
    await platform.clock.advance(3_000);
  });

  it('a camera that fails is told once, and may come back', async () => {
    const { client, platform, errors, seen } = await call();
    const source = camera();
    source.fail = true;
    client.show(source);
    await platform.clock.advance(2_000);
    expect(errors).toEqual(['camera_missing']);
    source.fail = false;
    await platform.clock.advance(1_000);
    expect(seen).toEqual([1]);
    client.close();
  });

  it('too large -> dropped; while there is no connection -> dropped', async () => {
    const { client, platform, seen } = await call();
    const source = camera();
    source.bytes = 600_000;
    client.show(source);
    await platform.clock.advance(0);
    expect(client.pictures).toEqual({ sent: 0, dropped: 1 });
    source.bytes = 5;
    platform.serverUp = false;
    platform.accepted[0]?.cut();
    await platform.clock.advance(1_000);
    expect(client.pictures).toEqual({ sent: 0, dropped: 2 });
    expect(seen).toEqual([]);
    client.close();
  });

  it('a server that takes no pictures and keys -> not sent', async () => {
    const frames: unknown[] = [];
    const platform = fakePlatform((socket) => {
      socket.onFrame((frame) => frames.push(frame));
      socket.send(JSON.stringify({ type: 'welcome', version: 1 }));
    });
    const connecting = connectVoice({ url: 'ws://s', platform });
    await platform.clock.advance(10);
    const client = await connecting;
    client.show(camera());
    await platform.clock.advance(0);
    expect([client.pictures, client.press('1'), frames.length]).toEqual([{ sent: 0, dropped: 1 }, false, 1]);
    client.close();
  });

  it.each([0, 31, Number.NaN])('fps %d -> option_invalid', async (fps) => {
    const { client } = await call();
    expect(() => client.show(camera(), { fps })).toThrow(expect.objectContaining({ param: 'fps' }));
    client.close();
  });

  it('keys reach the server; what is no key -> option_invalid', async () => {
    const { client, platform, keys } = await call();
    expect(['1', '*'].map((key) => client.press(key as '1'))).toEqual([true, true]);
    await platform.clock.advance(0);
    expect(keys).toEqual(['1', '*']);
    expect(() => client.press('x' as '1')).toThrow(ReparteeError);
    client.close();
  });
});
