import { ConfigError, type Ms, systemClock } from '../../../core/index.js';
import { connectWebSocket } from '../../../net/index.js';
import { loadScenario } from '../scenario/load.js';
import type { Scenario } from '../scenario/scenario.js';
import type { CallOptions } from './call-agent.js';
import { Caller, type CallerLine } from './caller.js';
import { type CallResult, callResult } from './result.js';
import { sessionEvent } from './server-events.js';
import { ServerLine } from './server-line.js';
import { prepareSounds, rateOf } from './sounds.js';

const connectMs: Ms = 10_000;
const welcomeMs: Ms = 15_000;

/**
 * Calls a running voice server (`repartee/server`) as a page does, over its WebSocket and in real time. `url`: its address,
 * `http://host:port` or `ws://host:port/voice`. Of the agent's session the log has what the server tells its pages. Rejects with
 * ConfigError where scenario or address cannot be and ConnectionError where nobody answers; what goes wrong later is a failure
 * of the result.
 */
export async function callServer(
  given: Scenario,
  url: string,
  options: CallOptions = {},
): Promise<CallResult> {
  const scenario = loadScenario(given);
  if (scenario.clock === 'virtual') {
    throw new ConfigError(
      'options_conflict',
      'A running server lives in real time: clock cannot be virtual.',
      {
        param: 'clock',
      },
    );
  }
  const seed = options.seed ?? scenario.seed ?? 1;
  const clock = systemClock();
  const sounds = await prepareSounds(scenario, seed, rateOf(scenario));
  const { signal } = options;
  const socket = await connectWebSocket(voiceAddress(url), {
    timeoutMs: connectMs,
    clock,
    ...(signal === undefined ? {} : { signal }),
  });
  let server: ServerLine | undefined;
  let isClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    isClosed = resolve;
  });
  const line: CallerLine = {
    audio: (pcm) => server?.audio(pcm),
    playback: (report) => server?.playback(report),
    key: (key) => server?.key(key),
    message: (message) => server?.message(message),
    hangUp: (reason) => server?.hangUp(reason),
  };
  const caller = new Caller({ clock, scenario, seed, sounds, line });
  const late = clock.at(clock.now() + welcomeMs, () => {
    caller.failures.push({ message: `the server did not welcome the caller within ${welcomeMs} ms` });
    socket.close();
  });
  server = new ServerLine(socket, caller.phone, {
    onWelcome: () => {
      late.cancel();
      caller.begin();
    },
    onMessage: (message) => {
      const told = sessionEvent(message);
      if (told === undefined) caller.note('data', String(message.type), message);
      else caller.note('session', told.event, told.data);
    },
    onKeyRefused: () => caller.failures.push({ message: 'the server does not take keys' }),
    onClosed: (reason) => {
      late.cancel();
      caller.ended(reason);
      isClosed();
    },
  });
  const stop = () => {
    caller.failures.push({ message: 'the call was stopped' });
    socket.close();
  };
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop);
  await closed;
  signal?.removeEventListener('abort', stop);
  return callResult(caller, scenario, seed);
}

/** Whether it is the address of a server, and not a file. */
export function isAddress(target: string): boolean {
  return /^(ws|http)s?:\/\//i.test(target);
}

/** The WebSocket of a voice server: `/voice`, where the address names no path of its own. ConfigError `option_invalid`. */
function voiceAddress(url: string): URL {
  if (!isAddress(url) || !URL.canParse(url)) {
    throw new ConfigError(
      'option_invalid',
      `'${url}' is no address of a server: ws://, wss://, http:// or https://.`,
      {
        param: 'url',
      },
    );
  }
  const address = new URL(url.replace(/^http/i, 'ws'));
  if (address.pathname === '/') address.pathname = '/voice';
  return address;
}
