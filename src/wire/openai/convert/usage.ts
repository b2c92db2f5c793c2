import type { Usage } from '../../../realtime/contract.js';
import type { TranscriptionUsage, WireUsage } from '../events.js';

/** Where each of our counts stands in the wire's usage. */
const places: readonly (readonly [keyof Usage, readonly string[]])[] = [
  ['totalTokens', ['total_tokens']],
  ['inputTokens', ['input_tokens']],
  ['outputTokens', ['output_tokens']],
  ['inputTextTokens', ['input_token_details', 'text_tokens']],
  ['inputAudioTokens', ['input_token_details', 'audio_tokens']],
  ['inputImageTokens', ['input_token_details', 'image_tokens']],
  ['cachedTokens', ['input_token_details', 'cached_tokens']],
  ['cachedTextTokens', ['input_token_details', 'cached_tokens_details', 'text_tokens']],
  ['cachedAudioTokens', ['input_token_details', 'cached_tokens_details', 'audio_tokens']],
  ['cachedImageTokens', ['input_token_details', 'cached_tokens_details', 'image_tokens']],
  ['outputTextTokens', ['output_token_details', 'text_tokens']],
  ['outputAudioTokens', ['output_token_details', 'audio_tokens']],
];

/** What the wire does not say stays absent. */
export function usageFromWire(wire: WireUsage): Usage {
  const usage: Usage = {};
  for (const [name, path] of places) {
    let value: unknown = wire;
    for (const key of path) value = isRecord(value) ? value[key] : undefined;
    if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) usage[name] = value;
  }
  return usage;
}

export function usageToWire(usage: Usage): WireUsage {
  const wire: Record<string, unknown> = {};
  for (const [name, path] of places) {
    const value = usage[name];
    if (value === undefined) continue;
    let at = wire;
    for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
    at[path[path.length - 1]!] = value;
  }
  return wire;
}

/** By tokens, or by the length of the audio; `null` where it is neither. */
export function transcriptionUsageFromWire(wire: TranscriptionUsage): Usage | null {
  if (wire.type === 'tokens') return usageFromWire(wire);
  const { type, seconds } = wire;
  return type === 'duration' && Number.isFinite(seconds) && seconds >= 0
    ? { inputAudioMs: Math.round(seconds * 1_000) }
    : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
