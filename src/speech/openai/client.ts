import { type ErrorDetails, ProviderError, type ReparteeError } from '../../core/index.js';
import { apiKeyOf } from '../api-key.js';
import { loadOpenAI, type OpenAIClient, type OpenAIPeer } from './peer.js';

export interface OpenAIServiceOptions {
  /** Default: `OPENAI_API_KEY`. */
  apiKey?: string;
  /** Up to and with `/v1`. Default: `OPENAI_BASE_URL`, else OpenAI's. */
  baseUrl?: string;
}

/** The SDK with its client. The key is looked up at once: ConfigError `api_key_missing`; `peer_missing` when it is asked for. */
export function openaiClient(options: OpenAIServiceOptions, purpose: string) {
  const apiKey = apiKeyOf(options.apiKey, 'OPENAI_API_KEY', 'openai');
  const baseURL = options.baseUrl ?? (globalThis.process?.env?.OPENAI_BASE_URL || undefined);
  return async (): Promise<{ sdk: OpenAIPeer; client: OpenAIClient }> => {
    const sdk = await loadOpenAI(purpose);
    const client = new sdk.OpenAI({ apiKey, maxRetries: 0, ...(baseURL === undefined ? {} : { baseURL }) });
    return { sdk, client };
  };
}

/** What the SDK threw, as an error of ours: requests that were refused are not tried again. */
export function openaiError(code: 'stt_failed' | 'tts_failed', thrown: unknown): ReparteeError {
  const { status, message } = thrown as { status?: number; message?: string };
  const details: ErrorDetails = { provider: 'openai', cause: thrown };
  if (status !== undefined) {
    details.vendorCode = String(status);
    details.retryable = status === 408 || status === 409 || status === 429 || status >= 500;
  }
  return new ProviderError(code, `openai: ${message ?? String(thrown)}`, details);
}
