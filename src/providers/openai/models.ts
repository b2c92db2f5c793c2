/** Facts of one model. `contextTokens`, `maxOutputTokens`: as the vendor documents them (2026-11). */
export interface ModelFacts {
  contextTokens: number;
  maxOutputTokens: number;
  /** Takes `reasoning` and `parallel_tool_calls`; other models refuse a session that names them. */
  reasoning: boolean;
  /** ISO date of the announced end; absent = none announced. */
  endsOn?: string;
}

/** One generation before the newest: 32k of context, no reasoning. */
const plain: ModelFacts = { contextTokens: 32_000, maxOutputTokens: 4096, reasoning: false };
const reasoning: ModelFacts = { contextTokens: 128_000, maxOutputTokens: 32_000, reasoning: true };
const endsOn = '2027-01-20';

/** The realtime models by name; others are passed to the server as they are, with the facts of the newest. */
export const models: Readonly<Record<string, ModelFacts>> = {
  'gpt-realtime-2.1': reasoning,
  'gpt-realtime-2.1-mini': reasoning,
  'gpt-realtime-2': reasoning,
  'gpt-realtime-1.5': plain,
  'gpt-realtime': { ...plain, endsOn },
  'gpt-realtime-2025-08-28': { ...plain, endsOn },
  'gpt-realtime-mini': { ...plain, endsOn },
  'gpt-realtime-mini-2025-10-06': { ...plain, endsOn },
  'gpt-realtime-mini-2025-12-15': { ...plain, endsOn },
};

export const defaultModel = 'gpt-realtime-2.1';

export function modelFacts(model: string): ModelFacts {
  return models[model] ?? reasoning;
}
