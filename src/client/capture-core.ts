/** Cuts a microphone's render quanta into frames. */
export interface CaptureCore {
  /** `emit` is called for each frame that is full; it may keep `pcm`. `level` is the frame's RMS (0..1). */
  push(samples: Float32Array, emit: (pcm: Int16Array, level: number) => void): void;
}

/** Its source text is sent into the AudioWorklet (see `worklet-source.ts`): it must use nothing from outside of itself. */
export function createCaptureCore(frameSamples: number): CaptureCore {
  let frame = new Int16Array(frameSamples);
  let at = 0;
  let energy = 0;
  return {
    push(samples, emit) {
      for (let i = 0; i < samples.length; i++) {
        const value = samples[i]! * 32768;
        // The comparisons also turn NaN into 0.
        const clipped = value >= 32767 ? 32767 : value <= -32768 ? -32768 : Math.round(value) || 0;
        frame[at++] = clipped;
        energy += clipped * clipped;
        if (at === frameSamples) {
          emit(frame, Math.sqrt(energy / frameSamples) / 32768);
          frame = new Int16Array(frameSamples);
          at = 0;
          energy = 0;
        }
      }
    },
  };
}
