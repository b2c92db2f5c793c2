import { none } from '../../../core/none.js';
import type {
  ClientMachine,
  Command,
  Event,
  Frame,
  Ms,
  Port,
  WireMachine,
} from '../../../realtime/contract.js';
import { sendAudio } from './audio.js';
import { ClientCore, type OpenAIClientOptions } from './core.js';
import { onClosed, onError, onWake } from './errors.js';
import { type Handler, handlers } from './handlers.js';
import { activity } from './input.js';
import { addImage, addItem, answerCall, cutItem, fetchItem, removeItem } from './item-commands.js';
import { answerApproval } from './mcp.js';
import { configure, onSessionCreated } from './opening.js';
import { sendRaw } from './raw.js';
import { asFields, type Fields } from './read.js';
import { cancelResponse, createResponse } from './reply.js';

/** What may wait for the session to open, each way. */
const heldLimit = 1000;

/** OpenAI's Realtime wire, GA dialect, from the client's end. */
export function openaiClientMachine(options: OpenAIClientOptions = {}): ClientMachine {
  return (port, ids) => new OpenAIClient(port, ids, options);
}

class OpenAIClient implements WireMachine<Command> {
  readonly #core: ClientCore;
  #open: Extract<Command, { t: 'open' }> | undefined;
  #heldCommands: readonly Command[] = none;
  /** Frames before `open`; then, until the session is open, events that belong to an open one. */
  #heldFrames: readonly Frame[] = none;
  #heldEvents: readonly Fields[] = none;
  #heldClose: { code: number; reason: string } | undefined;
  #audioRefused = false;

  constructor(port: Port<Event>, ids: (kind: string) => string, options: OpenAIClientOptions) {
    this.#core = new ClientCore(port, ids, options);
  }

  local(command: Command, nowMs: Ms): void {
    const core = this.#core;
    core.nowMs = nowMs;
    if (core.phase === 'ready') {
      if (command.t === 'audio') sendAudio(core, command.pcm);
      else core.handle(() => perform(core, command));
    } else if (command.t === 'close') core.handle(() => close(core, command));
    else if (core.phase === 'unopened') this.#begin(command, nowMs);
    else if (core.phase !== 'over') this.#hold(command);
  }

  frame(frame: Frame, nowMs: Ms): void {
    const core = this.#core;
    core.nowMs = nowMs;
    if (core.phase === 'over') return;
    if (core.phase === 'unopened') {
      if (this.#heldFrames.length < heldLimit) this.#heldFrames = this.#heldFrames.concat(frame);
      return;
    }
    if (core.phase === 'ready' && typeof frame === 'string') {
      const audio = core.flowing.read(frame);
      if (audio !== undefined) return core.tell(audio);
    }
    this.#read(frame);
    if (typeof frame === 'string') core.flowing.learn(frame);
  }

  #read(frame: Frame): void {
    const core = this.#core;
    const event = parse(frame);
    const name = event?.type;
    if (event === undefined || typeof name !== 'string') {
      core.note(typeof frame === 'string' ? 'malformed' : 'binary', frame);
      return;
    }
    if (core.dialect === undefined) this.#event(event, name);
    else for (const one of core.dialect.read(event, name)) this.#event(one, String(one.type));
  }

