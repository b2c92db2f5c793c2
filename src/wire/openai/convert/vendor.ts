import type {
  Include,
  InputTranscription,
  McpTool,
  NoiseReduction,
  RealtimeSessionUpdate,
  Reasoning,
  StoredPrompt,
  Tracing,
  Truncation,
} from '../events.js';

/**
 * `Config.vendor` and `Overrides.vendor` where OpenAI's wire is meant: what only this vendor has. Values are in the
 * wire's own shape; absent = the vendor's default.
 */
export interface OpenAIVendor {
  /** 0.25..1.5 */
  speed?: number;
  /** 1..4096 or `inf` */
  maxOutputTokens?: number | 'inf';
  noiseReduction?: Partial<NoiseReduction> | null;
  /** Reasoning models only, as the next. */
  reasoning?: Reasoning;
  parallelToolCalls?: boolean;
  truncation?: Truncation;
  tracing?: Tracing;
  prompt?: StoredPrompt | null;
  include?: Include;
  /** Tool servers that the vendor calls by itself. */
  mcpTools?: McpTool[];
  /** What the contract's `transcription` has no field for. */
  transcriptionOptions?: Omit<InputTranscription, 'model' | 'language' | 'prompt'>;
}

/** What each field is where it is off. Reasoning cannot be, and of parallel calls no default is documented. */
export const vendorOff: Readonly<OpenAIVendor> = {
  speed: 1,
  maxOutputTokens: 'inf',
  noiseReduction: null,
  truncation: 'auto',
  tracing: null,
  prompt: null,
  include: null,
  mcpTools: [],
  transcriptionOptions: {},
};

/** Our names of the fields that stand at the top of the session, in the order in which they are sent. */
export const topLevel = {
  maxOutputTokens: 'max_output_tokens',
  reasoning: 'reasoning',
  parallelToolCalls: 'parallel_tool_calls',
  truncation: 'truncation',
  tracing: 'tracing',
  prompt: 'prompt',
  include: 'include',
} as const satisfies Partial<Record<keyof OpenAIVendor, keyof RealtimeSessionUpdate>>;

/** What is present of the named fields, under their other names. */
export function renamed(from: object, names: Readonly<Record<string, string>>): Record<string, unknown> {
  const to: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(from)) {
    const other = names[name];
    if (other !== undefined && value !== undefined) to[other] = value;
  }
  return to;
}
