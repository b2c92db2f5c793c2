import { AgentSession } from '../../../agent/index.js';
import type { Word } from '../../../chat/item.js';
import {
  type Clock,
  countedIds,
  isDtmfKey,
  type Ms,
  systemClock,
  toReparteeError,
} from '../../../core/index.js';
import { FakeClock } from '../../fake-clock.js';
import { loadScenario } from '../scenario/load.js';
import type { Scenario } from '../scenario/scenario.js';
import type { CalleeSource } from './callee.js';
import { Caller, type CallerLine, type CallerOptions } from './caller.js';
import { CallerTransport } from './caller-transport.js';
import { type CallResult, callResult } from './result.js';
import { logModel, logSession } from './session-log.js';
import { prepareSounds, rateOf } from './sounds.js';

export interface CallOptions {
  /** In place of the scenario's. */
  seed?: number;
  /** Ends the call. */
  signal?: AbortSignal;
}

/** How long a session may take to close after the call, and one that never starts may take at all. */
const graceMs: Ms = 20_000;
/** How far a virtual clock goes at a time. */
const paceMs: Ms = 20;

/**
 * Calls an agent in this process. On the virtual clock (default) a call of a minute takes a moment and the same seed gives the same
 * call; parts that compute in threads or talk to a network need `clock: 'real'`. Rejects with ConfigError where scenario or
 * callee cannot be; whatever goes wrong in the call is a failure of the result.
 */
export async function callAgent(
  given: Scenario,
  callee: CalleeSource,
  options: CallOptions = {},
): Promise<CallResult> {
  const scenario = loadScenario(given);
  const seed = options.seed ?? scenario.seed ?? 1;
  const clock = scenario.clock === 'real' ? systemClock() : new FakeClock();
  const ids = countedIds();
  const sounds = await prepareSounds(scenario, seed, rateOf(scenario));
  // There is nobody to hear before the caller is there.
  let said: () => readonly Word[] = () => [];
  const called = await (typeof callee === 'function'
    ? callee({ clock, ids, seed, scenario, said: () => said() })
    : callee);
  try {
    const session = new AgentSession({ ...called.options, clock, ids });
    const { caller, transport } = linked({ clock, scenario, seed, sounds });
    said = () => caller.said();
    logSession(session, caller);
    const over = new Promise<void>((resolve) => session.once('close', () => resolve()));
    const started = session.start({ agent: called.agent, transport }).catch((thrown: unknown) => {
      // Who hangs up before the agent is there has ended it.
      if (caller.hasHungUp) return;
      const { message } = toReparteeError(thrown, 'listener_threw');
      caller.failures.push({ message: `the agent could not start: ${message}` });
    });
    logModel(session, caller);
    const stop = () => {
      caller.failures.push({ message: 'the call was stopped' });
      void session.close('the call was stopped');
    };
    if (options.signal?.aborted === true) stop();
    options.signal?.addEventListener('abort', stop);
    const limitMs = (scenario.limitMs ?? 60_000) + graceMs;
    try {
      if (!(await passTime(clock, limitMs, Promise.all([over, started])))) {
        const message = `the session did not close within ${graceMs} ms of the call's end`;
        caller.failures.push({ message });
        void session.close(message);
      }
    } finally {
      options.signal?.removeEventListener('abort', stop);
      caller.ended('the session is over');
    }
    return callResult(caller, scenario, seed);
  } finally {
    await called.close?.();
  }
}

/** A caller and the transport that is the other end of the line. */
function linked(parts: Omit<CallerOptions, 'line'>): { caller: Caller; transport: CallerTransport } {
  const line: CallerLine = {
    audio: (pcm) => transport.frame(pcm),
    playback: (report) => transport.playback(report),
    key: (key) => {
      if (isDtmfKey(key)) transport.key(key);
    },
    message: (message) => transport.message(message),
    hangUp: () => transport.hangUp(),
  };
  const caller = new Caller({ ...parts, line });
  const transport = new CallerTransport(caller.phone, {
    onStarted: () => caller.begin(),
    onEnded: (reason) => caller.ended(reason),
    onMessage: (message) => caller.note('data', String(message.type), message),
  });
  return { caller, transport };
}

/** Until it is done or the time is up; false where it is not done. A virtual clock is moved. */
async function passTime(clock: Clock, limitMs: Ms, done: Promise<unknown>): Promise<boolean> {
  let isDone = false;
  const settled = done.then(() => {
    isDone = true;
  });
  const untilMs = clock.now() + limitMs;
  if (clock instanceof FakeClock) {
    while (!isDone && clock.now() < untilMs) await clock.advance(paceMs);
    return isDone;
  }
  // The clock's own timers do not keep the process alive.
  const alive = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => {
    const timer = clock.at(untilMs, resolve);
    void settled.then(() => {
      timer.cancel();
      resolve();
    });
  });
  clearInterval(alive);
  return isDone;
}
