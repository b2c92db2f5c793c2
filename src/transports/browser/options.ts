import { type Clock, ConfigError, type Ms, type ReparteeError, systemClock } from '../../core/index.js';

export interface BrowserTransportOptions {
  /** Default: the clock of the process. */
  clock?: Clock;
  /** How long the page may take to say `hello` after `start`. Default 10,000. */
  helloTimeoutMs?: Ms;
  /** How long `output.clear()` waits for the page's exact answer before it gives an estimate. Default 300. */
  clearTimeoutMs?: Ms;
  /** How much audio the page is given ahead of what it has played. Default 2,000. */
  leadMs?: Ms;
  /** How much audio may wait on the server; writes beyond it are dropped with a notice `transport_overflow`. Default 300,000. */
  maxQueuedMs?: Ms;
  /** A page that sends nothing at all for this long is taken as gone. Default 20,000 (the client pings every 5,000). */
  silenceTimeoutMs?: Ms;
  /** Told of what went wrong without ending the connection: frames that could not be read, audio that was dropped. */
  onNotice?: (error: ReparteeError) => void;
}

export type BrowserTransportSettings = Required<BrowserTransportOptions>;

/** Defaults filled in. ConfigError `option_invalid` for a time that is not a positive number. */
export function browserTransportSettings(options: BrowserTransportOptions): BrowserTransportSettings {
  const ms = (name: keyof BrowserTransportOptions & `${string}Ms`, preset: Ms): Ms => {
    const value = options[name] ?? preset;
    if (Number.isFinite(value) && value > 0) return value;
    throw new ConfigError('option_invalid', `'${name}' must be a number of milliseconds above zero.`, {
      param: name,
    });
  };
  return {
    clock: options.clock ?? systemClock(),
    helloTimeoutMs: ms('helloTimeoutMs', 10_000),
    clearTimeoutMs: ms('clearTimeoutMs', 300),
    leadMs: ms('leadMs', 2_000),
    maxQueuedMs: ms('maxQueuedMs', 300_000),
    silenceTimeoutMs: ms('silenceTimeoutMs', 20_000),
    onNotice: options.onNotice ?? (() => {}),
  };
}
