import type {
  Command,
  Event,
  Frame,
  Ms,
  Port,
  ServerMachine,
  WireMachine,
} from '../../../realtime/contract.js';
import type { ServerDialect } from '../dialects/dialect.js';
import { Aliases } from './aliases.js';
import { Context } from './context.js';
import { Conversation } from './conversation.js';
import { type Ending, ending, errorBody, problem } from './errors.js';
import { type Concerns, handle } from './handlers.js';
import { Input } from './input.js';
import { ClientItems } from './items.js';
import { KeptAudio } from './kept-audio.js';
import type { OpenAIServerOptions } from './options.js';
import { Responses } from './responses.js';
import { SessionState } from './session.js';
import { mcpItemOf, ToolServers } from './tool-servers.js';
import { Transcripts } from './transcripts.js';
import { type Read, readClientEvent } from './validate/events.js';

/**
 * The server's end of OpenAI's Realtime wire (GA): frames of a client in, commands to a link out; events of the link in,
 * frames out.
 *
 * It asks to be woken at once and then opens the link with the model's defaults. `session.created` goes out when the link
 * is `ready`, so that a client which was told so can talk to the model; what the client sends before is held. A link that
 * does not become ready, or ends, ends the connection the way the vendor does: an `error` event, then a close frame.
 */
export function openaiServerMachine(options: OpenAIServerOptions): ServerMachine {
  return (port, ids) => new OpenAIServer(port, ids, options);
}

class OpenAIServer implements WireMachine<Event> {
  readonly #port: Port<Command>;
  readonly #context: Context;
  readonly #concerns: Concerns;
  readonly #responses: Responses;
  readonly #input: Input;
  readonly #items: ClientItems;
  readonly #session: SessionState;
  readonly #toolServers: ToolServers;
  readonly #aliases = new Aliases();
  #state: 'new' | 'opening' | 'open' | 'closed' = 'new';
  #startMs: Ms = 0;
  /** Frames that came before the link was ready. */
  #held: Frame[] = [];
  #heldChars = 0;

  constructor(port: Port<Command>, ids: (kind: string) => string, options: OpenAIServerOptions) {
    this.#port = port;
    const context = new Context(port, ids, options);
    const conversation = new Conversation(context);
    const kept = new KeptAudio(context.limits.keptAudioBytes);
    const toolServers = new ToolServers(context, conversation);
    const session = new SessionState(context, (tools) => toolServers.name(tools));
    const transcripts = new Transcripts(context, session, conversation);
    const responses = new Responses(context, session, conversation, this.#aliases, kept);
    this.#context = context;
    this.#session = session;
    this.#toolServers = toolServers;
    this.#responses = responses;
    this.#items = new ClientItems(context, conversation, this.#aliases, kept, responses);
    this.#input = new Input(context, session, conversation, this.#aliases, kept, transcripts);
    this.#concerns = {
      context,
      session,
      responses,
      toolServers,
      items: this.#items,
      input: this.#input,
    };
    port.wakeAt(0);
  }

  wake(nowMs: Ms): void {
    this.#begin(nowMs);
    const { readyMs, sessionMs } = this.#context.limits;
    const age = nowMs - this.#startMs;
    if (this.#state === 'opening' && age >= readyMs) {
      this.#end(ending('server_error', 'The model did not become ready in time.'));
    } else if (this.#state === 'open' && age >= sessionMs) {
      const minutes = Math.round(sessionMs / 60_000);
      this.#end(ending('session_expired', `Your session hit the maximum duration of ${minutes} minutes.`));
    }
    this.#arm();
  }

