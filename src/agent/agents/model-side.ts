import type { RealtimeSession } from '../../realtime/index.js';
import { ModelEars, tellFrames } from '../hearing.js';
import type { SessionHost } from '../session-host.js';

/**
 * A session of a model and what listens to it, in one piece, so that another one can take its place. From `open` to
 * `close` what the model says reaches the agent's machine.
 */
export class ModelSide {
  readonly realtime: RealtimeSession;
  readonly #ears: ModelEars;

  /** `tellsFrames`: somebody wants to see the frames of its wire. */
  constructor(realtime: RealtimeSession, host: SessionHost, tellsFrames: boolean) {
    this.realtime = realtime;
    this.#ears = new ModelEars(realtime, host);
    realtime.attach(this.#ears);
    if (tellsFrames) tellFrames(realtime, host.emit);
  }

  /** Nothing of it is heard any more; resolves when its connection is let go. Safe to call twice. */
  close(): Promise<void> {
    this.realtime.detach(this.#ears);
    return this.realtime.close();
  }
}
