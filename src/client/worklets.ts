import type { createCaptureCore } from './capture-core.js';
import type { createPlaybackCore, PlaybackEvent } from './playback-core.js';

/** The globals of an AudioWorklet that are used here; the DOM's type library leaves them out. */
declare const sampleRate: number;
declare const currentFrame: number;
declare const registerProcessor: (name: string, processor: unknown) => void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

export const playbackProcessorName = 'repartee-playback';
export const captureProcessorName = 'repartee-capture';

/** To the playback worklet. An ArrayBuffer is PCM16 at the context's rate. */
export type PlaybackCommand =
  | ArrayBuffer
  | { t: 'flush'; id: number }
  | { t: 'clear'; id: number }
  /** Forgets everything and counts from zero; later reports carry this number. */
  | { t: 'session'; session: number };

/** From the playback worklet. `frame` is a position on the audio context's own clock, in samples. */
export type PlaybackReport = { session: number } & (
  | PlaybackEvent
  | { t: 'cleared'; id: number; playedSamples: number; frame: number }
  /** The first render quantum after a `clear` that is silent from its last sample on. */
  | { t: 'silent'; frame: number }
);

export interface CaptureReport {
  pcm: Int16Array;
  level: number;
}

/*
 * The two functions below run inside the AudioWorklet, where only their own text arrives (see `worklet-source.ts`): they use
 * what they are given and the worklet's globals, nothing else of this module.
 */

export function playbackProcessor(name: string, createCore: typeof createPlaybackCore): void {
  const newCore = () =>
    createCore({
      sampleRateHz: sampleRate,
      maxSamples: sampleRate * 30,
      prebufferSamples: Math.floor(sampleRate / 50),
    });

  registerProcessor(
    name,
    class extends AudioWorkletProcessor {
      core = newCore();
      session = 0;
      cleared = false;

      constructor() {
        super();
        this.port.onmessage = (message: MessageEvent<PlaybackCommand>) => this.command(message.data);
      }

      command(command: PlaybackCommand): void {
        if (command instanceof ArrayBuffer) {
          this.core.write(new Int16Array(command));
        } else if (command.t === 'flush') {
          this.core.flush(command.id);
        } else if (command.t === 'clear') {
          const playedSamples = this.core.clear();
          this.tellEvents();
          this.tell({
            t: 'cleared',
            id: command.id,
            playedSamples,
            frame: currentFrame,
            session: this.session,
          });
          this.cleared = true;
        } else {
          this.core = newCore();
          this.session = command.session;
        }
      }

      process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
        const channels = outputs[0]!;
        const out = channels[0]!;
        this.core.pull(out);
        for (let i = 1; i < channels.length; i++) channels[i]!.set(out);
        this.tellEvents();
        if (this.cleared && Math.abs(out[out.length - 1]!) < 1e-4) {
          this.cleared = false;
          this.tell({ t: 'silent', frame: currentFrame, session: this.session });
        }
        return true;
      }

      tellEvents(): void {
        for (const event of this.core.take()) this.tell({ ...event, session: this.session });
      }

      tell(report: PlaybackReport): void {
        this.port.postMessage(report);
      }
    },
  );
}

export function captureProcessor(name: string, createCore: typeof createCaptureCore): void {
  registerProcessor(
    name,
    class extends AudioWorkletProcessor {
      core = createCore(Math.floor(sampleRate / 50));

      process(inputs: Float32Array[][]): boolean {
        const samples = inputs[0]?.[0];
        if (samples !== undefined) {
          this.core.push(samples, (pcm, level) => this.port.postMessage({ pcm, level }, [pcm.buffer]));
        }
        return true;
      }
    },
  );
}
