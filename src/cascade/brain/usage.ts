import type { Ms, Usage } from '../../realtime/index.js';

const inputMsPerToken = 100;
const outputMsPerToken = 50;

/**
 * Text tokens as the language model counts them, audio by the figures of OpenAI's price list (a token for 100 ms heard, and
 * for 50 ms spoken). Sums are given only where both their parts are known.
 */
export function usageOf(text: Usage | null, inputMs: Ms, outputMs: Ms): Usage {
  const inputAudioTokens = Math.ceil(inputMs / inputMsPerToken);
  const outputAudioTokens = Math.ceil(outputMs / outputMsPerToken);
  const usage: Usage = { inputAudioTokens, outputAudioTokens };
  if (text?.inputTokens !== undefined) {
    usage.inputTextTokens = text.inputTokens;
    usage.inputTokens = text.inputTokens + inputAudioTokens;
  }
  if (text?.outputTokens !== undefined) {
    usage.outputTextTokens = text.outputTokens;
    usage.outputTokens = text.outputTokens + outputAudioTokens;
  }
  if (usage.inputTokens !== undefined && usage.outputTokens !== undefined) {
    usage.totalTokens = usage.inputTokens + usage.outputTokens;
  }
  if (text?.cachedTokens !== undefined) usage.cachedTokens = text.cachedTokens;
  if (text?.thoughtTokens !== undefined) usage.thoughtTokens = text.thoughtTokens;
  return usage;
}
