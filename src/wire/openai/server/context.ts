import type { Command, Event, Port } from '../../../realtime/contract.js';
import type { ServerEventFields, ServerEventType } from '../events.js';
import { errorBody, type Problem, problem } from './errors.js';
import type { OpenAIServerOptions, ServerLimits } from './options.js';
import { defaultLimits } from './options.js';

type Ack = Event & { t: 'ack' };
type Refused = Event & { t: 'refused' };

interface Waiting {
  eventId: string | null;
  onAck: (ack: Ack) => void;
  onRefused: () => void;
}

const nothing = () => {};
/** A link that never answers must not make this grow. */
const maxWaiting = 4096;

/** What every concern of the server machine needs: the way out to both sides, and the book of unanswered commands. */
export class Context {
  readonly limits: ServerLimits;
  readonly #waiting = new Map<string, Waiting>();

  constructor(
    readonly port: Port<Command>,
    readonly ids: (kind: string) => string,
    readonly options: OpenAIServerOptions,
  ) {
    this.limits = { ...defaultLimits, ...options.limits };
  }

  send<T extends ServerEventType>(type: T, fields: ServerEventFields[T]): void {
    const event = { type, event_id: this.ids('event'), ...fields };
    const { dialect } = this.options;
    const told = dialect === undefined ? event : dialect.write(event);
    if (told !== null) this.port.frame(JSON.stringify(told));
  }

  /**
   * The most frequent event, without a walk over its fields: `tail` is the JSON of the part's ids without its opening
   * brace, written once per part. Ids that are minted and base64 need no escapes.
   */
  sendAudio(tail: string, base64: string): void {
    const id = this.ids('event');
    const type = this.options.dialect?.audioDelta ?? 'response.output_audio.delta';
    this.port.frame(`{"type":"${type}","event_id":"${id}","delta":"${base64}",${tail}`);
  }

  refuse(found: Problem, eventId: string | null): void {
    this.send('error', { error: errorBody(found, eventId) });
  }

  /** Sends a command and waits for its answer; a refusal becomes an `error` that repeats `eventId`. */
  command(
    eventId: string | null,
    build: (cmd: string) => Command,
    onAck: (ack: Ack) => void = nothing,
    onRefused: () => void = nothing,
  ): string {
    const cmd = this.ids('cmd');
    if (this.#waiting.size >= maxWaiting) this.#waiting.delete(this.#waiting.keys().next().value ?? '');
    // Before it goes out: a link may answer at once.
    this.#waiting.set(cmd, { eventId, onAck, onRefused });
    this.port.emit(build(cmd));
    return cmd;
  }

  settle(answer: Ack | Refused): void {
    const waiting = answer.cmd === undefined ? undefined : this.#waiting.get(answer.cmd);
    if (answer.cmd !== undefined) this.#waiting.delete(answer.cmd);
    if (answer.t === 'ack') {
      waiting?.onAck(answer);
      return;
    }
    waiting?.onRefused();
    this.refuse(problem(answer.code, answer.message, answer.param ?? null), waiting?.eventId ?? null);
  }
}
