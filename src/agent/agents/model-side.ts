import type { RealtimeSession } from '../../realtime/index.js';
import { ModelEars, tellFrames } from '../hearing.js';
import type { SessionHost } from '../session-host.js';
import type { Engine } from './engines.js';

/**
 * A session of a model, what listens to it and what stands beside it, in one piece, so that another one can take its
 * place. Until `close` what the model says reaches the agent's machine.
 */
export class ModelSide {
  readonly engine: Engine;
  readonly realtime: RealtimeSession;
  readonly #ears: ModelEars;
  readonly #host: SessionHost;

  /** `tellsFrames`: somebody wants to see the frames of its wire. */
  constructor(engine: Engine, realtime: RealtimeSession, host: SessionHost, tellsFrames: boolean) {
    this.engine = engine;
    this.realtime = realtime;
    this.#ears = new ModelEars(realtime, host);
    realtime.attach(this.#ears);
    this.#host = host;
    host.accounts.opened(realtime);
    host.meter.opened(realtime);
    if (tellsFrames) tellFrames(realtime, host.emit);
  }

  /** Nothing of it is heard any more; resolves when its connection is let go. Safe to call twice. */
  close(): Promise<void> {
    this.realtime.detach(this.#ears);
    this.#host.accounts.closed(this.realtime);
    this.#host.meter.closed(this.realtime);
    return this.realtime.close();
  }
}
