import { createCaptureCore } from './capture-core.js';
import { createPlaybackCore } from './playback-core.js';
import {
  captureProcessor,
  captureProcessorName,
  playbackProcessor,
  playbackProcessorName,
} from './worklets.js';

/**
 * An AudioWorklet loads a script of its own by URL, which a library cannot ship in a way that every bundler finds. So the
 * worklet's script is put together here from the text of four ordinary functions that close over nothing: the same
 * `createPlaybackCore` and `createCaptureCore` that the unit tests run in Node, and the two processors that wrap them. They
 * meet only as arguments, so that a minifier may rename whatever it likes. A test runs this text in an empty context.
 */
export function workletSource(): string {
  return [
    // esbuild's `keepNames` puts calls of this helper into every function.
    'var __name = (value) => value;',
    call(playbackProcessor, playbackProcessorName, createPlaybackCore),
    call(captureProcessor, captureProcessorName, createCaptureCore),
  ].join('\n');
}

function call(
  processor: (name: string, core: never) => void,
  name: string,
  core: (options: never) => unknown,
): string {
  return `(${processor.toString()})(${JSON.stringify(name)}, ${core.toString()});`;
}

/** Loads the worklet's script into an audio context. A page whose policy forbids `blob:` scripts gets the browser's error. */
export async function addWorklets(context: AudioContext): Promise<void> {
  const url = URL.createObjectURL(new Blob([workletSource()], { type: 'text/javascript' }));
  try {
    await context.audioWorklet.addModule(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
