import type { Page } from 'playwright-core';
import type { VoiceDiagnostics } from '../../src/client/index.js';

/** A stretch of sound, sample by sample, by the audio context's own clock. */
export interface Tapped {
  /** Position of `samples[0]` on the audio clock. */
  firstFrame: number;
  samples: Float32Array;
}

/** Where the audio clock stood at some time of the page, milliseconds since the epoch. */
export interface ClockReading {
  atMs: number;
  /** Seconds of the audio clock that are rendered. */
  renderedSeconds: number;
  /** Seconds that leave the loudspeaker at `audibleAtMs`, by the browser's own account of its output. */
  audibleSeconds: number;
  audibleAtMs: number;
}

declare global {
  interface Window {
    /** The page's own measurements; see web/src/main.ts. */
    readonly __repartee: { readonly diagnostics: VoiceDiagnostics | undefined };
    /** What went to the loudspeaker. */
    tapped: { frame: number; samples: Float32Array }[];
    /** What came from the microphone, as the page's own script gets it. */
    tappedMicrophone: { frame: number; samples: Float32Array }[];
    /** Of the audio clock, every few milliseconds. */
    clockReadings: ClockReading[];
  }
}

/**
 * Call before the page is opened: whatever the page connects to its loudspeaker is recorded as well, and what comes out of
 * its microphone, both by the same clock.
 */
export async function tapSpeaker(page: Page): Promise<void> {
  await page.addInitScript(install);
}

/** Everything of the loudspeaker that was recorded so far. */
export async function tappedSamples(page: Page): Promise<Tapped> {
  return recorded(page, 'tapped');
}

/** All readings of the audio clock so far. */
export function clockReadings(page: Page): Promise<ClockReading[]> {
  return page.evaluate(() => window.clockReadings);
}

/** Everything of the microphone that was recorded so far. */
export async function tappedMicrophone(page: Page): Promise<Tapped> {
  return recorded(page, 'tappedMicrophone');
}

async function recorded(page: Page, list: 'tapped' | 'tappedMicrophone'): Promise<Tapped> {
  const { firstFrame, base64 } = await page.evaluate((name) => {
    const blocks = window[name];
    const all = new Float32Array(blocks.reduce((sum, { samples }) => sum + samples.length, 0));
    let at = 0;
    for (const { samples } of blocks) {
      all.set(samples, at);
      at += samples.length;
    }
    const bytes = new Uint8Array(all.buffer);
    const pieces: string[] = [];
    for (let from = 0; from < bytes.length; from += 8192) {
      pieces.push(String.fromCharCode(...bytes.subarray(from, from + 8192)));
    }
    return { firstFrame: blocks[0]?.frame ?? 0, base64: btoa(pieces.join('')) };
  }, list);
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return { firstFrame, samples: new Float32Array(bytes.buffer) };
}

/** Runs inside the page, before any script of it. */
function install(): void {
  const recorder = `registerProcessor('tap', class extends AudioWorkletProcessor {
    process(inputs) {
      const samples = inputs[0][0] ? inputs[0][0].slice() : new Float32Array(128);
      this.port.postMessage({ frame: currentFrame, samples }, [samples.buffer]);
      return true;
    }
  })`;
  window.tapped = [];
  window.tappedMicrophone = [];
  window.clockReadings = [];
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  const tapsInto = (list: 'tapped' | 'tappedMicrophone') => {
    const taps = new Map<BaseAudioContext, AudioWorkletNode>();
    return (context: BaseAudioContext): AudioWorkletNode => {
      const known = taps.get(context);
      if (known !== undefined) return known;
      const tap = new AudioWorkletNode(context, 'tap');
      taps.set(context, tap);
      tap.port.onmessage = (message) => window[list].push(message.data);
      connect.call(tap, context.destination);
      return tap;
    };
  };
  const speakerTap = tapsInto('tapped');
  const microphoneTap = tapsInto('tappedMicrophone');
  let clock: AudioContext | undefined;
  const readClock = (context: AudioContext) => {
    if (clock === undefined) setInterval(read, 10);
    clock = context;
  };
  const read = () => {
    if (clock?.state !== 'running') return;
    const { contextTime = 0, performanceTime = 0 } = clock.getOutputTimestamp();
    window.clockReadings.push({
      atMs: performance.timeOrigin + performance.now(),
      renderedSeconds: clock.currentTime,
      audibleSeconds: contextTime,
      audibleAtMs: performance.timeOrigin + performanceTime,
    });
  };
  const { addModule } = Worklet.prototype;
  Worklet.prototype.addModule = async function (this: Worklet, url: string | URL) {
    await addModule.call(this, URL.createObjectURL(new Blob([recorder], { type: 'text/javascript' })));
    await addModule.call(this, url);
  };
  Object.defineProperty(AudioNode.prototype, 'connect', {
    value(this: AudioNode, to: AudioNode) {
      if (this.context instanceof AudioContext) readClock(this.context);
      if (to instanceof AudioDestinationNode) connect.call(this, speakerTap(this.context));
      if (this instanceof MediaStreamAudioSourceNode) connect.call(this, microphoneTap(this.context));
      return connect.call(this, to);
    },
  });
}
