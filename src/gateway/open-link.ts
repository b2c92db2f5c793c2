import {
  type Command,
  type DialContext,
  type Dialler,
  type Event,
  type Link,
  RealtimeSession,
  withPatch,
} from '../realtime/index.js';
import type { VAD } from '../speech/index.js';

/**
 * The model's side of one connection: dialled, and nothing sent yet. Rejects with the model's own typed errors. From `open` on a
 * session of the engine stands between: it queues replies and makes up for what the model's own wire lacks, so that a
 * client of a richer wire meets no gaps. `vad`: ears for models that report no speech.
 */
export async function openLink(model: Dialler, context: DialContext, vad?: VAD): Promise<Link> {
  const link = await model.dial(context);
  return new SessionLink(model, link, context, vad);
}

type Open = Extract<Command, { t: 'open' }>;

class SessionLink implements Link {
  readonly #model: Dialler;
  readonly #link: Link;
  readonly #context: DialContext;
  readonly #vad: VAD | undefined;
  #listener: (event: Event) => void = () => {};
  #session: RealtimeSession | undefined;
  /** An opening held back: see `#holdsBack`. */
  #held: Open | undefined;

  constructor(model: Dialler, link: Link, context: DialContext, vad: VAD | undefined) {
    this.#model = model;
    this.#link = link;
    this.#context = context;
    this.#vad = vad;
    // A link may end before it is opened.
    link.onEvent((event) => this.#listener(event));
  }

  send(command: Command): void {
    if (command.t === 'open') {
      if (this.#holdsBack()) {
        this.#held = command;
        this.#listener({ t: 'ready', effective: command.config });
      } else this.#open(command);
    } else if (this.#held !== undefined && command.t === 'configure') {
      this.#held = { ...this.#held, config: withPatch(this.#held.config, command.patch) };
      this.#listener({ t: 'ack', cmd: command.cmd, basis: 'sent' });
    } else {
      if (this.#held !== undefined && command.t !== 'close') this.#open(this.#held);
      (this.#session ?? this.#link).send(command);
    }
  }

  onEvent(listener: (event: Event) => void): void {
    this.#listener = listener;
  }

  /**
   * Clients of some wires say what they want in an update after the opening. A model that takes its settings only when it is
   * opened is opened at the first command that is no such update.
   */
  #holdsBack(): boolean {
    const { instructions, turns } = this.#model.capabilities.configure;
    return instructions === 'reopen' || turns === 'reopen';
  }

  #open({ config, history }: Open): void {
    const told = this.#held !== undefined;
    this.#held = undefined;
    const { clock, ids } = this.#context;
    const session = new RealtimeSession(this.#dialled(), {
      config,
      history,
      clock,
      ids,
      // The client asks, as the wire has it.
      hostedReply: 'asked',
      ...(this.#vad === undefined ? {} : { vad: this.#vad }),
    });
    this.#session = session;
    session.onEvent((event) => {
      if (!(told && event.t === 'ready')) this.#listener(event);
    });
    // Told as events of the link.
    session.on('error', () => {});
  }

  /** The model, whose first dial has been made already; when that link is lost it is dialled anew. */
  #dialled(): Dialler {
    const inner = this.#model;
    const { provider, model, capabilities, defaults, connOptions, maxSessionDurationMs } = inner;
    let first: Link | undefined = this.#link;
    return {
      provider,
      model,
      capabilities,
      defaults,
      ...(connOptions === undefined ? {} : { connOptions }),
      ...(maxSessionDurationMs === undefined ? {} : { maxSessionDurationMs }),
      async dial(context) {
        const link = first ?? (await inner.dial(context));
        first = undefined;
        return link;
      },
    };
  }
}
