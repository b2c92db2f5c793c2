import { pure } from '../../src/core/index.js';
import {
  type EngineEffect,
  type EngineInput,
  type EngineNotice,
  type EngineState,
  type EngineStateOptions,
  engineState,
  type LinkFailure,
} from '../../src/realtime/engine/state.js';
import { engineStep } from '../../src/realtime/engine/step.js';
import type { Capabilities, Cause, Command, Event, TurnRule } from '../../src/realtime/index.js';
import { fullCapabilities, serverVad } from './full-capabilities.js';

/** An input as a table writes it; what is absent is 0. Times hold for the inputs behind it, too. */
export type Bare = EngineInput extends infer I
  ? I extends EngineInput
    ? Omit<I, 'atMs' | 'lineMs'> & { atMs?: number; lineMs?: number }
    : never
  : never;

export interface MachineOptions extends Partial<EngineStateOptions> {
  capabilities?: Partial<Capabilities>;
  turns?: TurnRule;
}

const step = pure(engineStep);

/** Runs `before`, then `inputs`, and gives the effects of the latter by name. */
export function run(
  before: Bare[],
  inputs: Bare[],
  { capabilities, turns = serverVad, ...options }: MachineOptions = {},
): { state: EngineState; said: string[]; effects: EngineEffect[] } {
  let state = engineState({ ...fullCapabilities, ...capabilities }, turns, {
    replyTimeoutMs: 10_000,
    ...options,
  });
  const effects: EngineEffect[] = [];
  let [atMs, lineMs] = [0, 0];
  for (const [index, input] of [...before, ...inputs].entries()) {
    atMs = input.atMs ?? atMs;
    lineMs = input.lineMs ?? lineMs;
    const [next, fx] = step(state, { ...input, atMs, lineMs } as EngineInput);
    state = next;
    if (index >= before.length) effects.push(...fx);
  }
  return { state, said: effects.map(nameOf), effects };
}

export const at = (atMs: number, input: Bare): Bare => ({ ...input, atMs });
/** Where the input line stands, from here on. */
export const line = (lineMs: number, input: Bare): Bare => ({ ...input, lineMs });
export const event = (event: Event): Bare => ({ t: 'event', event });
export const command = (command: Command): Bare => ({ t: 'command', command });
export const connect: Bare = { t: 'connect' };
export const ready = event({ t: 'ready' });
export const nextReady: Bare = { t: 'next_ready', endMs: null };
export const reconnect: Bare = { t: 'reconnect' };
export const interrupt: Bare = { t: 'interrupt' };
export const wakeAt = (atMs: number, silentMs = 0): Bare => ({ t: 'wake', atMs, silentMs });
export const create = (cmd: string) => command({ t: 'reply', cmd });
export const started = (response: string, cause: Cause, outOfBand = false) =>
  event({ t: 'response', phase: 'started', response, cause, outOfBand });
export const startedFor = (response: string, cmd: string) => started(response, { by: 'command', cmd });
export const startedByTurn = (response: string, turn = 'turn_1') => started(response, { by: 'turn', turn });
export const ended = (response: string) =>
  event({ t: 'response', phase: 'ended', response, status: 'completed', basis: 'wire' });
export const audio = (response: string, item = 'item_a', samples = 480) =>
  event({ t: 'audio', response, item, part: 0, pcm: new Int16Array(samples) });
export const speech = (edge: 'start' | 'stop' | 'discarded', turn = 'turn_1', atMs?: number): Bare =>
  event({ t: 'speech', edge, turn, basis: 'wire', ...(atMs === undefined ? {} : { atMs }) });
export const ownEars = (edge: 'start' | 'stop' | 'discarded', turn = 'turn_1', atMs?: number): Bare =>
  event({ t: 'speech', edge, turn, basis: 'local', ...(atMs === undefined ? {} : { atMs }) });
export const committed = (turn = 'turn_1', item = 'item_1', basis: 'wire' | 'reply' = 'wire') =>
  event({ t: 'committed', turn, item, basis });
