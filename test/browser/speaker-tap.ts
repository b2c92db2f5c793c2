import type { Page } from 'playwright-core';
import type { VoiceDiagnostics } from '../../src/client/index.js';

/** What went to a page's loudspeaker, sample by sample, by the audio context's own clock. */
export interface Tapped {
  /** Position of `samples[0]` on the audio clock. */
  firstFrame: number;
  samples: Float32Array;
}

declare global {
  interface Window {
    /** The page's own measurements; see web/src/main.ts. */
    readonly __repartee: { readonly diagnostics: VoiceDiagnostics | undefined };
    tapped: { frame: number; samples: Float32Array }[];
  }
}

/** Call before the page is opened: whatever the page connects to its loudspeaker is recorded as well. */
export async function tapSpeaker(page: Page): Promise<void> {
  await page.addInitScript(install);
}

/** Everything that was recorded so far. */
export async function tappedSamples(page: Page): Promise<Tapped> {
  const { firstFrame, base64 } = await page.evaluate(() => {
    const blocks = window.tapped;
    const bytes = blocks.flatMap(({ samples }) => [...new Uint8Array(samples.buffer)]);
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return { firstFrame: blocks[0]?.frame ?? 0, base64: btoa(binary) };
  });
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
  const taps = new Map<BaseAudioContext, AudioWorkletNode>();
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  const tapOf = (context: BaseAudioContext): AudioWorkletNode => {
    const known = taps.get(context);
    if (known !== undefined) return known;
    const tap = new AudioWorkletNode(context, 'tap');
    taps.set(context, tap);
    tap.port.onmessage = (message) => window.tapped.push(message.data);
    connect.call(tap, context.destination);
    return tap;
  };
  const { addModule } = Worklet.prototype;
  Worklet.prototype.addModule = async function (this: Worklet, url: string | URL) {
    await addModule.call(this, URL.createObjectURL(new Blob([recorder], { type: 'text/javascript' })));
    await addModule.call(this, url);
  };
  Object.defineProperty(AudioNode.prototype, 'connect', {
    value(this: AudioNode, to: AudioNode) {
      if (to instanceof AudioDestinationNode) connect.call(this, tapOf(this.context));
      return connect.call(this, to);
    },
  });
}
