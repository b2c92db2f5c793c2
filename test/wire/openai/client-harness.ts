import { readdirSync, readFileSync } from 'node:fs';
import { countedIds, type Frame } from '../../../src/core/index.js';
import type { Command, Config, Event, Item, WireMachine } from '../../../src/realtime/index.js';
import { LegalityChecker } from '../../../src/testing/index.js';
import { type OpenAIClientOptions, openaiClientMachine } from '../../../src/wire/openai/client/index.js';
import { assertClientEvent } from '../../schemas/openai.js';

export const config: Config = {
  instructions: 'Be brief.',
  tools: [],
  toolChoice: 'auto',
  voice: 'marin',
  turns: { owner: 'wire', kind: 'server_vad', autoReply: true, autoCut: true },
  output: 'audio',
  transcription: { model: 'gpt-transcribe' },
  vendor: {},
};

export const manual: Config = { ...config, turns: { owner: 'caller' } };

export type Json = Record<string, unknown>;

/** A client machine alone, with counted ids and a hand-moved clock: every frame it sends is held against the official types, every event against the legal orders. */
export class ClientBench {
  readonly frames: Json[] = [];
  readonly events: Event[] = [];
  readonly closes: [number, string][] = [];
  readonly checker = new LegalityChecker();
  wakeAtMs: number | null = null;
  nowMs = 0;
  onEvent: (event: Event) => void = () => {};
  readonly machine: WireMachine<Command>;
  #said = 0;
  #sent = 0;

  /** `assertFrame`: the official types of the dialect that it speaks. */
  constructor(options: OpenAIClientOptions = {}, assertFrame: (event: unknown) => void = assertClientEvent) {
    this.machine = openaiClientMachine(options)(
      {
        frame: (frame: Frame) => {
          const event: unknown = JSON.parse(frame as string);
          assertFrame(event);
          this.frames.push(event as Json);
        },
        emit: (event: Event) => {
          this.checker.event(event);
          this.events.push(event);
          this.onEvent(event);
        },
        wakeAt: (ms) => {
          this.wakeAtMs = ms;
        },
        close: (code, reason) => this.closes.push([code, reason]),
      },
      countedIds(),
    );
  }

  /** Opens; what that said and sent is forgotten. */
  opened(over: Config = config, history: Item[] = []): this {
    this.do({ t: 'open', config: over, history });
    this.serve({ type: 'session.created', event_id: 'e', session: session() });
    this.serve({ type: 'session.updated', event_id: 'e', session: session() });
    this.news();
    this.sent();
    return this;
  }

  do(command: Command): void {
    this.checker.command(command);
    this.machine.local(command, this.nowMs);
  }

  serve(...events: Json[]): this {
    for (const event of events) this.machine.frame(JSON.stringify(event), this.nowMs);
    return this;
  }

