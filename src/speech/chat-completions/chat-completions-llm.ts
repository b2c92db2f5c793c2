import { type Clock, ConfigError, type Ms, systemClock } from '../../core/index.js';
import type { LLM, LlmRequest } from '../contracts.js';
import { ChatStream } from './chat-stream.js';
import { chatMessages } from './messages.js';

export interface ChatCompletionsOptions {
  /** Of the API, such as `https://api.openai.com/v1` or `http://127.0.0.1:11434/v1`; a query in it is kept. */
  baseUrl: string;
  /** Sent as `Authorization: Bearer …`; absent for servers without keys. */
  apiKey?: string;
  model: string;
  headers?: Record<string, string>;
  /** Over the fields of every request, such as `{ temperature: 0.2 }`. */
  body?: Record<string, unknown>;
  /** What the limit of tokens is called. Default `max_tokens`; OpenAI's reasoning models want the other. */
  tokenLimitField?: 'max_tokens' | 'max_completion_tokens';
  /** Ask for token counts (`stream_options`). Default true; some older servers refuse the field. */
  usage?: boolean;
  /** How long the server may send nothing. Default 30 000. */
  timeoutMs?: Ms;
  /** In place of the global one, for proxies and tests. */
  fetch?: typeof globalThis.fetch;
  clock?: Clock;
}

/**
 * A language model behind any OpenAI-compatible `/chat/completions` endpoint, streaming, with tools. A chat is one HTTP
 * request; its `close` aborts it, and `LLM.close` aborts all. ConfigError `option_invalid` for a URL or name that is none.
 * A chat fails with `auth_refused`, `model_not_found`, `rate_limited`, `quota_exhausted`, `provider_refused`, `provider_failed`,
 * `connect_failed`, `connect_timeout`, `connection_lost`, `reply_timeout`, `frame_malformed` or `frame_too_large`.
 */
export function chatCompletionsLlm(options: ChatCompletionsOptions): LLM {
  const url = endpoint(options.baseUrl);
  const { model, apiKey, timeoutMs = 30_000 } = options;
  if (model.trim() === '') {
    throw new ConfigError('option_invalid', 'model must name a model of the server.', { param: 'model' });
  }
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    ...(apiKey === undefined || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` }),
    ...options.headers,
  };
  const open = new Set<ChatStream>();
  return {
    name: model,
    chat(request) {
      const stream = new ChatStream(
        {
          url,
          model,
          timeoutMs,
          clock: options.clock ?? systemClock(),
          // Called without a receiver: browsers refuse their fetch as a method of something else.
          fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
        },
        { method: 'POST', headers, body: JSON.stringify(requestBody(options, request)) },
        () => open.delete(stream),
      );
      open.add(stream);
      return stream;
    },
    async close() {
      for (const stream of [...open]) stream.close();
    },
  };
}

function requestBody(options: ChatCompletionsOptions, request: LlmRequest): Record<string, unknown> {
  const { tools, toolChoice, maxOutputTokens } = request;
  const body: Record<string, unknown> = {
    model: options.model,
    messages: chatMessages(request),
    stream: true,
  };
  if (options.usage !== false) body.stream_options = { include_usage: true };
  if (typeof maxOutputTokens === 'number') body[options.tokenLimitField ?? 'max_tokens'] = maxOutputTokens;
  if (tools.length > 0) {
    body.tools = tools.map((tool) => ({ type: 'function', function: tool }));
    body.tool_choice =
      typeof toolChoice === 'string' ? toolChoice : { type: 'function', function: { name: toolChoice.name } };
  }
  return { ...body, ...options.body };
}

function endpoint(baseUrl: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl);
  } catch (cause) {
    throw invalidUrl(baseUrl, cause);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw invalidUrl(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`;
  return url.href;
}

function invalidUrl(baseUrl: string, cause?: unknown): ConfigError {
  const message = `baseUrl must be an http or https URL such as https://api.openai.com/v1, not '${baseUrl}'.`;
  return new ConfigError('option_invalid', message, { param: 'baseUrl', cause });
}
