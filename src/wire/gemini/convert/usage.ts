import type { Usage } from '../../../chat/item.js';
import type { ModalityTokenCount, UsageMetadata } from '../messages.js';

/** Token counts in our names. Both spellings of the output are read; absent stays absent. */
export function usageFromMetadata(metadata: UsageMetadata): Usage {
  const usage: Usage = {};
  const set = (key: keyof Usage, value: number | undefined) => {
    const count = Number(value);
    if (value !== undefined && count >= 0) usage[key] = count;
  };
  set('inputTokens', metadata.promptTokenCount);
  set('outputTokens', metadata.responseTokenCount ?? metadata.candidatesTokenCount);
  set('totalTokens', metadata.totalTokenCount);
  set('cachedTokens', metadata.cachedContentTokenCount);
  set('thoughtTokens', metadata.thoughtsTokenCount);
  set('inputTextTokens', count(metadata.promptTokensDetails, 'TEXT'));
  set('inputAudioTokens', count(metadata.promptTokensDetails, 'AUDIO'));
  set('inputImageTokens', count(metadata.promptTokensDetails, 'IMAGE', 'VIDEO'));
  set('cachedTextTokens', count(metadata.cacheTokensDetails, 'TEXT'));
  set('cachedAudioTokens', count(metadata.cacheTokensDetails, 'AUDIO'));
  set('cachedImageTokens', count(metadata.cacheTokensDetails, 'IMAGE', 'VIDEO'));
  const output = metadata.responseTokensDetails ?? metadata.candidatesTokensDetails;
  set('outputTextTokens', count(output, 'TEXT'));
  set('outputAudioTokens', count(output, 'AUDIO'));
  return usage;
}

/** The full shape of 3.8 Live, in the words of that service; undefined where nothing is known. */
export function usageToMetadata(
  usage: Usage | undefined,
  surface: 'gemini' | 'vertex' = 'gemini',
): UsageMetadata | undefined {
  if (usage === undefined || Object.keys(usage).length === 0) return undefined;
  const metadata: UsageMetadata = {};
  if (usage.inputTokens !== undefined) metadata.promptTokenCount = usage.inputTokens;
  if (usage.cachedTokens !== undefined) metadata.cachedContentTokenCount = usage.cachedTokens;
  const vertex = surface === 'vertex';
  if (usage.outputTokens !== undefined) {
    metadata[vertex ? 'candidatesTokenCount' : 'responseTokenCount'] = usage.outputTokens;
  }
  if (usage.thoughtTokens !== undefined) metadata.thoughtsTokenCount = usage.thoughtTokens;
  if (usage.totalTokens !== undefined) metadata.totalTokenCount = usage.totalTokens;
  const prompt = details(usage.inputTextTokens, usage.inputAudioTokens, usage.inputImageTokens);
  if (prompt.length > 0) metadata.promptTokensDetails = prompt;
  const output = details(usage.outputTextTokens, usage.outputAudioTokens, undefined);
  if (output.length > 0) metadata[vertex ? 'candidatesTokensDetails' : 'responseTokensDetails'] = output;
  return metadata;
}

function count(list: ModalityTokenCount[] | undefined, ...modalities: string[]): number | undefined {
  let sum: number | undefined;
  for (const { modality, tokenCount } of list ?? []) {
    if (modality !== undefined && modalities.includes(modality)) sum = (sum ?? 0) + Number(tokenCount ?? 0);
  }
  return sum;
}

function details(
  text: number | undefined,
  audio: number | undefined,
  image: number | undefined,
): ModalityTokenCount[] {
  const list: ModalityTokenCount[] = [];
  if (text !== undefined) list.push({ modality: 'TEXT', tokenCount: text });
  if (audio !== undefined) list.push({ modality: 'AUDIO', tokenCount: audio });
  if (image !== undefined) list.push({ modality: 'IMAGE', tokenCount: image });
  return list;
}
