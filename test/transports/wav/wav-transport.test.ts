import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeWav, levelOf, parseWav } from '../../../src/audio/index.js';
import type { ReparteeError } from '../../../src/core/index.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import { createWavTransport, type WavTransportOptions } from '../../../src/transports/wav/index.js';
import { tone } from '../../audio/tone.js';

let folder: string;
let input: string;
let output: string;
const ramp = (count: number, from = 1) => Int16Array.from({ length: count }, (_, i) => from + i);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'repartee-wav-'));
  input = join(folder, 'caller.wav');
  output = join(folder, 'call.wav');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function transportFor(options: Partial<WavTransportOptions> = {}) {
  const transport = createWavTransport({ input, output, speed: 'max', trailingSilenceMs: 0, ...options });
  const reports: string[] = [];
  const frames: Int16Array[] = [];
  const closed: (ReparteeError | undefined)[] = [];
  transport.output.onPlayback(({ phase, playedMs }) => reports.push(`${phase} ${playedMs}`));
  transport.input.onAudio((pcm) => frames.push(pcm));
  transport.onClosed((error) => closed.push(error));
  return { transport, reports, frames, closed };
}

async function recording() {
  const { pcm, sampleRateHz, channels } = parseWav(new Uint8Array(await readFile(output)));
  expect(channels).toBe(2);
  const line = (channel: number) =>
    Int16Array.from({ length: pcm.length / 2 }, (_, i) => pcm[2 * i + channel]!);
  return { sampleRateHz, left: line(0), right: line(1) };
}

const put = (pcm: Int16Array, sampleRateHz = 24_000, channels = 1) =>
  writeFile(input, encodeWav({ pcm, sampleRateHz, channels }));

describe('at full speed', () => {
  it('hands over the file in frames, then silence, and records both sides in step', async () => {
    await put(ramp(1000));
    const { transport, frames, reports, closed } = transportFor({ trailingSilenceMs: 40 });
    await transport.start();
    expect(transport.input.sampleRateHz).toBe(24_000);
    transport.output.write(ramp(720, 5000));
    transport.output.flush();
    await expect(transport.finished).resolves.toBeUndefined();

    expect(frames.map((frame) => frame.length)).toEqual([480, 480, 480, 480, 40]);
    const { left, right, sampleRateHz } = await recording();
    expect(sampleRateHz).toBe(24_000);
    expect([...left]).toEqual([...ramp(1000), ...new Int16Array(960)]);
    expect([...right]).toEqual([...ramp(720, 5000), ...new Int16Array(1240)]);
    expect(reports).toEqual(['started 0', 'finished 30']);
    expect(closed).toEqual([undefined]);
  });

  it('plays an answer from the frame after the one that caused it', async () => {
    await put(ramp(2400));
    const { transport, frames } = transportFor();
    transport.input.onAudio((frame) => {
      frames.push(frame);
      if (frames.length === 2) transport.output.write(ramp(480, 9000));
    });
    await transport.start();
    await transport.finished;
    const { right } = await recording();
    expect(right.findIndex((sample) => sample !== 0)).toBe(960);
  });

  it('honours a barge-in at the sample, and the record shows the cut', async () => {
    await put(ramp(4800));
    const { transport, frames } = transportFor();
    const played: unknown[] = [];
    transport.input.onAudio((frame) => {
      frames.push(frame);
      if (frames.length === 1) transport.output.write(ramp(4000, 5000));
      if (frames.length === 4) {
        void transport.output.clear().then((answer) => played.push(answer));
        transport.output.write(ramp(100, 20_000));
      }
    });
    await transport.start();
    await transport.finished;
    expect(played).toEqual([{ playedMs: 60, estimated: false }]);
    const { right } = await recording();
    const expected = new Int16Array(4800);
    expected.set(ramp(1440, 5000), 480);
    expected.set(ramp(100, 20_000), 1920);
    expect(right).toEqual(expected);
  });

  it('goes on until what was written is played', async () => {
    await put(ramp(480));
    const { transport, reports } = transportFor();
    await transport.start();
    transport.output.write(ramp(24_000));
    transport.output.flush();
    await transport.finished;
    const { left, right } = await recording();
    expect(right).toEqual(ramp(24_000));
    expect(left).toHaveLength(24_000);
    expect(reports.at(-1)).toBe('finished 1000');
  });

  it('moves the clock of the session by its pace', async () => {
    await put(ramp(24_000));
    const clock = new FakeClock();
    const { transport } = transportFor({ clock, pace: (positionMs) => clock.advanceTo(positionMs) });
    clock.at(500, () => transport.output.write(ramp(100, 7000)));
    await transport.start();
    await transport.finished;
    expect(clock.now()).toBe(1000);
    const { right } = await recording();
    // Written when the frame to 500 ms was due, so within it.
    expect(right.findIndex((sample) => sample !== 0)).toBe(480 * 24);
  });

  it('keeps both sides aligned where three rates meet', async () => {
    const second = tone(1000, 44_100, 44_100);
    const stereo = Int16Array.from({ length: 88_200 }, (_, i) => second[i >> 1]!);
    await put(stereo, 44_100, 2);
    const { transport, frames } = transportFor({ inputSampleRateHz: 16_000, sampleRateHz: 8000 });
    await transport.start();
    expect(transport.input.sampleRateHz).toBe(16_000);
    transport.output.write(tone(1000, 8000, 8000));
    await transport.finished;
    expect(frames.reduce((sum, frame) => sum + frame.length, 0)).toBe(16_000);
    const { left, right } = await recording();
    expect(left).toHaveLength(8000);
    expect(right).toHaveLength(8000);
    const difference = left.map((sample, i) => sample - right[i]!).subarray(100, 7900);
    expect(levelOf(right).rmsDbfs - levelOf(difference).rmsDbfs).toBeGreaterThan(55);
  });

  it('needs no recording', async () => {
    await put(ramp(480));
    const transport = createWavTransport({ input, speed: 'max', trailingSilenceMs: 20 });
    await transport.start();
    await expect(transport.finished).resolves.toBeUndefined();
  });
});

