import type { MessagePort } from 'node:worker_threads';
import type { SttTask } from './protocol.js';
export async function runStt(_port: MessagePort, _task: SttTask): Promise<void> {}