  /** Events since the last call, in short. */
  news(): string[] {
    const fresh = this.events.slice(this.#said);
    this.#said = this.events.length;
    return fresh.map(brief);
  }

  /** Frames since the last call. */
  sent(): Json[] {
    const fresh = this.frames.slice(this.#sent);
    this.#sent = this.frames.length;
    return fresh;
  }
}

/** The session as the real server shows it. */
export function session(over: Json = {}): Json {
  return {
    type: 'realtime',
    object: 'realtime.session',
    id: 'sess_1',
    model: 'gpt-realtime-2.1',
    output_modalities: ['audio'],
    instructions: 'Be brief.',
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    tracing: null,
    truncation: 'auto',
    prompt: null,
    expires_at: 1_800_000_000,
    audio: {
      input: {
        format: { type: 'audio/pcm', rate: 24000 },
        transcription: { model: 'gpt-transcribe', language: null, prompt: null },
        noise_reduction: null,
        turn_detection: {
          type: 'server_vad',
          threshold: 0.5,
          prefix_padding_ms: 300,
          silence_duration_ms: 200,
          idle_timeout_ms: null,
          create_response: true,
          interrupt_response: true,
        },
      },
      output: { format: { type: 'audio/pcm', rate: 24000 }, voice: 'marin', speed: 1 },
    },
    include: null,
    ...over,
  };
}

export function response(id: string, over: Json = {}): Json {
  return {
    id,
    object: 'realtime.response',
    status: 'in_progress',
    status_details: null,
    output: [],
    conversation_id: 'conv_1',
    output_modalities: ['audio'],
    max_output_tokens: 'inf',
    audio: { output: { format: { type: 'audio/pcm', rate: 24000 }, voice: 'marin' } },
    metadata: null,
    usage: null,
    ...over,
  };
}

export function brief(event: Event): string {
  switch (event.t) {
    case 'ready':
      return `ready ${event.sessionId}`;
    case 'ack':
      return line('ack', event.cmd, event.item, event.basis === 'sent' && 'sent');
    case 'refused':
      return line('refused', event.cmd, event.code, event.benign && 'benign');
    case 'speech':
      return line('speech', event.edge, event.turn, event.item, event.atMs !== undefined && `@${event.atMs}`);
    case 'committed':
      return line('committed', event.turn, event.item, after(event.after));
    case 'cleared':
      return line('cleared', event.cmd);
    case 'item':
      return line(
        'item',
        event.phase,
        event.item.kind,
        event.item.id,
        after(event.after),
        event.heardMs !== undefined && `${event.heardMs}ms`,
      );
    case 'heard':
      return line(
        'heard',
        event.how,
        event.item,
        event.turn,
        JSON.stringify(event.text),
        event.fromMs !== undefined && `${event.fromMs}-${event.toMs}ms`,
      );
    case 'response':
      if (event.phase === 'started') {
        const by =
          event.cause.by === 'command'
            ? event.cause.cmd
            : event.cause.by === 'turn'
              ? event.cause.turn
              : 'wire';
        return line(
          'started',
          event.response,
          `by ${by}`,
          event.outOfBand && 'aside',
          event.metadata && JSON.stringify(event.metadata),
        );
      }
      if (event.phase === 'produced') return `produced ${event.response}`;
      return line(
        'ended',
        event.response,
        event.status,
        event.reason,
        event.basis === 'inferred' && 'inferred',
      );
    case 'part':
      return line(
        'part',
        event.phase,
        event.response,
        `${event.index}:${event.item}/${event.part}`,
        event.kind,
      );
    case 'audio':
      return `audio ${event.response} ${event.item}/${event.part} ${[...event.pcm].join(',')}`;
    case 'said':
      return `said ${event.how} ${event.item}/${event.part} ${JSON.stringify(event.text)}`;
    case 'call':
      return line(
        'call',
        event.phase,
        event.call,
        event.name,
        event.args,
        event.owner === 'provider' && 'by provider',
      );
    case 'approval':
      return line('approval', event.approval, event.server, event.name, event.args);
    case 'closing':
      return `closing ${event.code} ${event.disposition}`;
    case 'unknown':
      return `unknown ${event.name}`;
    case 'limits':
      return `limits ${event.limits.map(({ name, remaining, resetMs }) => `${name} ${remaining} ${resetMs}ms`).join()}`;
    case 'drop':
      return line('drop', event.response);
    default:
      return event.t;
  }
}

function line(...words: (string | false | null | undefined)[]): string {
  return words.filter((word) => typeof word === 'string' && word !== '').join(' ');
}

function after(id: string | null | undefined): string {
  return id === undefined ? '' : `after ${id ?? 'nothing'}`;
}

/**
 * A recorded or hand-written conversation: one JSON object a line. `note`: where it is from. `do`: a command of ours.
 * `c`: a frame of the client, as far as it matters. `s`: a frame of the server. `e`: an event that it means, in short.
 */
export interface TraceLine {
  note?: string;
  do?: Command;
  c?: Json;
  s?: Json;
  e?: string;
}

const folder = new URL('../../traces/openai/', import.meta.url);

export function traceNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.replace(/\.jsonl$/, ''));
}

export function readTrace(name: string): TraceLine[] {
  const text = readFileSync(new URL(`${name}.jsonl`, folder), 'utf8');
  return text
    .split('\n')
    .filter((row) => row !== '')
    .map((row): TraceLine => JSON.parse(row));
}