describe('at real speed', () => {
  it('delivers each frame when the clock has reached its end', async () => {
    await put(ramp(1440));
    const clock = new FakeClock();
    const { transport } = transportFor({ speed: 'real', clock });
    const times: number[] = [];
    transport.input.onAudio(() => times.push(clock.now()));
    await transport.start();
    for (let i = 0; i < 200 && times.length < 3; i++) await clock.advance(1);
    await transport.finished;
    expect(times).toEqual([20, 40, 60]);
    expect((await recording()).left).toEqual(ramp(1440));
  });

  it('closes in the middle of a wait, with what was recorded by then', async () => {
    await put(ramp(24_000));
    const clock = new FakeClock();
    const { transport, closed } = transportFor({ speed: 'real', clock });
    await transport.start();
    for (let i = 0; i < 50; i++) await clock.advance(1);
    await Promise.all([transport.close(), transport.close()]);
    expect((await recording()).left).toEqual(ramp(960));
    expect(closed).toEqual([undefined]);
    expect(clock.pending).toBe(0);
    transport.output.write(ramp(10));
    transport.output.flush();
  });
});

describe('life', () => {
  it('starts once', async () => {
    await put(ramp(480));
    const { transport } = transportFor();
    expect(() => transport.input.sampleRateHz).toThrow(expect.objectContaining({ code: 'not_started' }));
    await transport.start();
    await expect(transport.start()).rejects.toMatchObject({ code: 'already_started' });
    await transport.close();
    await expect(transport.start()).rejects.toMatchObject({ code: 'closed' });
  });

  it('can be closed before and while it starts', async () => {
    await put(ramp(480));
    const early = transportFor();
    await early.transport.close();
    await expect(early.transport.start()).rejects.toMatchObject({ code: 'closed' });
    const during = transportFor();
    const start = during.transport.start();
    const close = during.transport.close();
    await expect(start).rejects.toMatchObject({ code: 'closed' });
    await close;
    expect(during.closed).toEqual([undefined]);
  });

  it('ends with an error when the file breaks off', async () => {
    const bytes = encodeWav({ pcm: ramp(2400), sampleRateHz: 24_000, channels: 1 });
    await writeFile(input, bytes.subarray(0, 44 + 960));
    const { transport, closed } = transportFor();
    await transport.start();
    await expect(transport.finished).resolves.toMatchObject({ name: 'WireError', code: 'wav_malformed' });
    expect(closed).toMatchObject([{ code: 'wav_malformed' }]);
    expect((await recording()).left).toEqual(ramp(480));
  });

  it('ends with an error when the agent writes without measure', async () => {
    await put(ramp(4800));
    const { transport } = transportFor();
    await transport.start();
    transport.output.write(new Int16Array(24_000 * 600));
    transport.output.write(new Int16Array(1));
    await expect(transport.finished).resolves.toMatchObject({ code: 'transport_overflow' });
  });

  it.each<[string, Partial<WavTransportOptions>, string]>([
    ['no such file', { input: '/nowhere/caller.wav' }, 'file_unreadable'],
    ['a folder', { input: tmpdir() }, 'file_unreadable'],
    ['no place for the recording', { output: '/nowhere/call.wav' }, 'file_unwritable'],
    ['a rate that cannot be made', { inputSampleRateHz: 12_345 }, 'option_invalid'],
  ])('refuses %s', async (_, options, code) => {
    await put(ramp(480));
    const { transport, closed } = transportFor(options);
    await expect(transport.start()).rejects.toMatchObject({ name: 'ConfigError', code });
    expect(closed).toMatchObject([{ code }]);
  });

  it('names the file that is no WAV', async () => {
    await writeFile(input, 'this is a letter, not a recording');
    const { transport } = transportFor();
    await expect(transport.start()).rejects.toMatchObject({
      code: 'wav_malformed',
      message: expect.stringContaining('caller.wav'),
    });
  });

  it.each([{ frameMs: 0 }, { sampleRateHz: Number.NaN }])('refuses %o', (options) => {
    expect(() => transportFor(options)).toThrow(expect.objectContaining({ code: 'option_invalid' }));
  });
});
