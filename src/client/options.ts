import { ConfigError, type JsonObject, type ReparteeError } from '../core/index.js';
import { browserPlatform } from './browser-platform.js';
import { defaultRetryPolicy, type RetryPolicy } from './connection-machine.js';
import type { MicrophoneChoice, VoicePlatform } from './platform.js';
import type { VoiceStatus } from './status.js';

export interface VoiceOptions {
  /** The server's WebSocket: `wss://…`, `https://…`, or a path on the page's own server. */
  url: string | URL;
  /** Default: the microphone that the browser chooses. */
  microphone?: MicrophoneChoice;
  /** Start with the microphone muted. */
  muted?: boolean;
  /** What to do after a lost connection; `false`: close. */
  retry?: Partial<RetryPolicy> | false;
  /** Aborting it before the promise has settled gives up, and rejects with StateError `closed`. */
  signal?: AbortSignal;
  /** Listeners set from the first moment on; `client.on` adds more later. */
  onStatus?: (status: VoiceStatus) => void;
  onData?: (message: JsonObject) => void;
  onError?: (error: ReparteeError) => void;
  /** Default: the browser. */
  platform?: VoicePlatform;
}

export interface VoiceSettings {
  url: string;
  microphone: MicrophoneChoice;
  muted: boolean;
  retry: RetryPolicy;
  platform: VoicePlatform;
}

/** Defaults filled in. ConfigError `option_invalid`. */
export function voiceSettings(options: VoiceOptions): VoiceSettings {
  const retry = options.retry === false ? { maxAttempts: 0 } : (options.retry ?? {});
  const policy = { ...defaultRetryPolicy, ...retry };
  for (const name of ['maxAttempts', 'firstRetryMs', 'maxRetryMs'] as const) {
    if (!(policy[name] >= 0)) {
      throw new ConfigError('option_invalid', `'retry.${name}' must be a number, zero or more.`, {
        param: `retry.${name}`,
      });
    }
  }
  return {
    url: socketUrl(options.url, globalThis.location?.href),
    microphone: options.microphone ?? {},
    muted: options.muted ?? false,
    retry: policy,
    platform: options.platform ?? browserPlatform(),
  };
}

/** `http` becomes `ws`, a relative address starts from the page's. */
export function socketUrl(url: string | URL, pageUrl: string | undefined): string {
  let parsed: URL;
  try {
    parsed = new URL(url, pageUrl);
  } catch (cause) {
    throw new ConfigError('option_invalid', `'${url}' is not an address.`, { param: 'url', cause });
  }
  if (parsed.protocol === 'http:') parsed.protocol = 'ws:';
  if (parsed.protocol === 'https:') parsed.protocol = 'wss:';
  if (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:') {
    throw new ConfigError('option_invalid', `'${url}' is not a ws, wss, http or https address.`, {
      param: 'url',
    });
  }
  parsed.hash = '';
  return parsed.href;
}
