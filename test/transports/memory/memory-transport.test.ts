import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Played, ReparteeError } from '../../../src/core/index.js';
import { drain, FakeClock } from '../../../src/testing/fake-clock.js';
import { MemoryTransport, type MemoryTransportOptions } from '../../../src/transports/memory/index.js';

// At 1 kHz a sample is a millisecond.
const rateHz = 1000;
const ramp = (count: number, from = 1) => Int16Array.from({ length: count }, (_, i) => from + i);

let clock: FakeClock;
let reports: string[];

async function started(options: MemoryTransportOptions = {}): Promise<MemoryTransport> {
  const transport = new MemoryTransport({ clock, sampleRateHz: rateHz, ...options });
  transport.output.onPlayback(({ phase, playedMs }) =>
    reports.push(`${clock.now()}: ${phase} ${Math.round(playedMs * 1000) / 1000}`),
  );
  await transport.start();
  return transport;
}

beforeEach(() => {
  clock = new FakeClock();
  reports = [];
});

describe('output', () => {
  it('plays in the time of the clock and reports its position', async () => {
    const { output } = await started();
    await clock.advance(500);
    output.write(ramp(250));
    output.flush();
    await clock.advance(1000);
    expect(reports).toEqual([
      '500: started 0',
      '600: position 100',
      '700: position 200',
      '750: finished 250',
    ]);
    expect(clock.pending).toBe(0);
  });

  it('keeps time at 24 kHz with chunks of any length', async () => {
    const transport = await started({ sampleRateHz: 24_000 });
    for (let i = 0; i < 50; i++) {
      transport.output.write(new Int16Array(471));
      await clock.advance(19.625);
    }
    transport.output.flush();
    await clock.advance(1);
    expect(transport.output.playedMs).toBeCloseTo(50 * 19.625, 6);
    expect(reports[0]).toBe('0: started 0');
    expect(reports.at(-1)).toMatch(/finished 981\.25$/);
    expect(reports.filter((report) => report.includes('started'))).toHaveLength(1);
  });

  it('counts no silence between utterances', async () => {
    const transport = await started();
    transport.output.write(ramp(30));
    await clock.advance(1000);
    transport.output.write(ramp(20, 100));
    await clock.advance(10);
    expect(transport.output.playedMs).toBe(40);
    expect([...transport.heard()]).toEqual([...ramp(30), ...ramp(10, 100)]);
    expect(reports).toEqual(['0: started 0', '1000: started 30']);
  });

  it('finishes an empty utterance', async () => {
    const { output } = await started();
    output.flush();
    await clock.advance(0);
    expect(reports).toEqual(['0: finished 0']);
  });

  it('clears at the exact sample and never plays the rest', async () => {
    const transport = await started();
    transport.output.write(ramp(500));
    transport.output.flush();
    await clock.advance(123);
    await expect(transport.output.clear()).resolves.toEqual({ playedMs: 123, estimated: false });
    await clock.advance(1000);
    expect([...transport.heard()]).toEqual([...ramp(123)]);
    transport.output.write(ramp(7, 900));
    await clock.advance(7);
    expect(transport.output.playedMs).toBe(130);
    expect([...transport.heard()].slice(123)).toEqual([...ramp(7, 900)]);
    expect(reports.filter((report) => report.includes('finished'))).toEqual([]);
  });

  it('clears what never began', async () => {
    const transport = await started();
    transport.output.write(ramp(500));
    await expect(transport.output.clear()).resolves.toEqual({ playedMs: 0, estimated: false });
    await clock.advance(1000);
    expect(reports).toEqual([]);
    expect(transport.heard()).toHaveLength(0);
  });
});

describe('a far end that is slow to clear', () => {
  it('plays on until it obeys, and answers with what it really played', async () => {
    const transport = await started({ clearAfterMs: 80 });
    transport.output.write(ramp(500));
    await clock.advance(100);
    const cleared = transport.output.clear();
    transport.output.write(ramp(20, 900));
    transport.output.flush();
    await clock.advance(80);
    await expect(cleared).resolves.toEqual({ playedMs: 180, estimated: false });
    await clock.advance(100);
    expect([...transport.heard()]).toEqual([...ramp(180), ...ramp(20, 900)]);
    expect(reports.at(-1)).toBe('200: finished 200');
  });

  it('gives a second clear the same answer and drops what was written between', async () => {
    const transport = await started({ clearAfterMs: 50 });
    transport.output.write(ramp(500));
    await clock.advance(100);
    const first = transport.output.clear();
    transport.output.write(ramp(10, 900));
    const second = transport.output.clear();
    await clock.advance(500);
    expect(await Promise.all([first, second])).toEqual([
      { playedMs: 150, estimated: false },
      { playedMs: 150, estimated: false },
    ]);
    expect(transport.heard()).toHaveLength(150);
  });

  it.each([
    { clearAfterMs: 301, heard: 401 },
    { clearAfterMs: 'never' as const, heard: 100 },
  ])('gets no more than 300 ms, then an estimate ($clearAfterMs)', async ({ clearAfterMs, heard }) => {
    const transport = await started({ clearAfterMs });
    transport.output.write(ramp(1000));
    await clock.advance(100);
    let answer: Played | undefined;
    void transport.output.clear().then((played) => {
      answer = played;
    });
    await clock.advance(299);
    expect(answer).toBeUndefined();
    await clock.advance(1);
    expect(answer).toEqual({ playedMs: 100, estimated: true });
    await clock.advance(1000);
    expect(transport.heard()).toHaveLength(heard);
    // The line goes on at the position that was given.
    reports = [];
    transport.output.write(ramp(10));
    transport.output.flush();
    await clock.advance(10);
    expect(reports).toEqual(['1400: started 100', '1410: finished 110']);
  });

  it.each([80, 400, 'never' as const])(
    'answers with an estimate when the transport closes (%s)',
    async (clearAfterMs) => {
      const transport = await started({ clearAfterMs });
      transport.output.write(ramp(1000));
      await clock.advance(100);
      const cleared = transport.output.clear();
      await transport.close();
      await expect(cleared).resolves.toEqual({ playedMs: 100, estimated: true });
      expect(clock.pending).toBe(0);
    },
  );
});

