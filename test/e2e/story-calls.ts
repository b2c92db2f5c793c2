import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Script } from '../../src/cascade/index.js';
import { Chromium, type MicrophoneFile, type PageOptions } from '../browser/chromium.js';
import { buildPage } from '../browser/page-server.js';
import { tappedSamples } from '../browser/speaker-tap.js';
import { type MicrophonePart, recordMicrophone } from './microphone.js';
import { artifacts, PageCall, type ShownLine } from './page-call.js';
import { nowMs, readPageClock } from './page-clock.js';
import { playedOf } from './played.js';
import { openScriptedStand, type ScriptedStand } from './scripted-stand.js';

const story =
  'Once there was a house by the sea, and in it lived a cat, and the cat had a friend, and the friend had a boat, and the boat had a hole, and every morning they went out to look for fish, and every evening they came back wet.';

const script: Script = {
  audioMsPerWord: 200,
  clausePauseMs: 30,
  turns: [
    { hears: 'Tell me a story.', says: story },
    { hears: 'Stop it now please.', says: 'Very well, I am silent.' },
  ],
};

/** What the issue allows, milliseconds. */
const silentWithinMs = 50;
const cutWithinMs = 20;

interface Stop {
  /** When the session said so. */
  decidedAtMs: number;
  by: string;
}

/** Calls to a scripted agent that tells a story until it is stopped; for the tests of one `describe`. `report`: a file among the artifacts. */
export function storyCalls(report: string) {
  let folder = '';
  let scratch = '';
  const measured: Record<string, unknown>[] = [];
  const open: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = await buildPage();
    scratch = await mkdtemp(join(tmpdir(), 'repartee-e2e-'));
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
  afterAll(async () => {
    if (measured.length > 0) {
      console.table(measured);
      await writeFile(join(artifacts, report), JSON.stringify(measured, null, 2));
    }
    for (const used of [folder, scratch]) await rm(used, { recursive: true, force: true });
  });

  async function callUp(
    options: MicrophoneFile & PageOptions = {},
  ): Promise<{ stand: ScriptedStand; call: PageCall; stop: Promise<Stop> }> {
    const stand = await openScriptedStand({ script, page: folder });
    open.push(stand.close);
    const chromium = await Chromium.launch(options);
    open.push(() => chromium.close());
    const call = await PageCall.open(chromium, stand.url, options);
    open.push(() => call.close());
    const called = stand.nextCall();
    await (options.microphone === 'denied' ? call.startWithoutMicrophone() : call.start());
    const { session } = await called;
    const stop = new Promise<Stop>((resolve) =>
      session.on('speech_interrupted', ({ by }) => resolve({ by, decidedAtMs: nowMs() })),
    );
    return { stand, call, stop };
  }

  /** Compares what was decided and told with what the loudspeaker did. */
  async function judge(
    name: 'voice' | 'button',
    stand: ScriptedStand,
    call: PageCall,
    stop: Stop,
  ): Promise<ShownLine[]> {
    const truncate = await stand.wire.first('conversation.item.truncate');
    const lines = await call.until('the cut on the page', (all) =>
      all.some((line) => line.kind === 'agent' && line.interrupted && line.final),
    );
    const clock = await readPageClock(call.page);
    const played = playedOf(stand.wire.audioOf(String(truncate.item_id)), await tappedSamples(call.page));
    const playedMs = played.samples / 24;
    const clear = (await call.page.evaluate(() => window.__repartee.diagnostics))?.lastClear;
    // The event comes when the decision has been carried out; the wire's word is what it was decided on.
    const wordAtMs = name === 'voice' ? stand.wire.lastSpeechStarted(stop.decidedAtMs) : Number.NaN;
    const result = {
      stop: name,
      "wire's word -> silence ms": rounded(clock.renderedAtMs(played.toFrame) - wordAtMs),
      'decision -> silence ms': rounded(clock.renderedAtMs(played.toFrame) - stop.decidedAtMs),
      '-> audible silence ms': rounded(clock.audibleAtMs(played.toFrame) - stop.decidedAtMs),
      'decision -> order at page ms': rounded((clear?.receivedAtMs ?? Number.NaN) - stop.decidedAtMs),
      'played ms': rounded(playedMs),
      'truncated at ms': Number(truncate.audio_end_ms),
    };
    measured.push(result);
    if (name === 'voice') expect(result["wire's word -> silence ms"]).toBeLessThanOrEqual(silentWithinMs);
    expect(result['decision -> silence ms']).toBeLessThanOrEqual(silentWithinMs);
    expect(Math.abs(result['truncated at ms'] - playedMs)).toBeLessThanOrEqual(cutWithinMs);

    const cut = lines.find((line) => line.kind === 'agent' && line.interrupted)!;
    expect(cut.struck).toBe(true);
    expect(cut.text.length).toBeGreaterThan(0);
    expect(`${cut.text} ${cut.rest}`.replaceAll(/\s+/g, ' ')).toBe(story);
    // This wire has no word times: the cut between the words is an estimate from the share of the audio.
    expect(Math.abs(cut.text.split(' ').length - playedMs / 200)).toBeLessThanOrEqual(4);
    return lines;
  }

  return {
    callUp,
    judge,
    /** Writes a microphone file for Chromium. */
    async record(parts: readonly MicrophonePart[]): Promise<string> {
      const file = join(scratch, 'caller.wav');
      await recordMicrophone(file, parts);
      return file;
    },
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
