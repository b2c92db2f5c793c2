/**
 * Every error code of the house, who must act on it, and whether trying again can help.
 * `docs/errors.md` has a row for each; a test holds the two together.
 */
export const errorTable = {
  // ConfigError: thrown before any I/O.
  option_invalid: { class: 'ConfigError', retryable: false },
  options_conflict: { class: 'ConfigError', retryable: false },
  option_unsupported: { class: 'ConfigError', retryable: false },
  api_key_missing: { class: 'ConfigError', retryable: false },
  peer_missing: { class: 'ConfigError', retryable: false },
  file_unreadable: { class: 'ConfigError', retryable: false },
  file_unwritable: { class: 'ConfigError', retryable: false },
  port_in_use: { class: 'ConfigError', retryable: false },
  open_bind_refused: { class: 'ConfigError', retryable: false },
  // StateError: a call that the present state does not allow.
  closed: { class: 'StateError', retryable: false },
  not_started: { class: 'StateError', retryable: false },
  already_started: { class: 'StateError', retryable: false },
  illegal_command: { class: 'StateError', retryable: false },
  task_cancelled: { class: 'StateError', retryable: false },
  // ConnectionError: the model's socket.
  connect_failed: { class: 'ConnectionError', retryable: true },
  connect_timeout: { class: 'ConnectionError', retryable: true },
  connection_lost: { class: 'ConnectionError', retryable: true },
  auth_refused: { class: 'ConnectionError', retryable: false },
  session_expired: { class: 'ConnectionError', retryable: true },
  // ProviderError: the model's service answered with a refusal.
  provider_refused: { class: 'ProviderError', retryable: false },
  provider_failed: { class: 'ProviderError', retryable: true },
  rate_limited: { class: 'ProviderError', retryable: true },
  quota_exhausted: { class: 'ProviderError', retryable: false },
  model_not_found: { class: 'ProviderError', retryable: false },
  reply_timeout: { class: 'ProviderError', retryable: true },
  reply_failed: { class: 'ProviderError', retryable: true },
  handoff_failed: { class: 'ProviderError', retryable: true },
  stt_failed: { class: 'ProviderError', retryable: true },
  transcript_timeout: { class: 'ProviderError', retryable: true },
  turn_detector_failed: { class: 'ProviderError', retryable: true },
  tts_failed: { class: 'ProviderError', retryable: true },
  llm_failed: { class: 'ProviderError', retryable: true },
  // WireError: what came over a socket is not what the wire says.
  frame_malformed: { class: 'WireError', retryable: false },
  frame_too_large: { class: 'WireError', retryable: false },
  event_unknown: { class: 'WireError', retryable: false },
  audio_malformed: { class: 'WireError', retryable: false },
  wav_malformed: { class: 'WireError', retryable: false },
  // TransportError: the caller's side.
  transport_lost: { class: 'TransportError', retryable: true },
  transport_overflow: { class: 'TransportError', retryable: true },
  microphone_denied: { class: 'TransportError', retryable: false },
  microphone_missing: { class: 'TransportError', retryable: false },
  camera_denied: { class: 'TransportError', retryable: false },
  camera_missing: { class: 'TransportError', retryable: false },
  playback_failed: { class: 'TransportError', retryable: false },
  // ToolError: a tool of the application.
  tool_unknown: { class: 'ToolError', retryable: false },
  tool_arguments_invalid: { class: 'ToolError', retryable: false },
  capture_failed: { class: 'ToolError', retryable: false },
  tool_failed: { class: 'ToolError', retryable: false },
  tool_timeout: { class: 'ToolError', retryable: true },
  tool_source_failed: { class: 'ToolError', retryable: true },
  // UnsupportedError: this wire, model or machine cannot do it.
  unsupported: { class: 'UnsupportedError', retryable: false },
  // A listener of the application threw.
  listener_threw: { class: 'StateError', retryable: false },
} as const;

export type ErrorCode = keyof typeof errorTable;
export type ErrorClass = (typeof errorTable)[ErrorCode]['class'];
type CodeOf<C extends ErrorClass> = {
  [K in ErrorCode]: (typeof errorTable)[K]['class'] extends C ? K : never;
}[ErrorCode];

export interface ErrorDetails {
  cause?: unknown;
  /** Name of the vendor whose service or wire it came from. */
  provider?: string;
  /** The vendor's own code, close code or HTTP status, as text. */
  vendorCode?: string;
  /** Path of the option or field at fault. */
  param?: string;
  /** Overrides the table where the vendor says so. */
  retryable?: boolean;
}

/** Base of all errors of the house: `code` says what happened, the class who must act, `retryable` whether again can help. */
export class ReparteeError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly provider: string | undefined;
  readonly vendorCode: string | undefined;
  readonly param: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = errorTable[code].class;
    this.code = code;
    this.retryable = details.retryable ?? errorTable[code].retryable;
    this.provider = details.provider;
    this.vendorCode = details.vendorCode;
    this.param = details.param;
  }
}

function errorClass<C extends ErrorClass>(_class: C) {
  return class extends ReparteeError {
    // Not useless: it narrows the codes that this class may carry.
    constructor(code: CodeOf<C>, message: string, details?: ErrorDetails) {
      super(code, message, details);
    }
  };
}

export class ConfigError extends errorClass('ConfigError') {}
export class StateError extends errorClass('StateError') {}
export class ConnectionError extends errorClass('ConnectionError') {}
export class ProviderError extends errorClass('ProviderError') {}
export class WireError extends errorClass('WireError') {}
export class TransportError extends errorClass('TransportError') {}
export class ToolError extends errorClass('ToolError') {}
export class UnsupportedError extends errorClass('UnsupportedError') {}

const classes: {
  [C in ErrorClass]: new (
    code: never,
    message: string,
    details?: ErrorDetails,
  ) => ReparteeError;
} = {
  ConfigError,
  StateError,
  ConnectionError,
  ProviderError,
  WireError,
  TransportError,
  ToolError,
  UnsupportedError,
};

/** An error of the class that the table gives to `code`: for codes known only at run time. */
export function errorOf(code: ErrorCode, message: string, details?: ErrorDetails): ReparteeError {
  return new classes[errorTable[code].class](code as never, message, details);
}

/** Turns whatever was thrown into a ReparteeError; one of ours passes through unchanged. */
export function toReparteeError(thrown: unknown, code: ErrorCode, prefix = ''): ReparteeError {
  if (thrown instanceof ReparteeError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return errorOf(code, prefix + text, { cause: thrown });
}
