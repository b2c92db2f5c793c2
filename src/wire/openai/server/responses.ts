import type { Event } from '../../../realtime/contract.js';
import { usageToWire } from '../convert/index.js';
import type { ResponseRequest, WireItem } from '../events.js';
import type { Aliases } from './aliases.js';
import type { Context } from './context.js';
import type { Conversation } from './conversation.js';
import { type Problem, problem } from './errors.js';
import type { CallBook } from './items.js';
import type { KeptAudio } from './kept-audio.js';
import { inputOf, overridesOf } from './reply.js';
import { ResponseRun } from './response-run.js';
import type { SessionState } from './session.js';
import { modelRefusal } from './session-refusal.js';
import { setTranscript } from './wire-items.js';

/** A `response.create` that the link has not begun. */
interface Asked {
  cmd: string;
  request: ResponseRequest;
  outOfBand: boolean;
}

const maxOpenCalls = 1024;
const maxOutOfBand = 64;

/** All responses that run: one on the conversation, any number out of band. */
export class Responses implements CallBook {
  /** The model has spoken at least once. */
  spoke = false;
  readonly #context: Context;
  readonly #session: SessionState;
  readonly #conversation: Conversation;
  readonly #aliases: Aliases;
  readonly #kept: KeptAudio;
  readonly #conversationId: string;
  readonly #running = new Map<string, ResponseRun>();
  #asked: Asked[] = [];
  /** Calls that wait for their output. */
  readonly #openCalls = new Map<string, { name: string; response: string | null }>();

  constructor(
    context: Context,
    session: SessionState,
    conversation: Conversation,
    aliases: Aliases,
    kept: KeptAudio,
  ) {
    this.#context = context;
    this.#session = session;
    this.#conversation = conversation;
    this.#aliases = aliases;
    this.#kept = kept;
    this.#conversationId = context.ids('conv');
  }

  /** A response runs on the conversation, or has been asked for. */
  get active(): boolean {
    return this.#default() !== undefined || this.#asked.some((asked) => !asked.outOfBand);
  }

