import type { Ids } from '../../core/index.js';
import type { Command, Event, Link } from '../../realtime/index.js';
import { Session } from './session.js';
import type { Sessions } from './sessions.js';

/**
 * A link whose conversation may outlive its client. It stands before a fresh link; opened with a handle, it goes on with
 * the session that the handle leads to, and the fresh one is closed. Handles are given after the opening and after each
 * response, none while one runs or a call is open.
 */
export class ResumableLink implements Link {
  readonly #fresh: Link;
  readonly #sessions: Sessions;
  readonly #ids: Ids;
  #listener: (event: Event) => void = () => {};
  #session: Session | undefined;
  #keeps = false;
  #done = false;

  constructor(fresh: Link, sessions: Sessions, ids: Ids) {
    this.#fresh = fresh;
    this.#sessions = sessions;
    this.#ids = ids;
    // It may end before it is opened.
    fresh.onEvent((event) => this.#emit(event));
  }

  /** The client has asked for handles. */
  keep(): void {
    this.#keeps = true;
  }

  onEvent(listener: (event: Event) => void): void {
    this.#listener = listener;
  }

  send(command: Command): void {
    if (this.#done) return;
    if (command.t === 'open') this.#open(command);
    else if (command.t === 'close') this.#close(command);
    else (this.#session ?? this.#fresh).send(command);
  }

  #open(command: Extract<Command, { t: 'open' }>): void {
    const { resume, ...open } = command;
    if (resume !== undefined) return this.#resume(resume, command);
    const session = new Session(this.#fresh, command.config, this.#ids);
    this.#session = session;
    session.attach((event) => this.#onEvent(session, event));
    session.send(open);
  }

  #resume(handle: string, { config }: Extract<Command, { t: 'open' }>): void {
    this.#fresh.onEvent(() => {});
    this.#fresh.send({ t: 'close', reason: 'a session was resumed' });
    const found = this.#sessions.find(handle);
    if (found === undefined || found.session.ended) {
      return this.#end({ code: 'session_expired', message: 'There is no session of this handle' });
    }
    const { session, items } = found;
    // Its first client is still there.
    if (session.attached) return this.#end({ code: 'provider_failed', message: 'Internal error occurred.' });
    this.#sessions.take(session);
    session.rewind(items);
    this.#session = session;
    session.attach((event) => this.#onEvent(session, event), config);
    this.#emit({ t: 'ready' });
    this.#giveHandle(session);
  }

  #close(command: Command): void {
    this.#done = true;
    const session = this.#session;
    if (session === undefined) this.#fresh.send(command);
    else if (this.#keeps && !session.ended) this.#sessions.park(session);
    else if (session.handles.length > 0) this.#sessions.end(session);
    else session.send(command);
  }

  #onEvent(session: Session, event: Event): void {
    // Handles of a model behind are not this client's.
    if (event.t === 'resumable') return;
    if (event.t === 'closing') this.#sessions.end(session);
    this.#emit(event);
    if (event.t === 'ready') this.#giveHandle(session);
    else if (event.t === 'response' && !this.#done) {
      if (event.phase === 'started' && this.#keeps) this.#emit({ t: 'resumable', handle: null });
      else if (event.phase === 'ended') this.#giveHandle(session);
    }
  }

  #giveHandle(session: Session): void {
    if (this.#keeps && !this.#done && !session.calling)
      this.#emit({ t: 'resumable', handle: this.#sessions.mint(session) });
  }

  #end({ code, message }: { code: string; message: string }): void {
    this.#emit({ t: 'closing', code, disposition: 'fatal', message });
  }

  #emit(event: Event): void {
    if (this.#done) return;
    if (event.t === 'closing') this.#done = true;
    this.#listener(event);
  }
}
