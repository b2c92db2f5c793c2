import { describe, expect, it } from 'vitest';
import type { PlaybackReport, Played } from '../../../src/core/index.js';
import { hello, openPair, pagePair } from './fake-page.js';

const audio = (samples: number) => new Uint8Array(samples * 2);
const errorOf = (run: Promise<unknown>) =>
  run.then(
    () => undefined,
    (error) => error,
  );

describe('opening', () => {
  it('hello, then start -> welcome, the rates of the page', async () => {
    const { page, transport, clock } = pagePair();
    await page.say(hello);
    expect(page.got).toEqual([]);
    await transport.start();
    await clock.advance(0);
    expect(page.got).toEqual([{ type: 'welcome', version: 1 }]);
    expect([transport.input.sampleRateHz, transport.output.sampleRateHz]).toEqual([16_000, 24_000]);
    await transport.close();
  });

  it('start, then hello -> started; data sent before goes out behind the welcome', async () => {
    const { page, transport, clock } = pagePair();
    transport.data?.send({ type: 'hello', model: 'm' });
    const started = transport.start();
    expect(() => transport.output.write(new Int16Array(1))).toThrow(/start\(\)/);
    await page.say(hello);
    await started;
    await clock.advance(0);
    expect(page.got).toEqual([
      { type: 'welcome', version: 1 },
      { type: 'data', message: { type: 'hello', model: 'm' } },
    ]);
    await transport.close();
  });

  it('no hello in time -> transport_lost, page told and closed', async () => {
    const { page, transport, clock, ends } = pagePair();
    const failed = errorOf(transport.start());
    await clock.advance(10_000);
    expect(await failed).toMatchObject({ code: 'transport_lost' });
    expect(page.got).toMatchObject([{ type: 'error', code: 'transport_lost' }]);
    expect(page.closed).toMatchObject({ code: 1002 });
    expect(ends).toMatchObject([{ code: 'transport_lost' }]);
    expect(clock.pending).toBe(0);
  });

  it('a page of another version -> told to reload', async () => {
    const { page, transport } = pagePair();
    const failed = errorOf(transport.start());
    await page.say({ ...hello, version: 2 });
    expect((await failed).message).toMatch(/reload the page/);
    expect(page.closed?.code).toBe(1002);
  });

  it('the page leaves before hello -> start rejects', async () => {
    const { page, transport } = pagePair();
    const failed = errorOf(transport.start());
    page.socket.close(1001);
    expect(await failed).toMatchObject({ code: 'transport_lost' });
  });

  it('start twice -> already_started; start after the end -> transport_lost', async () => {
    const { transport, page, clock } = await openPair();
    expect(await errorOf(transport.start())).toMatchObject({ code: 'already_started' });
    page.socket.close();
    await clock.advance(0);
    expect(await errorOf(transport.start())).toMatchObject({ code: 'transport_lost' });
  });
});

