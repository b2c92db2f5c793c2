import { countedIds, type Frame } from '../../../src/core/index.js';
import type { Command, Config, Event, WireMachine } from '../../../src/realtime/index.js';
import { LegalityChecker } from '../../../src/testing/index.js';
import { type GeminiServerOptions, geminiServerMachine } from '../../../src/wire/gemini/index.js';
import { config } from './harness.js';

export const defaults: Config = { ...config, instructions: '', voice: '' };

export const setup = (over: Record<string, unknown> = {}) => ({
  setup: {
    model: 'models/gemini-3.8-live',
    generationConfig: { responseModalities: ['AUDIO'] },
    inputAudioTranscription: {},
    outputAudioTranscription: {},
    ...over,
  },
});

/** A server machine in front of a link that the test plays; a hand-moved clock. */
export class ServerBench {
  readonly commands: Command[] = [];
  readonly frames: unknown[] = [];
  readonly binary: boolean[] = [];
  closes: [number, string][] = [];
  readonly checker = new LegalityChecker();
  nowMs = 0;
  wakeAtMs: number | null = null;
  readonly #machine: WireMachine<Event>;

  constructor(options: Partial<GeminiServerOptions> = {}) {
    this.#machine = geminiServerMachine({
      defaults,
      inputRateHz: 24_000,
      outputRateHz: 24_000,
      toolReply: 'asked',
      ...options,
    })(
      {
        frame: (frame: Frame) => {
          this.binary.push(typeof frame !== 'string');
          this.frames.push(JSON.parse(typeof frame === 'string' ? frame : new TextDecoder().decode(frame)));
        },
        emit: (command) => {
          this.checker.command(command);
          this.commands.push(command);
        },
        wakeAt: (ms) => {
          this.wakeAtMs = ms;
        },
        close: (code, reason) => this.closes.push([code, reason]),
      },
      countedIds(),
    );
  }

  open(over: Record<string, unknown> = {}): this {
    this.client(setup(over));
    this.link({ t: 'ready' });
    this.frames.length = 0;
    this.commands.length = 0;
    return this;
  }

  client(message: unknown): void {
    this.#machine.frame(JSON.stringify(message), this.nowMs);
  }

  frame(frame: Frame): void {
    this.#machine.frame(frame, this.nowMs);
  }

  link(...events: Event[]): void {
    for (const event of events) {
      this.checker.event(event);
      this.#machine.local(event, this.nowMs);
    }
  }

  /** Moves the clock; wakes the machine if it asked for it by then. */
  to(nowMs: number): void {
    this.nowMs = nowMs;
    if (this.wakeAtMs !== null && this.wakeAtMs <= nowMs) this.#machine.wake(nowMs);
  }

  closed(): void {
    this.#machine.closed(1005, '', this.nowMs);
  }

  /** Frames since the last call, in a few words each. */
  take(): string[] {
    return this.frames.splice(0).map(words);
  }

  /** Commands since the last call, in a few words each. */
  takeCommands(): string[] {
    return this.commands.splice(0).map(said);
  }
}

function words(frame: unknown): string {
  const message = frame as Record<string, unknown>;
  const { serverContent, usageMetadata, ...rest } = message;
  const lines: string[] = [];
  if (serverContent !== undefined) {
    const content = serverContent as Record<string, unknown>;
    const parts = (content.modelTurn as { parts?: Record<string, unknown>[] } | undefined)?.parts ?? [];
    for (const part of parts) {
      const { data } = (part.inlineData ?? {}) as { data?: string };
      lines.push(
        data === undefined ? `text '${part.text}'` : `audio ${Buffer.from(data, 'base64').length / 2}`,
      );
    }
    for (const key of ['inputTranscription', 'outputTranscription'] as const) {
      const { text } = (content[key] ?? {}) as { text?: string };
      if (text !== undefined) lines.push(`${key === 'inputTranscription' ? 'heard' : 'said'} '${text}'`);
    }
    for (const key of ['interrupted', 'generationComplete', 'turnComplete'] as const) {
      if (content[key] === true) lines.push(key);
    }
    if (content.turnCompleteReason !== undefined) lines.push(String(content.turnCompleteReason));
    if (Object.keys(content).length === 0) lines.push('{}');
  }
  if (usageMetadata !== undefined) lines.push(`usage ${JSON.stringify(usageMetadata)}`);
  for (const [key, value] of Object.entries(rest)) lines.push(`${key} ${JSON.stringify(value)}`);
  return lines.join(' + ');
}

function said(command: Command): string {
  switch (command.t) {
    case 'audio':
      return `audio ${command.pcm.length} at ${command.atMs}`;
    case 'activity':
      return `activity ${command.edge}`;
    case 'item.add': {
      const { item } = command;
      if (item.kind === 'message') {
        return `add ${item.role} ${item.parts.map((part) => (part.kind === 'text' ? `'${part.text}'` : part.kind))}`;
      }
      return `add ${item.kind}`;
    }
    case 'answer':
      return `answer ${command.call} ${command.name} ${command.output}${command.isError ? ' error' : ''}${command.more ? ' more' : ''} ${command.then}`;
    case 'item.cut':
      return `cut ${command.item} at ${command.heardMs}`;
    case 'stop':
      return `stop ${command.response}`;
    case 'configure':
      return `configure ${JSON.stringify(command.patch)}`;
    default:
      return command.t;
  }
}

/** Events of a link, for short. */
export const link = {
  started: (response = 'r1'): Event => ({
    t: 'response',
    phase: 'started',
    response,
    cause: { by: 'wire' },
    outOfBand: false,
  }),
  part: (phase: 'started' | 'done', item = 'm1', response = 'r1'): Event => ({
    t: 'part',
    phase,
    response,
    item,
    index: 0,
    part: 0,
    kind: 'audio',
  }),
  audio: (ms: number, item = 'm1', response = 'r1'): Event => ({
    t: 'audio',
    response,
    item,
    part: 0,
    pcm: new Int16Array(ms * 24).fill(5),
  }),
  said: (text: string, how: 'append' | 'final' = 'append', item = 'm1', response = 'r1'): Event => ({
    t: 'said',
    response,
    item,
    part: 0,
    text,
    how,
    stage: 'spoken',
  }),
  heard: (text: string, how: 'append' | 'replace' | 'final' | 'failed' = 'append'): Event => ({
    t: 'heard',
    turn: 't1',
    text,
    how,
  }),
  call: (call: string, response = 'r1'): Event => ({
    t: 'call',
    phase: 'ready',
    response,
    call,
    name: 'book',
    args: '{"seats":4}',
    owner: 'us',
  }),
  ended: (
    status: 'completed' | 'cancelled' | 'incomplete' | 'failed' = 'completed',
    over: Partial<Extract<Event, { t: 'response'; phase: 'ended' }>> = {},
    response = 'r1',
  ): Event => ({
    t: 'response',
    phase: 'ended',
    response,
    status,
    basis: 'wire',
    ...over,
  }),
  speech: (edge: 'start' | 'stop', turn = 't1'): Event => ({
    t: 'speech',
    edge,
    turn,
    basis: 'wire',
    atMs: 440,
  }),
};
