import type { Usage } from '../../chat/item.js';
import { ProviderError, WireError } from '../../core/index.js';
import type { LlmEvent } from '../contracts.js';

/** Beyond these a model is running away. */
const maxTextChars = 1_000_000;
const maxArgsChars = 256_000;
const maxCalls = 64;

type Finish = Extract<LlmEvent, { t: 'done' }>['reason'];

interface Call {
  index: number;
  id: string;
  name: string;
  args: string;
}

/**
 * Puts the chunks of one completion together. Text goes on at once; calls, whose arguments come in pieces, when the
 * completion is over. Throws WireError `frame_malformed` or `frame_too_large`, ProviderError `provider_failed`.
 */
export class Completion {
  readonly #calls: Call[] = [];
  #textChars = 0;
  #finish: Finish | undefined;
  #usage: Usage | undefined;

  /** The model has said how it finished; only usage can follow. */
  get finished(): boolean {
    return this.#finish !== undefined;
  }

  /** Takes the data of one event; gives the text in it. */
  chunk(data: string): string {
    const chunk = parse(data);
    if (isRecord(chunk.error)) {
      const message = typeof chunk.error.message === 'string' ? chunk.error.message : 'no reason given';
      throw new ProviderError('provider_failed', `The server broke off its answer: ${message}.`);
    }
    if (isRecord(chunk.usage)) this.#usage = usageOf(chunk.usage);
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (!isRecord(choice)) return '';
    if (typeof choice.finish_reason === 'string') this.#finish = finishOf(choice.finish_reason);
    const delta = choice.delta;
    if (!isRecord(delta)) return '';
    if (Array.isArray(delta.tool_calls)) for (const piece of delta.tool_calls) this.#callPiece(piece);
    const text = textOf(delta.content) + textOf(delta.refusal);
    this.#textChars += text.length;
    if (this.#textChars > maxTextChars) tooLarge('text', maxTextChars);
    return text;
  }

  /** The calls, and how it ended. */
  end(): LlmEvent[] {
    const calls = this.#calls.map(
      ({ id, name, args }): LlmEvent => ({
        t: 'call',
        call: id,
        name,
        args: args.trim() === '' ? '{}' : args,
      }),
    );
    // Some servers say "stop" although they called.
    const reason = calls.length > 0 && this.#finish !== 'length' ? 'calls' : (this.#finish ?? 'stop');
    return [...calls, { t: 'done', reason, ...(this.#usage === undefined ? {} : { usage: this.#usage }) }];
  }

  /** A piece belongs to the call of its index. Servers that give every call index 0 tell them apart by a new id. */
  #callPiece(piece: unknown): void {
    if (!isRecord(piece)) return;
    const index = typeof piece.index === 'number' ? piece.index : Math.max(0, this.#calls.length - 1);
    const id = typeof piece.id === 'string' ? piece.id : '';
    let call = this.#calls.findLast((other) => other.index === index);
    if (call === undefined || (id !== '' && call.id !== '' && call.id !== id)) {
      call = { index, id, name: '', args: '' };
      this.#calls.push(call);
      if (this.#calls.length > maxCalls) tooLarge('calls', maxCalls);
    }
    if (call.id === '') call.id = id;
    if (!isRecord(piece.function)) return;
    call.name ||= textOf(piece.function.name);
    call.args += textOf(piece.function.arguments);
    if (call.args.length > maxArgsChars) tooLarge('arguments', maxArgsChars);
  }
}

function parse(data: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    value = undefined;
  }
  if (isRecord(value)) return value;
  const start = data.length > 60 ? `${data.slice(0, 60)}…` : data;
  throw new WireError(
    'frame_malformed',
    `The server streamed something that is no chat completion (${start}); check that baseUrl is an OpenAI-compatible API.`,
  );
}

function finishOf(reason: string): Finish {
  if (reason === 'length') return 'length';
  if (reason === 'content_filter') return 'filter';
  return reason === 'tool_calls' || reason === 'function_call' ? 'calls' : 'stop';
}

function usageOf(raw: Record<string, unknown>): Usage {
  const usage: Usage = {};
  const put = (name: keyof Usage, value: unknown) => {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) usage[name] = value;
  };
  put('inputTokens', raw.prompt_tokens);
  put('outputTokens', raw.completion_tokens);
  put('totalTokens', raw.total_tokens);
  if (isRecord(raw.prompt_tokens_details)) put('cachedTokens', raw.prompt_tokens_details.cached_tokens);
  if (isRecord(raw.completion_tokens_details)) {
    put('thoughtTokens', raw.completion_tokens_details.reasoning_tokens);
  }
  return usage;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tooLarge(what: string, limit: number): never {
  throw new WireError(
    'frame_too_large',
    `The model's answer has more ${what} than ${limit}; it was stopped.`,
  );
}