  frame(frame: Frame, nowMs: Ms): void {
    this.#begin(nowMs);
    if (this.#state === 'open') this.#client(frame);
    else if (this.#state === 'opening') this.#hold(frame);
  }

  local(event: Event, nowMs: Ms): void {
    this.#begin(nowMs);
    if (this.#state === 'closed') return;
    if (event.t === 'closing') return this.#modelGone(event);
    if (event.t === 'ready') return this.#ready(event);
    this.#model(event);
  }

  closed(_code: number, _reason: string, _nowMs: Ms): void {
    if (this.#state === 'closed') return;
    const opened = this.#state !== 'new';
    this.#state = 'closed';
    this.#held = [];
    this.#port.wakeAt(null);
    if (opened) this.#port.emit({ t: 'close', reason: 'the client has gone' });
  }

  #begin(nowMs: Ms): void {
    if (this.#state !== 'new') return;
    this.#state = 'opening';
    this.#startMs = nowMs;
    this.#arm();
    this.#port.emit({ t: 'open', config: this.#session.config(), history: [] });
  }

  #arm(): void {
    const { readyMs, sessionMs } = this.#context.limits;
    if (this.#state === 'opening') this.#port.wakeAt(this.#startMs + readyMs);
    else if (this.#state === 'open') this.#port.wakeAt(this.#startMs + sessionMs);
  }

  #ready(event: Event & { t: 'ready' }): void {
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    this.#arm();
    this.#session.adopt(event.effective ?? {}, event.sessionId);
    this.#session.tellCreated();
    const held = this.#held;
    this.#held = [];
    for (const frame of held) {
      // One of them may end the session.
      if (this.#stillOpen()) this.#client(frame);
    }
  }

  #stillOpen(): boolean {
    return this.#state === 'open';
  }

  #hold(frame: Frame): void {
    this.#heldChars += frame.length;
    this.#held.push(frame);
    if (this.#heldChars > this.#context.limits.heldChars || this.#held.length > 10_000) {
      this.#end(ending('policy_violation', 'Too much was sent before session.created.'));
    }
  }

  /** One frame of the client. */
  #client(frame: Frame): void {
    const context = this.#context;
    if (typeof frame !== 'string') {
      const message = 'Binary frames are not part of this protocol: send one JSON object per text frame.';
      return context.refuse(problem('invalid_event', message), null);
    }
    const { eventChars } = context.limits;
    if (frame.length > eventChars) {
      const message = `The event is too long: ${frame.length} characters, at most ${eventChars} are taken.`;
      return context.refuse(problem('event_too_large', message), null);
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(frame);
    } catch {
      return context.refuse(problem('invalid_json', 'The event is not valid JSON.'), null);
    }
    const { dialect } = context.options;
    const read = dialect === undefined ? readClientEvent(parsed) : readIn(dialect, parsed);
    if ('problem' in read) context.refuse(read.problem, read.eventId);
    else handle(this.#concerns, read.event, read.eventId);
  }

  /** One event of the link. */
  #model(event: Event): void {
    switch (event.t) {
      case 'ack':
      case 'refused':
        if (event.t === 'refused' && this.#toolServers.refused(event)) return;
        return this.#context.settle(event);
      case 'cleared':
        if (event.cmd !== undefined) this.#context.settle({ t: 'ack', cmd: event.cmd, basis: 'wire' });
        return;
      case 'speech':
        return this.#input.speech(event);
      case 'committed':
        return this.#input.committed(event);
      case 'heard':
        return this.#input.heard(event);
      case 'item':
        return this.#item(event);
      case 'response':
        return this.#responses.response(event);
      case 'part':
        return this.#responses.part(event);
      case 'audio':
        return this.#responses.audio(event);
      case 'said':
        return this.#responses.said(event);
      case 'call':
        return this.#responses.call(event);
      case 'usage':
        return this.#responses.usage(event);
      case 'limits':
        return this.#limits(event);
      // These have no words on this wire: a WebSocket client keeps its own playout, and nothing can be resumed.
      case 'drop':
      case 'approval':
      case 'resumable':
      case 'expiring':
      case 'unknown':
      case 'ready':
      case 'closing':
        return;
    }
  }

  #item(event: Event & { t: 'item' }): void {
    const hosted = mcpItemOf(event);
    if (hosted?.type === 'mcp_list_tools') return this.#toolServers.item(event, hosted);
    if (hosted !== null && (event.phase === 'added' || event.phase === 'done')) {
      return this.#responses.hostedItem(event.phase, hosted);
    }
    switch (event.phase) {
      case 'added':
        return this.#items.added(event.item);
      case 'done':
        return this.#responses.itemDone(event);
      case 'removed':
        return this.#items.removed(this.#aliases.wire(event.item.id));
      case 'cut':
        return this.#items.cut(this.#aliases.wire(event.item.id));
      case 'fetched':
        return;
    }
  }

  #limits(event: Event & { t: 'limits' }): void {
    const limits = event.limits.flatMap(({ name, limit, remaining, resetMs }) =>
      name === 'requests' || name === 'tokens'
        ? [{ name, limit, remaining, reset_seconds: resetMs / 1000 } as const]
        : [],
    );
    if (limits.length > 0) this.#context.send('rate_limits.updated', { rate_limits: limits });
  }

  #modelGone(event: Event & { t: 'closing' }): void {
    const normal: Ending = { body: null, closeCode: 1000, reason: '' };
    this.#end(event.disposition === 'done' ? normal : ending(event.code, event.message), true);
  }

  #end({ body, closeCode, reason }: Ending, linkIsGone = false): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#held = [];
    if (body !== null) this.#context.send('error', { error: errorBody(body, null) });
    this.#port.wakeAt(null);
    if (!linkIsGone) this.#port.emit({ t: 'close', reason });
    this.#port.close(closeCode, reason);
  }
}

function readIn(dialect: ServerDialect, parsed: unknown): Read {
  const heard = dialect.read(parsed);
  return 'problem' in heard ? heard : readClientEvent(heard.event);
}
