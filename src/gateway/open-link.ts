import { type DialContext, type Dialler, type Event, type Link, RealtimeSession } from '../realtime/index.js';
import type { VAD } from '../speech/index.js';

/**
 * The model's side of one connection: dialled, and nothing sent yet. Rejects with the model's own typed errors. From `open` on a
 * session of the engine stands between: it queues replies and makes up for what the model's own wire lacks, so that a
 * client of a richer wire meets no gaps. `vad`: ears for models that report no speech.
 */
export async function openLink(model: Dialler, context: DialContext, vad?: VAD): Promise<Link> {
  const link = await model.dial(context);
  const dialled: Dialler = {
    provider: model.provider,
    model: model.model,
    capabilities: model.capabilities,
    defaults: model.defaults,
    dial: async () => link,
  };
  let listener: (event: Event) => void = () => {};
  let session: RealtimeSession | undefined;
  // A link may end before it is opened.
  link.onEvent((event) => listener(event));
  return {
    send(command) {
      if (command.t === 'open') {
        const { config, history } = command;
        const { clock, ids } = context;
        session = new RealtimeSession(dialled, {
          config,
          history,
          clock,
          ids,
          ...(vad === undefined ? {} : { vad }),
        });
        session.onEvent((event) => listener(event));
        // Told as events of the link.
        session.on('error', () => {});
      } else if (session === undefined) link.send(command);
      else session.send(command);
    },
    onEvent(next) {
      listener = next;
    },
  };
}