describe('input', () => {
  let frames: { atMs: number; pcm: number[] }[];
  const listen = (transport: MemoryTransport) => {
    frames = [];
    transport.input.onAudio((pcm) => frames.push({ atMs: clock.now(), pcm: [...pcm] }));
  };

  it('arrives frame by frame, when each was spoken, one utterance after another', async () => {
    const transport = await started({ inputSampleRateHz: 100, frameMs: 50 });
    expect(transport.input.sampleRateHz).toBe(100);
    listen(transport);
    let said = 0;
    void transport.say(ramp(7)).then(() => said++);
    void transport.say(ramp(2, 20)).then(() => said++);
    await clock.advance(50);
    expect(said).toBe(0);
    await clock.advance(100);
    expect(frames).toEqual([
      { atMs: 50, pcm: [1, 2, 3, 4, 5] },
      { atMs: 90, pcm: [6, 7, 20, 21] },
    ]);
    expect(said).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('is silence between words with an open microphone', async () => {
    const transport = await started({ inputSampleRateHz: 100, frameMs: 20, openMic: true });
    listen(transport);
    await clock.advance(40);
    const said = transport.say(Int16Array.of(1, 2, 3));
    await clock.advance(60);
    await said;
    expect(frames.map(({ pcm }) => pcm)).toEqual([
      [0, 0],
      [0, 0],
      [1, 2],
      [3, 0],
      [0, 0],
    ]);
    await transport.close();
    expect(clock.pending).toBe(0);
  });

  it('pauses audibly', async () => {
    const transport = await started({ inputSampleRateHz: 100 });
    listen(transport);
    const paused = transport.pause(30);
    await clock.advance(30);
    await paused;
    expect(frames.flatMap(({ pcm }) => pcm)).toEqual([0, 0, 0]);
  });

  it('is refused before the start and lost after the end', async () => {
    const transport = new MemoryTransport({ clock });
    expect(() => transport.say(ramp(1))).toThrow(expect.objectContaining({ code: 'not_started' }));
    await transport.start();
    listen(transport);
    const cut = transport.say(ramp(10_000));
    await transport.close();
    await cut;
    await transport.say(ramp(10));
    await clock.advance(1000);
    expect(frames).toEqual([]);
  });
});

describe('without real time', () => {
  it('hears at once and counts what is written as played', async () => {
    const transport = await started({ realTime: false, frameMs: 10 });
    const frames: number[] = [];
    transport.input.onAudio((pcm) => frames.push(pcm.length));
    await transport.say(ramp(25));
    expect(frames).toEqual([10, 10, 5]);
    transport.output.write(ramp(150));
    transport.output.flush();
    expect(reports).toEqual([]);
    await drain();
    expect(reports).toEqual(['0: started 0', '0: position 150', '0: finished 150']);
    await expect(transport.output.clear()).resolves.toEqual({ playedMs: 150, estimated: false });
    expect(transport.heard()).toEqual(ramp(150));
    expect(clock.pending).toBe(0);
  });

  it('keeps nothing if told so', async () => {
    const transport = await started({ realTime: false, keepHeard: false });
    transport.output.write(ramp(150));
    expect(transport.heard()).toHaveLength(0);
    expect(transport.output.playedMs).toBe(150);
  });
});

describe('data', () => {
  it('goes both ways until the close', async () => {
    const transport = await started();
    const got: unknown[] = [];
    transport.data.onMessage((message) => got.push(message));
    transport.data.send({ caption: 'hello' });
    transport.data.receive({ text: 'hi' });
    await transport.close();
    transport.data.send({ caption: 'late' });
    transport.data.receive({ text: 'late' });
    expect(transport.data.sent).toEqual([{ caption: 'hello' }]);
    expect(got).toEqual([{ text: 'hi' }]);
  });
});

describe('life', () => {
  let closed: (ReparteeError | undefined)[];
  afterEach(() => expect(closed).toHaveLength(1));
  const watch = (transport: MemoryTransport) => {
    closed = [];
    transport.onClosed((error) => closed.push(error));
  };

  it('starts once, closes as often as wanted, tells once', async () => {
    const transport = await started();
    watch(transport);
    await expect(transport.start()).rejects.toMatchObject({ code: 'already_started' });
    transport.output.write(ramp(100));
    await transport.close();
    await transport.close();
    transport.output.write(ramp(100));
    transport.output.flush();
    await clock.advance(1000);
    await expect(transport.start()).rejects.toMatchObject({ code: 'closed' });
    expect(closed).toEqual([undefined]);
    expect(reports).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('ends with an error when more than ten minutes wait', async () => {
    const transport = await started();
    watch(transport);
    transport.output.write(ramp(600_000));
    transport.output.write(ramp(1));
    expect(closed).toMatchObject([{ code: 'transport_overflow' }]);
  });

  it.each([{ sampleRateHz: 0 }, { inputSampleRateHz: -1 }, { frameMs: Number.NaN }, { clearAfterMs: -1 }])(
    'refuses %o',
    (options) => {
      closed = [undefined];
      expect(() => new MemoryTransport({ clock, ...options })).toThrow(
        expect.objectContaining({ code: 'option_invalid', param: Object.keys(options)[0] }),
      );
    },
  );
});