export const words = (text: string, turn = 'turn_1', how: 'append' | 'final' | 'failed' = 'final') =>
  event({ t: 'heard', turn, text, how });
export const called = (response: string, call = 'call_1') =>
  event({ t: 'call', phase: 'ready', response, call, name: 'f', args: '{}', owner: 'us' });
export const answered = (cmd = 'x', call = 'call_1') =>
  command({ t: 'answer', cmd, call, name: 'f', output: '1', isError: false, more: false, then: 'auto' });

export const broken: LinkFailure = { code: 'connection_lost', message: 'gone', retryable: true };
export const refusedKey: LinkFailure = { code: 'auth_refused', message: 'no', retryable: false };

/** The link is gone. */
export const gone = (more: Partial<Extract<EngineInput, { t: 'gone' }>> = {}): Bare => ({
  t: 'gone',
  planned: false,
  failure: broken,
  flight: [],
  random: 1,
  heard: {},
  instructions: 'Be brief.',
  ...more,
});
/** We let it go ourselves, as `swap` asked for. */
export const letGo = gone({ planned: true });
export const dialFailed = (random = 1, failure = broken, as: 'current' | 'next' = 'current'): Bare => ({
  t: 'dial_failed',
  as,
  failure,
  random,
});

function nameOf(effect: EngineEffect): string {
  switch (effect.t) {
    case 'send':
      return `send ${commandName(effect.command)}`;
    case 'absorb':
      return `absorb ${commandName(effect.command)}`;
    case 'emit':
      return `emit ${eventName(effect.event)}`;
    case 'notice':
      return noticeName(effect.notice);
    case 'dial':
      return `dial ${effect.as}`;
    case 'replay':
      return ['replay', ...effect.turns.map(({ turn }) => turn || 'unnamed')].join(' ');
    case 'cut_short':
      return `cut_short ${effect.item} ${effect.samples}`;
    case 'finish_words':
    case 'commit_turn':
      return `${effect.t} ${effect.turn} ${effect.item}`;
    case 'over':
      return `over ${effect.failure.code}`;
    default:
      return effect.t;
  }
}

function commandName(command: Command): string {
  return 'cmd' in command ? `${command.t} ${command.cmd}` : command.t;
}

function eventName(event: Event): string {
  switch (event.t) {
    case 'response':
      return event.phase === 'ended'
        ? `ended ${event.response} ${event.status}`
        : `${event.phase} ${event.response}`;
    case 'speech':
      return `speech ${event.edge} ${event.turn}`;
    case 'heard':
      return `heard ${event.how}`;
    case 'ack':
      return `ack ${event.cmd} ${event.basis}`;
    case 'refused':
      return `refused ${event.cmd} ${event.code}`;
    case 'item':
      return `item ${event.phase} ${event.item.id}`;
    default:
      return event.t;
  }
}

function noticeName(notice: EngineNotice): string {
  switch (notice.t) {
    case 'generation': {
      const again = notice.phase === 'ended' && notice.again ? ', again' : '';
      return `${notice.phase} ${notice.response} of ${notice.reply.id}/${notice.reply.cause}${again}`;
    }
    case 'reply_failed':
      return `failed ${notice.reply.id} ${notice.code}`;
    case 'lost':
      return `lost ${notice.code}${notice.planned ? ', planned' : ''}`;
    case 'relinked':
      return `relinked after ${notice.tries} tries and ${notice.gapMs} ms, ${notice.replayedMs} ms again`;
    case 'retrying':
      return `retrying ${notice.tries} in ${notice.delayMs} ms`;
    case 'replayed':
      return `replayed ${notice.turn} ${notice.durationMs} ms`;
    case 'dead_air':
      return `dead_air ${notice.turn} after ${notice.waitedMs} ms, ${notice.then}`;
    case 'unanswered':
      return `unanswered ${notice.reply.turn}`;
    case 'interrupted':
      return `interrupted by ${notice.by}`;
    default:
      return notice.t;
  }
}