  #event(event: Fields, name: string): void {
    const core = this.#core;
    if (core.phase === 'over') return;
    if (core.phase !== 'ready') this.#opening(event, name);
    else this.#run(handlers.get(name), event, name);
  }

  wake(nowMs: Ms): void {
    this.#core.nowMs = nowMs;
    if (this.#core.phase !== 'over') this.#core.handle(() => onWake(this.#core));
  }

  closed(code: number, reason: string, nowMs: Ms): void {
    const core = this.#core;
    core.nowMs = nowMs;
    if (core.phase === 'unopened') this.#heldClose ??= { code, reason };
    else if (core.phase !== 'over') core.handle(() => onClosed(core, code, reason));
  }

  /** `open`: whoever sent it listens now, so that what has come meanwhile may be told. */
  #begin(command: Command, nowMs: Ms): void {
    const core = this.#core;
    if (command.t !== 'open') {
      if ('cmd' in command) core.refuse(command.cmd, 'illegal_command', 'The first command must be open.');
      return;
    }
    if (command.resume !== undefined) {
      core.port.close(1000, '');
      const message = 'This wire cannot resume a session: open a new one with its history.';
      core.close({ code: 'unsupported', disposition: 'fatal', message });
      return;
    }
    this.#open = command;
    core.phase = 'greeting';
    const frames = this.#heldFrames;
    this.#heldFrames = none;
    for (const frame of frames) this.frame(frame, nowMs);
    if (this.#heldClose !== undefined) this.closed(this.#heldClose.code, this.#heldClose.reason, nowMs);
  }

  #hold(command: Command): void {
    const core = this.#core;
    if (command.t === 'audio') {
      if (this.#audioRefused) return;
      this.#audioRefused = true;
      const message = 'Audio came before the session was open, and was dropped.';
      core.emit({ t: 'refused', code: 'illegal_command', message, benign: false });
    } else if (this.#heldCommands.length < heldLimit) this.#heldCommands = this.#heldCommands.concat(command);
    else if ('cmd' in command) {
      core.refuse(command.cmd, 'illegal_command', `${heldLimit} commands wait for the session to open.`);
    }
  }

  /** Until the session is open only its own events and errors count; the rest waits. */
  #opening(event: Fields, name: string): void {
    const core = this.#core;
    const open = this.#open;
    if (name === 'session.created' && open !== undefined) {
      this.#run(() => onSessionCreated(core, event, open), event, name);
    } else if (name === 'session.updated' && core.phase === 'configuring') {
      // What waited goes before what the listener of `ready` will ask for.
      core.handle(() => {
        this.#run(handlers.get(name), event, name);
        if (core.pending.peek('update', (entry) => entry.opening === true) === undefined) this.#opened();
      });
    } else if (name === 'error') this.#run(onError, event, name);
    else if (!handlers.has(name)) core.note(name, event);
    else if (this.#heldEvents.length < heldLimit) this.#heldEvents = this.#heldEvents.concat(event);
    else core.note(name, event);
  }

  #opened(): void {
    const core = this.#core;
    this.#open = undefined;
    const events = this.#heldEvents;
    this.#heldEvents = none;
    const commands = this.#heldCommands;
    this.#heldCommands = none;
    for (const event of events) this.#run(handlers.get(String(event.type)), event, String(event.type));
    for (const command of commands) this.local(command, core.nowMs);
  }

  #run(handler: Handler | undefined, event: Fields, name: string): void {
    const core = this.#core;
    if (handler === undefined) {
      core.note(name, event);
      return;
    }
    // Without closures: audio passes here.
    core.hold();
    let last: Event | undefined;
    try {
      last = handler(core, event, name) ?? undefined;
    } catch {
      // A field that is not what the wire says: the event counts as unknown. Handlers emit as they change state, so what
      // they had emitted holds.
      core.note(name, event);
    } finally {
      core.release(last);
    }
  }
}

function perform(core: ClientCore, command: Command): void {
  switch (command.t) {
    case 'configure':
      return configure(core, command);
    case 'activity':
      return activity(core, command);
    case 'image':
      return addImage(core, command);
    case 'item.add':
      return addItem(core, command);
    case 'item.remove':
      return removeItem(core, command);
    case 'item.cut':
      return cutItem(core, command);
    case 'item.fetch':
      return fetchItem(core, command);
    case 'answer':
      return answerCall(core, command);
    case 'approve':
      return answerApproval(core, command);
    case 'reply':
      return createResponse(core, command);
    case 'stop':
      return cancelResponse(core, command);
    case 'say':
      return core.refuse(command.cmd, 'unsupported', 'This model cannot be told to speak a given text.');
    case 'raw':
      return sendRaw(core, command);
    case 'close':
      return close(core, command);
    case 'audio':
      return sendAudio(core, command.pcm);
    case 'open':
      core.emit({
        t: 'refused',
        code: 'illegal_command',
        message: 'The session is open already.',
        benign: false,
      });
  }
}

/** Nothing that still comes matters, so the end is told at once. */
function close(core: ClientCore, { reason }: Extract<Command, { t: 'close' }>): void {
  core.port.close(1000, reason ?? '');
  core.close({
    code: 'closed',
    disposition: 'done',
    message: reason ?? 'The session was closed by this side.',
  });
}

function parse(frame: Frame): Fields | undefined {
  if (typeof frame !== 'string') return undefined;
  try {
    return asFields(JSON.parse(frame));
  } catch {
    return undefined;
  }
}