  /** False where it was refused, which the client has been told. */
  create(request: ResponseRequest, eventId: string | null): boolean {
    const context = this.#context;
    const refuse = (found: Problem): false => {
      context.refuse(found, eventId);
      return false;
    };
    const outOfBand = request.conversation === 'none';
    if (!outOfBand && this.active) {
      const id = this.#default()?.id;
      const which = id === undefined ? '' : `: ${id}`;
      const message = `Conversation already has an active response in progress${which}. Wait until the response is finished before creating a new one.`;
      return refuse(problem('conversation_already_has_active_response', message));
    }
    if (outOfBand && this.#asked.length + this.#running.size >= maxOutOfBand) {
      const message = `At most ${maxOutOfBand} responses may run at the same time.`;
      return refuse(problem('too_many_responses', message));
    }
    const found = modelRefusal(this.#session.value.model, request, 'response');
    if (found !== null) return refuse(found);
    const read = inputOf(request, this.#conversation, this.#session.inputFormat);
    if ('problem' in read) return refuse(read.problem);

    const overrides = overridesOf(request, context.options.hostedTools);
    const asked: Asked = { cmd: '', request, outOfBand };
    context.command(
      eventId,
      (cmd) => {
        asked.cmd = cmd;
        this.#asked.push(asked);
        return {
          t: 'reply',
          cmd,
          ...(read.input === undefined ? {} : { input: read.input }),
          ...(outOfBand ? { outOfBand } : {}),
          ...(overrides === undefined ? {} : { overrides }),
          ...(request.metadata ? { metadata: request.metadata } : {}),
        };
      },
      undefined,
      () => this.#forget(asked),
    );
    return true;
  }

  cancel(id: string | undefined, eventId: string | null): void {
    const run = id === undefined ? this.#default() : this.#running.get(id);
    const asked =
      id === undefined && run === undefined ? this.#asked.find((one) => !one.outOfBand) : undefined;
    if (run === undefined && asked === undefined) {
      const message = 'Cancellation failed: no active response found';
      return this.#context.refuse(problem('response_cancel_not_active', message), eventId);
    }
    if (run !== undefined) run.cancelled = true;
    this.#context.command(
      eventId,
      (cmd) => ({ t: 'stop', cmd, ...(run === undefined ? {} : { response: run.id }) }),
      () => {
        // What was stopped before it began tells nothing more.
        if (asked !== undefined) this.#forget(asked);
      },
    );
  }

  response(event: Event & { t: 'response' }): void {
    if (event.phase === 'started' && !this.#running.has(event.response)) this.#started(event);
    if (event.phase !== 'ended') return;
    const run = this.#running.get(event.response);
    this.#running.delete(event.response);
    run?.end(event);
  }

  part(event: Event & { t: 'part' }): void {
    this.#find(event.response)?.part(event);
  }

  audio(event: Event & { t: 'audio' }): void {
    this.#find(event.response)?.audio(event);
  }

  said(event: Event & { t: 'said' }): void {
    const run = this.#find(event.response);
    if (run !== undefined) return run.said(event);
    // Words may come after the response has ended; the item then has its whole transcript for who retrieves it.
    if (event.how !== 'final' || event.item === null || event.stage === 'thought') return;
    const entry = this.#conversation.get(this.#aliases.wire(event.item));
    if (entry !== undefined) setTranscript(entry.wire, event.part, event.text);
  }

  call(event: Event & { t: 'call' }): void {
    const run = this.#find(event.response);
    // Of a foreign model's own calls there is no item, and the wire has no words.
    if (event.owner === 'provider') return run?.hostedCall(event);
    if (event.phase === 'withdrawn') this.#openCalls.delete(event.call);
    if (event.phase === 'ready' && run !== undefined) {
      this.#openCalls.set(event.call, { name: event.name, response: run.id });
      if (this.#openCalls.size > maxOpenCalls) {
        this.#openCalls.delete(this.#openCalls.keys().next().value!);
      }
    }
    run?.call(event);
  }

  itemDone(event: Event & { t: 'item' }): void {
    const status = 'status' in event.item ? (event.item.status ?? 'completed') : 'completed';
    for (const run of this.#running.values()) if (run.itemDone(event.item.id, status)) return;
  }

  /** A call of the model's own tool servers, or a request to approve one, as an item of the same wire. */
  hostedItem(phase: 'added' | 'done', wire: WireItem): void {
    if (this.#context.options.hostedTools !== true) return;
    const run = [...this.#running.values()].find((one) => one.has(wire.id)) ?? this.#default();
    run?.hostedItem(phase, wire);
  }

  usage(event: Event & { t: 'usage' }): void {
    const run = this.#default();
    if (event.scope === 'response' && run !== undefined) run.usage = usageToWire(event.usage);
  }

  take(call: string): { name: string; more: boolean } | undefined {
    const open = this.#openCalls.get(call);
    if (open === undefined) return undefined;
    this.#openCalls.delete(call);
    const more = [...this.#openCalls.values()].some((other) => other.response === open.response);
    return { name: open.name, more };
  }

  #started(event: Event & { t: 'response'; phase: 'started' }): void {
    const asked = this.#askedFor(event);
    if (asked !== undefined) this.#forget(asked);
    const request = asked?.request ?? {};
    const session = this.#session.value;
    const modalities = request.output_modalities ?? session.output_modalities;
    const run = new ResponseRun(
      {
        id: event.response,
        conversationId: event.outOfBand ? null : this.#conversationId,
        request,
        session,
        metadata: event.metadata ?? request.metadata ?? null,
      },
      {
        context: this.#context,
        response: event.response,
        format: request.audio?.output?.format ?? session.audio.output.format,
        output: modalities.includes('audio') ? 'audio' : 'text',
        conversation: event.outOfBand ? null : this.#conversation,
        kept: this.#kept,
        spoke: () => {
          this.spoke = true;
        },
      },
      this.#aliases,
    );
    this.#running.set(event.response, run);
  }

  #forget(asked: Asked): void {
    this.#asked = this.#asked.filter((other) => other !== asked);
  }

  /** Which request it answers. A link that cannot tell its cause answers the oldest. */
  #askedFor(event: Event & { t: 'response'; phase: 'started' }): Asked | undefined {
    const { cause } = event;
    if (cause.by === 'command') return this.#asked.find((asked) => asked.cmd === cause.cmd);
    if (cause.by === 'turn') return undefined;
    return this.#asked.find((asked) => asked.outOfBand === event.outOfBand);
  }

  /** `null`: a model that speaks all the time belongs to the response that runs. */
  #find(response: string | null): ResponseRun | undefined {
    return response === null ? this.#default() : this.#running.get(response);
  }

  #default(): ResponseRun | undefined {
    for (const run of this.#running.values()) if (!run.outOfBand) return run;
    return undefined;
  }
}
