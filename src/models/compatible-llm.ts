import { ConfigError } from '../core/index.js';
import type { LLM } from '../speech/contracts.js';

/** A service with an endpoint like OpenAI's chat completions. */
export interface CompatibleVendor {
  name: string;
  baseUrl: string;
  /** Environment variable that holds another address. */
  baseUrlVariable: string;
  /** Environment variable that holds the key; absent for services without keys. */
  keyVariable?: string;
  tokenLimitField?: 'max_tokens' | 'max_completion_tokens';
}

/** ConfigError `option_invalid` where no model is named, `api_key_missing`. */
export async function compatibleLlm(vendor: CompatibleVendor, model: string): Promise<LLM> {
  const { name, keyVariable, tokenLimitField } = vendor;
  if (model === '') {
    throw new ConfigError('option_invalid', `Name a model of ${name}: '${name}/…'.`, { param: 'llm' });
  }
  const baseUrl = environment(vendor.baseUrlVariable) ?? vendor.baseUrl;
  const apiKey = keyVariable === undefined ? undefined : environment(keyVariable);
  if (apiKey === undefined && keyVariable !== undefined && baseUrl === vendor.baseUrl) {
    const message = `No API key: set ${keyVariable}, or give chatCompletionsLlm() from repartee/speech/chat-completions as llm.`;
    throw new ConfigError('api_key_missing', message, { param: 'llm', provider: name });
  }
  const { chatCompletionsLlm } = await import('../speech/chat-completions/index.js');
  return chatCompletionsLlm({
    baseUrl,
    model,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tokenLimitField === undefined ? {} : { tokenLimitField }),
  });
}

/** Empty is as good as absent; in a browser there is none. */
function environment(name: string): string | undefined {
  return globalThis.process?.env?.[name] || undefined;
}
