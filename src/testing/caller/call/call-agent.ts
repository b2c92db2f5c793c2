import { AgentSession } from '../../../agent/index.js';
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
import { telephoneRateHz } from '../sound/index.js';
import type { CalleeSource } from './callee.js';
import { Caller, type CallerLine } from './caller.js';
import { CallerTransport } from './caller-transport.js';
import { type CallResult, callResult } from './result.js';
import { logModel, logSession } from './session-log.js';
import { prepareSounds } from './sounds.js';

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
  const { line: conditions = {} } = scenario;
  const rateHz = conditions.telephone === true ? telephoneRateHz : (conditions.sampleRateHz ?? 24_000);
  const sounds = await prepareSounds(scenario, seed, rateHz);
  const {
    agent,
    options: parts,
    close,
  } = await (typeof callee === 'function' ? callee({ clock, ids, seed, scenario }) : callee);
  try {
    const session = new AgentSession({ ...parts, clock, ids });
    let transport: CallerTransport | undefined;
    const line: CallerLine = {
      audio: (pcm) => transport?.frame(pcm),
      playback: (report) => transport?.playback(report),
      key: (key) => {
        if (isDtmfKey(key)) transport?.key(key);
      },
      message: (message) => transport?.message(message),
      hangUp: () => transport?.hangUp(),
    };
    const caller = new Caller({ clock, scenario, seed, sounds, line });
    transport = new CallerTransport(caller.phone, {
      onStarted: () => caller.begin(),
      onEnded: (reason) => caller.ended(reason),
      onMessage: (message) => caller.note('data', String(message.type), message),
    });
    const over = closed(session);
    logSession(session, caller);
    const started = session.start({ agent, transport }).catch((thrown: unknown) => {
      caller.failures.push({
        message: `the agent could not start: ${toReparteeError(thrown, 'listener_threw').message}`,
      });
    });
    logModel(session, caller);
    const stop = () => void session.close('the call was stopped');
    options.signal?.addEventListener('abort', stop);
    const limitMs = (scenario.limitMs ?? 60_000) + graceMs;
    const isOver = await passTime(clock, limitMs, Promise.all([over, started]));
    options.signal?.removeEventListener('abort', stop);
    caller.ended('the session is over');
    if (!isOver)
      caller.failures.push({ message: `the session did not close within ${graceMs} ms of the call's end` });
    if (options.signal?.aborted === true) caller.failures.push({ message: 'the call was stopped' });
    return callResult(caller, scenario, seed);
  } finally {
    await close?.();
  }
}

function closed(session: AgentSession): Promise<void> {
  return new Promise((resolve) => session.once('close', () => resolve()));
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
  await new Promise<void>((resolve) => {
    // The wheel's timer does not keep the process alive; this does.
    const alive = setInterval(() => {}, 60_000);
    const timer = clock.at(untilMs, resolve);
    void settled.then(resolve).finally(() => timer.cancel());
    void settled.finally(() => clearInterval(alive));
    clock.at(untilMs, () => clearInterval(alive));
  });
  return isDone;
}
