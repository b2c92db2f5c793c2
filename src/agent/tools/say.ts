import type { ReparteeError } from '../../core/index.js';
import type { SpeechHandle } from '../mouth/speech-handle.js';
import type { SessionHost } from '../session-host.js';

/** Says a line beside what the model says by itself. Undefined: there is no voice for it. */
export function sayBeside(host: SessionHost, text: string): SpeechHandle | undefined {
  const model = host.model();
  const { capabilities } = model;
  const failed = (error: ReparteeError) => {
    if (model.state !== 'closed' && error.vendorCode !== 'superseded') host.emit('error', error);
  };
  if (capabilities.say) model.say(text).catch(failed);
  return undefined;
}