describe('audio and data', () => {
  it('the microphone arrives as samples that may be kept', async () => {
    const { page, transport } = await openPair();
    const heard: Int16Array[] = [];
    transport.input.onAudio((pcm) => heard.push(pcm));
    const bytes = new Uint8Array([1, 0, 255, 255]);
    await page.sendRaw(bytes);
    bytes.fill(9);
    expect(heard).toEqual([Int16Array.of(1, -1)]);
    await transport.close();
  });

  it('writes go out in frames of at most 100 ms, at most the lead ahead', async () => {
    const { page, transport, clock } = await openPair({ leadMs: 250 });
    transport.output.write(new Int16Array(24_000));
    await clock.advance(0);
    expect(page.got).toEqual([2400, 2400, 1200]);
    await page.say({ type: 'played', phase: 'position', playedSamples: 1200 });
    expect(page.got).toEqual([2400, 2400, 1200, 1200]);
    await transport.close();
  });

  it('what the page plays is reported; finished after the last flush', async () => {
    const { page, transport, clock } = await openPair();
    const reports: PlaybackReport[] = [];
    transport.output.onPlayback((report) => reports.push(report));
    transport.output.write(new Int16Array(4800));
    transport.output.flush();
    await page.say({ type: 'played', phase: 'started', playedSamples: 0 });
    await page.say({ type: 'played', phase: 'position', playedSamples: 2400 });
    await page.say({ type: 'played', phase: 'finished', playedSamples: 4800, flush: 1 });
    await clock.advance(0);
    expect(page.got).toEqual([2400, 2400, { type: 'flush', id: 1 }]);
    expect(reports).toEqual([
      { phase: 'started', playedMs: 0 },
      { phase: 'position', playedMs: 100 },
      { phase: 'finished', playedMs: 200 },
    ]);
    await transport.close();
  });

  it('clear -> the exact answer of the page', async () => {
    const { page, transport, clock } = await openPair();
    transport.output.write(new Int16Array(24_000));
    const clearing = transport.output.clear();
    transport.output.write(new Int16Array(240));
    await clock.advance(0);
    expect(page.got.slice(-2)).toEqual([{ type: 'clear', id: 1 }, 240]);
    await page.say({ type: 'cleared', id: 1, playedSamples: 1201 });
    expect(await clearing).toEqual({ playedMs: 1201 / 24, estimated: false });
    await transport.close();
  });

  it('clear, page mute for 300 ms -> an estimate that says so', async () => {
    const { page, transport, clock } = await openPair();
    transport.output.write(new Int16Array(24_000));
    await page.say({ type: 'played', phase: 'position', playedSamples: 2400 });
    await clock.advance(50);
    const settled: Played[] = [];
    void transport.output.clear().then((played) => settled.push(played));
    await clock.advance(299);
    expect(settled).toEqual([]);
    await clock.advance(1);
    expect(settled).toEqual([{ playedMs: 150, estimated: true }]);
    await transport.close();
  });

  it('clear, then the page is lost -> an estimate, not a wait', async () => {
    const { page, transport } = await openPair();
    transport.output.write(new Int16Array(24_000));
    const clearing = transport.output.clear();
    page.socket.cut();
    expect(await clearing).toEqual({ playedMs: 0, estimated: true });
    expect(await transport.output.clear()).toEqual({ playedMs: 0, estimated: true });
  });

  it('data both ways; a ping is answered', async () => {
    const { page, transport, clock } = await openPair();
    const messages: Record<string, unknown>[] = [];
    transport.data?.onMessage((message) => messages.push(message));
    await page.say({ type: 'data', message: { type: 'text', text: 'hi' } });
    transport.data?.send({ type: 'state', agent: 'listening' });
    await page.say({ type: 'ping', id: 4 });
    await clock.advance(0);
    expect(messages).toEqual([{ type: 'text', text: 'hi' }]);
    expect(page.got).toEqual([
      { type: 'data', message: { type: 'state', agent: 'listening' } },
      { type: 'pong', id: 4 },
    ]);
    await transport.close();
  });

  it('more than may wait -> what came last is dropped, one notice', async () => {
    const { page, transport, clock, notices } = await openPair({ leadMs: 100, maxQueuedMs: 1000 });
    for (let i = 0; i < 20; i++) transport.output.write(new Int16Array(2400));
    await clock.advance(0);
    expect(notices).toEqual(['transport_overflow']);
    expect(page.got).toEqual([2400]);
    await transport.close();
  });
});

