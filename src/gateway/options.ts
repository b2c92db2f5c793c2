import { type Clock, ConfigError, type Ids, type ReparteeError } from '../core/index.js';
import type { Dialler, FrameTap } from '../realtime/index.js';
import type { VAD } from '../speech/index.js';
import { checkServing, type GeminiServing } from './gemini/options.js';
import type { GatewayTls } from './tls.js';

export interface GatewayOptions {
  /** What stands behind every connection; each gets a link of its own. */
  model: Dialler;
  /** Names that clients may ask for; another is refused as unknown. Default: any name means `model`. */
  modelNames?: readonly string[];
  /** Default 127.0.0.1. Another than loopback needs `apiKeys`. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** `wss` and `https`. OpenAI's Node SDK speaks nothing else. */
  tls?: GatewayTls;
  /** Keys that clients must show. Default: none is asked for, and only this machine can connect. */
  apiKeys?: readonly string[];
  /** Connections at the same time; more get HTTP 503. Default 1000. */
  maxConnections?: number;
  /** Sees every frame of every connection: `in` from the client, `out` to it. */
  tap?: FrameTap;
  /** Ears for a model whose own wire reports no speech (Gemini); such a model needs them unless its callers mark the turns. */
  vad?: VAD;
  /** Gemini's wire: its clocks, what it keeps, and what goes wrong on purpose. */
  gemini?: GeminiServing;
  /** Failures behind the gateway (a model that cannot be dialled); clients are told by their wire. */
  onError?: (error: ReparteeError) => void;
  clock?: Clock;
  ids?: Ids;
}

/** ConfigError before any socket is opened: `option_invalid`, `open_bind_refused`. */
export function checkOptions(options: GatewayOptions): void {
  const { host = '127.0.0.1', port = 0, apiKeys = [], maxConnections = 1000 } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new ConfigError('option_invalid', `port must be an integer from 0 to 65535, not ${port}.`, {
      param: 'port',
    });
  }
  if (!Number.isInteger(maxConnections) || maxConnections < 1) {
    throw new ConfigError('option_invalid', 'maxConnections must be a positive integer.', {
      param: 'maxConnections',
    });
  }
  if (options.gemini !== undefined) checkServing(options.gemini);
  if (apiKeys.some((key) => !/^[\x21-\x7e]+$/.test(key))) {
    throw new ConfigError('option_invalid', 'Each API key must be printable ASCII without spaces.', {
      param: 'apiKeys',
    });
  }
  if (apiKeys.length === 0 && !isLoopback(host)) {
    throw new ConfigError(
      'open_bind_refused',
      `Without API keys the gateway listens on this machine only, not on ${host}: give apiKeys, or host 127.0.0.1.`,
      { param: 'host' },
    );
  }
}

/** Whether only this machine reaches that name. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare);
}
