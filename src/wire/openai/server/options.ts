import type { Config, Ms } from '../../../realtime/contract.js';
import type { ServerDialect } from '../dialects/dialect.js';
import type { RealtimeSessionUpdate } from '../events.js';

export interface OpenAIServerOptions {
  /** As `session.model` shows it. */
  model: string;
  /** What the model behind is set to before any update. */
  defaults: Config;
  /** A starting configuration over `defaults`, such as a client secret holds; it has been validated. */
  session?: RealtimeSessionUpdate;
  /** Rate of the `audio` commands that the link takes. */
  inputRateHz: number;
  /** Rate of the `audio` events that the link gives. */
  outputRateHz: number;
  /** Unix seconds at which the session ends, as `session.expires_at` shows it. */
  expiresAt: number;
  /** The model behind calls the tool servers (MCP) of a session by itself. Default: it does not, and their lists fail. */
  hostedTools?: boolean;
  /** How the client's words differ from the GA wire's. Default: they do not. */
  dialect?: ServerDialect;
  limits?: Partial<ServerLimits>;
}

/** What one connection may hold and for how long. */
export interface ServerLimits {
  /** Characters of one client event; longer ones are refused and the session goes on. Vendor: 15 MiB of audio. */
  eventChars: number;
  /** Characters of events that came before the model was ready. */
  heldChars: number;
  /** Time for the model to become ready. */
  readyMs: Ms;
  /** Length of a session. Vendor: 60 minutes. */
  sessionMs: Ms;
  /** Bytes of audio kept for `conversation.item.retrieve`, of both sides together; the oldest go first. 0 = none. */
  keptAudioBytes: number;
  /** Items of a conversation. */
  items: number;
  /** Characters of all items that the client made, images and audio included. */
  itemChars: number;
}

export const defaultLimits: ServerLimits = {
  eventChars: 15 * 1024 * 1024 + 1024,
  heldChars: 16 * 1024 * 1024,
  readyMs: 30_000,
  sessionMs: 3_600_000,
  keptAudioBytes: 8 * 1024 * 1024,
  items: 4096,
  itemChars: 64 * 1024 * 1024,
};
