// Entry of the engine's threads; `workerData` says which part this one runs.
import { parentPort, workerData } from 'node:worker_threads';
import { ReparteeError } from '../../core/index.js';
import type { ThreadData, ThreadStart } from './worker/protocol.js';

if (parentPort === null) throw new Error('this file is for worker threads only');
const port = parentPort;
// While its event loop has nothing to wait for, Node 20 keeps a thread blocked until all background compilation is over; that in
// turn may wait for this thread to collect garbage, for ever. Here there is always something to wait for.
setInterval(() => {}, 2 ** 30);
const { task, scratch }: ThreadData = workerData;
let start: ThreadStart = { t: 'ready' };
try {
  if (task.role === 'tts') await (await import('./worker/tts-thread.js')).runTts(port, task);
  else await (await import('./worker/stt-thread.js')).runStt(port, task, scratch);
} catch (error) {
  const code =
    error instanceof ReparteeError ? error.code : task.role === 'tts' ? 'tts_failed' : 'stt_failed';
  start = { t: 'broken', code, message: error instanceof Error ? error.message : String(error) };
}
port.postMessage(start);
