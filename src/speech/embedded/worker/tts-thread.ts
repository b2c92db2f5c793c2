import type { MessagePort } from 'node:worker_threads';
import { Flite } from '../flite/flite.js';
import { Pronouncer } from '../flite/pronounce.js';
import { sayClause } from '../tts/say-clause.js';
import type { FromTts, ToTts, TtsTask } from './protocol.js';

/** Said once, unheard, at the start: WebAssembly is several times slower until its hot functions are compiled. */
const rehearsal = ['Good morning.', 'You are booked for half past ten, on Thursday the 21st of June 2025.'];

/** Speaks one clause per message. */
export async function runTts(port: MessagePort, task: TtsTask): Promise<void> {
  const flite = await Flite.load(task.flite);
  const pronouncer = new Pronouncer(flite);
  for (const text of rehearsal) sayClause(flite, pronouncer, text, task.voice, 1);
  const answer = (message: ToTts): FromTts => {
    try {
      return { t: 'said', ...sayClause(flite, pronouncer, message.text, message.voice, message.speed) };
    } catch (error) {
      return { t: 'unsaid', message: `flite: ${error instanceof Error ? error.message : String(error)}` };
    }
  };
  port.on('message', (message: ToTts) => {
    const answered = answer(message);
    port.postMessage(answered, answered.t === 'said' ? [answered.pcm.buffer] : []);
    flite.tidy();
  });
}
