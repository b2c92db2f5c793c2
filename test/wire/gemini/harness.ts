import { countedIds, type Frame } from '../../../src/core/index.js';
import type { ClientMachine, Command, Config, Event, WireMachine } from '../../../src/realtime/index.js';
import { LegalityChecker } from '../../../src/testing/index.js';

export const config: Config = {
  instructions: 'Be brief.',
  tools: [],
  toolChoice: 'auto',
  voice: 'Kore',
  turns: { owner: 'wire', kind: 'server_vad', autoReply: true, autoCut: true },
  output: 'audio',
  transcription: {},
  vendor: {},
};

export const manual: Config = { ...config, turns: { owner: 'caller' } };

/** A client machine with counted ids and a hand-moved clock; everything passes the legality checker. */
export class ClientBench {
  readonly events: Event[] = [];
  readonly frames: unknown[] = [];
  readonly closes: [number, string][] = [];
  readonly checker = new LegalityChecker();
  nowMs = 0;
  wakeAtMs: number | null = null;
  readonly #machine: WireMachine<Command>;
  #cmds = 0;

  constructor(create: ClientMachine) {
    this.#machine = create(
      {
        frame: (frame: Frame) => this.frames.push(JSON.parse(frame as string)),
        emit: (event: Event) => {
          this.checker.event(event);
          this.events.push(event);
        },
        wakeAt: (ms) => {
          this.wakeAtMs = ms;
        },
        close: (code, reason) => this.closes.push([code, reason]),
      },
      countedIds(),
    );
  }

  /** Opens and sets up; forgets the events of it. */
  open(over: Config = config, history: Extract<Command, { t: 'open' }>['history'] = []): this {
    this.command({ t: 'open', config: over, history });
    this.server({ setupComplete: {} });
    this.events.length = 0;
    this.frames.length = 0;
    return this;
  }

  command(command: Command): void {
    this.checker.command(command);
    this.#machine.local(command, this.nowMs);
  }

  /** Moves the clock; wakes the machine if it asked for it by then. */
  to(nowMs: number): void {
    this.nowMs = nowMs;
    if (this.wakeAtMs !== null && this.wakeAtMs <= nowMs) this.#machine.wake(nowMs);
  }

  nextCmd(): string {
    this.#cmds += 1;
    return `c${this.#cmds}`;
  }

  audio(ms = 20): void {
    this.command({ t: 'audio', pcm: new Int16Array(ms * 16).fill(7), atMs: 0 });
  }

  /** A frame of the server; bytes, as the service sends them. */
  server(message: unknown): void {
    this.#machine.frame(new TextEncoder().encode(JSON.stringify(message)), this.nowMs);
  }

  frame(frame: Frame): void {
    this.#machine.frame(frame, this.nowMs);
  }

  closed(code: number, reason = ''): void {
    this.#machine.closed(code, reason, this.nowMs);
  }

  /** What came out since the last call, one short line per event. */
  take(): string[] {
    return this.events.splice(0).map(line);
  }

  takeFrames(): unknown[] {
    return this.frames.splice(0);
  }
}

/** An event in a few words: what it is, whose, and its text. */
export function line(event: Event): string {
  switch (event.t) {
    case 'response': {
      if (event.phase === 'started') {
        const { cause } = event;
        const by = cause.by === 'command' ? cause.cmd : cause.by === 'turn' ? cause.turn : 'wire';
        return `${event.response} started by ${by}`;
      }
      if (event.phase === 'produced') return `${event.response} produced`;
      const reason = event.reason === undefined ? '' : ` (${event.reason})`;
      return `${event.response} ${event.status} ${event.basis}${reason}`;
    }
    case 'item': {
      const after = event.phase === 'added' ? ` after ${event.after ?? 'root'}` : '';
      return `${event.item.kind} ${event.item.id} ${event.phase} ${event.basis}${after}`;
    }
    case 'part':
      return `part ${event.phase} ${event.kind} of ${event.item}`;
    case 'audio':
      return `audio ${event.pcm.length} of ${event.response}`;
    case 'said':
      return `said ${event.how} ${event.stage === 'spoken' ? '' : `${event.stage} `}'${event.text}'`;
    case 'heard':
      return `heard ${event.how} ${event.turn} '${event.text}'`;
    case 'committed':
      return `committed ${event.turn} as ${event.item} ${event.basis}`;
    case 'speech':
      return `speech ${event.edge} ${event.turn} ${event.basis} ${event.atMs ?? '?'}`;
    case 'call':
      return `call ${event.phase} ${event.call} ${event.name}(${event.args})`;
    case 'drop':
      return `drop ${event.response ?? 'all'}`;
    case 'ack':
      return `ack ${event.cmd}${event.item === undefined ? '' : ` ${event.item}`} ${event.basis}`;
    case 'refused':
      return `refused ${event.cmd ?? '-'} ${event.code}${event.param === undefined ? '' : ` ${event.param}`}`;
    case 'closing':
      return `closing ${event.code} ${event.disposition}`;
    case 'resumable':
      return `resumable ${event.handle}`;
    case 'expiring':
      return `expiring in ${event.inMs}`;
    case 'unknown':
      return `unknown ${event.name}`;
    case 'usage':
      return `usage ${event.scope} ${event.scope === 'part' ? event.part : event.mode} ${JSON.stringify(event.usage)}`;
    default:
      return event.t;
  }
}

/** Frames of the service, by what they do. */
export const frames = {
  speech: (samples = 240, text?: string) => ({
    serverContent: {
      modelTurn: {
        role: 'model',
        parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data: base64(samples) } }],
      },
      ...(text === undefined ? {} : { outputTranscription: { text } }),
    },
  }),
  said: (text: string) => ({ serverContent: { outputTranscription: { text } } }),
  heard: (text: string) => ({ serverContent: { inputTranscription: { text } } }),
  empty: { serverContent: {} },
  generationComplete: { serverContent: { generationComplete: true } },
  turnComplete: { serverContent: { turnComplete: true } },
  interrupted: { serverContent: { interrupted: true } },
  call: (...ids: string[]) => ({
    toolCall: { functionCalls: ids.map((id) => ({ id, name: 'book', args: { seats: 4 } })) },
  }),
  cancel: (...ids: string[]) => ({ toolCallCancellation: { ids } }),
  prompt: (tokens: number) => ({
    serverContent: {},
    usageMetadata: { promptTokenCount: tokens, totalTokenCount: tokens },
  }),
};

export function base64(samples: number): string {
  return Buffer.from(new Int16Array(samples).fill(9).buffer).toString('base64');
}