describe('what a page may not do', () => {
  const garbage: [what: string, frame: string | Uint8Array, code: string][] = [
    ['not JSON', 'hello?', 'frame_malformed'],
    ['a wrong type', '{"type":"ping","id":"1"}', 'frame_malformed'],
    ['an unknown message', '{"type":"sing"}', 'event_unknown'],
    ['an odd number of bytes', new Uint8Array(641), 'audio_malformed'],
    ['no bytes', new Uint8Array(0), 'audio_malformed'],
    ['a second hello', JSON.stringify(hello), 'frame_malformed'],
  ];

  it.each(garbage)('%s -> an error message, the session goes on', async (_, frame, code) => {
    const { page, transport, notices } = await openPair();
    let heard = 0;
    transport.input.onAudio((pcm) => (heard += pcm.length));
    await page.sendRaw(frame);
    expect(page.got).toMatchObject([{ type: 'error', code }]);
    expect(notices).toEqual([code]);
    await page.sendRaw(audio(320));
    expect(heard).toBe(320);
    await transport.close();
  });

  it('garbage without end -> closed with 1008', async () => {
    const { page, ends } = await openPair();
    for (let i = 0; i < 30; i++) await page.sendRaw('{');
    expect(page.closed).toMatchObject({ code: 1008 });
    expect(ends).toMatchObject([{ code: 'transport_overflow' }]);
    expect(page.got.length).toBeLessThan(30);
  });

  it.each([
    ['text', 'x'.repeat(70_000)],
    ['audio', audio(50_000)],
  ])('%s over the limit -> closed with 1009', async (_, frame) => {
    const { page, ends } = await openPair();
    await page.sendRaw(frame);
    expect(page.closed).toMatchObject({ code: 1009 });
    expect(ends).toMatchObject([{ code: 'frame_too_large' }]);
  });

  it('audio far faster than time -> dropped, then closed', async () => {
    const { page, transport } = await openPair();
    let heardMs = 0;
    transport.input.onAudio((pcm) => (heardMs += pcm.length / 16));
    for (let i = 0; i < 100; i++) await page.sendRaw(audio(16_000));
    expect(heardMs).toBe(15_000);
    expect(page.closed).toMatchObject({ code: 1008, reason: expect.stringMatching(/faster than time/) });
  });

  it('a burst after a stall of the network is heard', async () => {
    const { page, transport, clock } = await openPair();
    let heardMs = 0;
    transport.input.onAudio((pcm) => (heardMs += pcm.length / 16));
    for (let round = 0; round < 20; round++) {
      await clock.advance(10_000);
      for (let i = 0; i < 10; i++) await page.sendRaw(audio(16_000));
    }
    expect(heardMs).toBe(200_000);
    await transport.close();
  });

  it('messages without end -> closed with 1008', async () => {
    const { page } = await openPair();
    for (let i = 0; i < 600; i++) await page.sendRaw('{"type":"data","message":{}}');
    expect(page.closed).toMatchObject({ code: 1008, reason: expect.stringMatching(/too many messages/) });
  });

  it('a listener that throws is not held against the page', async () => {
    const { page, transport, notices } = await openPair();
    transport.data?.onMessage(() => {
      throw new Error('mine');
    });
    await page.say({ type: 'data', message: {} });
    expect(notices).toEqual(['listener_threw']);
    expect(page.got).toEqual([]);
    await transport.close();
  });
});

describe('ending', () => {
  it('close -> the page is told; onClosed without an error, once; nothing is left over', async () => {
    const { page, transport, clock, ends } = await openPair();
    await transport.close('bye');
    await transport.close();
    expect(page.closed).toMatchObject({ code: 1000, reason: 'bye' });
    expect(ends).toEqual([undefined]);
    transport.output.write(new Int16Array(240));
    transport.output.flush();
    transport.data?.send({});
    expect(page.got).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it.each([
    [1000, undefined],
    [1001, undefined],
    [4000, { code: 'transport_lost', vendorCode: '4000', retryable: true }],
  ])('the page closes with %d', async (closeCode, expected) => {
    const { page, clock, ends } = await openPair();
    page.socket.close(closeCode);
    await clock.advance(0);
    expect(ends).toHaveLength(1);
    if (expected === undefined) expect(ends[0]).toBeUndefined();
    else expect(ends[0]).toMatchObject(expected);
  });

  it('the network breaks -> transport_lost; told late as well', async () => {
    const { page, transport, clock, ends } = await openPair();
    page.socket.cut();
    await clock.advance(0);
    expect(ends).toMatchObject([{ code: 'transport_lost', vendorCode: '1006' }]);
    let late: unknown;
    transport.onClosed((error) => {
      late = error;
    });
    await clock.advance(0);
    expect(late).toBe(ends[0]);
  });

  it('a page that says nothing for 20 s -> transport_lost; one that pings stays', async () => {
    const { page, clock, ends } = await openPair();
    for (let i = 0; i < 12; i++) {
      await clock.advance(5_000);
      await page.say({ type: 'ping', id: i });
    }
    expect(ends).toEqual([]);
    await clock.advance(20_000);
    expect(ends).toMatchObject([{ code: 'transport_lost' }]);
    expect(clock.pending).toBe(0);
  });

  it('an option that is no time -> option_invalid', () => {
    expect(() => pagePair({ leadMs: 0 })).toThrow(/leadMs/);
    expect(() => pagePair({ clearTimeoutMs: Number.NaN })).toThrow(/clearTimeoutMs/);
  });
});
