import { connectors } from '../../connectors.js';
import type { Tool } from '../../events.js';
import {
  anyObject,
  arrayOf,
  boolean,
  type Check,
  invalidValue,
  missing,
  number,
  object,
  oneOf,
  orNull,
  string,
  stringOr,
  stringRecord,
  tagged,
} from './check.js';

const name = string(512);
const ms: Check = number(0, 600_000, true);

/** [R] PCM without a `rate` is refused, though the published types make it optional. */
export const format = tagged('type', {
  'audio/pcm': object({ type: string(), rate: oneOf(24_000) }),
  'audio/pcmu': object({ type: string() }),
  'audio/pcma': object({ type: string() }),
});

export const voice = stringOr(string(256, 1), object({ id: string(256, 1) }));

const toolFilter = object({}, { read_only: boolean, tool_names: arrayOf(name) });

const mcpFields = object(
  { type: string(), server_label: string(512, 1) },
  {
    server_url: string(8192, 1),
    connector_id: oneOf(...connectors),
    tunnel_id: string(64, 1),
    authorization: string(16_384),
    headers: orNull(stringRecord(64, 256, 16_384)),
    allowed_tools: orNull((value, path) =>
      Array.isArray(value) ? arrayOf(name)(value, path) : toolFilter(value, path),
    ),
    require_approval: orNull(
      stringOr(oneOf('always', 'never'), object({}, { always: toolFilter, never: toolFilter })),
    ),
    server_description: string(16_384),
    defer_loading: boolean,
    allowed_callers: orNull(arrayOf(oneOf('direct', 'programmatic'))),
  },
);

/** Says in one way where its server is. */
const mcpTool: Check = (value, path) => {
  const found = mcpFields(value, path);
  if (found !== null) return found;
  const fields = value as Record<string, unknown>;
  const places = ['server_url', 'connector_id', 'tunnel_id'].filter((key) => fields[key] !== undefined);
  if (places.length === 0) return missing(`${path}.server_url`);
  return places.length === 1
    ? null
    : invalidValue(`${path}.${places[1]}`, `Invalid '${path}': ${places.join(' and ')} exclude each other.`);
};

const tool = tagged('type', {
  function: object(
    { type: string(), name: string(128, 1) },
    { description: string(16_384), parameters: anyObject },
  ),
  mcp: mcpTool,
});

/** Labels tell servers apart. */
export const tools: Check = (value, path) => {
  const found = arrayOf(tool, 512)(value, path);
  if (found !== null) return found;
  const labels = new Set<string>();
  for (const [index, entry] of (value as Tool[]).entries()) {
    if (entry.type !== 'mcp') continue;
    if (labels.has(entry.server_label)) {
      const message = `Duplicate server_label '${entry.server_label.slice(0, 64)}' in '${path}'.`;
      return invalidValue(`${path}[${index}].server_label`, message);
    }
    labels.add(entry.server_label);
  }
  return null;
};

export const toolChoice = stringOr(
  oneOf('none', 'auto', 'required'),
  tagged('type', {
    function: object({ type: string(), name: string(128, 1) }),
    mcp: object({ type: string(), server_label: name }, { name: orNull(name) }),
  }),
);

export const maxOutputTokens = stringOr(oneOf('inf'), number(1, 4096, true));

/** GA takes one modality; audio brings its transcript along. */
export const modalities: Check = (value, path) => {
  const found = arrayOf(oneOf('text', 'audio'))(value, path);
  if (found !== null) return found;
  if ((value as unknown[]).length === 1) return null;
  return {
    code: 'invalid_value',
    message: `Invalid modalities: ${JSON.stringify(value)}. Supported combinations are: ['text'] and ['audio'].`,
    param: path,
  };
};

export const reasoning = object({}, { effort: oneOf('minimal', 'low', 'medium', 'high', 'xhigh') });

export const prompt = orNull(object({ id: name }, { version: orNull(name), variables: orNull(anyObject) }));

const truncation = stringOr(
  oneOf('auto', 'disabled'),
  object(
    { type: oneOf('retention_ratio'), retention_ratio: number(0, 1) },
    { token_limits: object({}, { post_instructions: number(0, Number.MAX_SAFE_INTEGER, true) }) },
  ),
);

const tracing = orNull(
  stringOr(oneOf('auto'), object({}, { workflow_name: name, group_id: name, metadata: anyObject })),
);

const include = orNull(arrayOf(oneOf('item.input_audio_transcription.logprobs')));

const turnDetection = orNull(
  tagged('type', {
    server_vad: object(
      { type: string() },
      {
        threshold: number(0, 1),
        prefix_padding_ms: ms,
        silence_duration_ms: ms,
        idle_timeout_ms: orNull(number(5000, 30_000, true)),
        create_response: boolean,
        interrupt_response: boolean,
      },
    ),
    semantic_vad: object(
      { type: string() },
      {
        eagerness: oneOf('low', 'medium', 'high', 'auto'),
        create_response: boolean,
        interrupt_response: boolean,
      },
    ),
  }),
);

const transcription = orNull(
  object(
    {},
    {
      model: name,
      language: orNull(name),
      languages: orNull(arrayOf(name)),
      prompt: orNull(string(16_384)),
      keywords: orNull(arrayOf(name)),
      delay: orNull(oneOf('minimal', 'low', 'medium', 'high', 'xhigh')),
    },
  ),
);

const audioInput = object(
  {},
  {
    format,
    noise_reduction: orNull(object({}, { type: oneOf('near_field', 'far_field'), strength: number(0, 100) })),
    transcription,
    turn_detection: turnDetection,
  },
);

const audioOutput = object({}, { format, voice, speed: number(0.25, 1.5) });

export const instructions = string(1_048_576);

/** Without `type` it is refused; a transcription session is another kind, which this server does not open. */
export const sessionUpdate = tagged('type', {
  realtime: object(
    { type: string() },
    {
      model: name,
      output_modalities: modalities,
      instructions,
      tools,
      tool_choice: toolChoice,
      max_output_tokens: maxOutputTokens,
      parallel_tool_calls: boolean,
      reasoning,
      truncation,
      tracing,
      prompt,
      include,
      audio: object({}, { input: audioInput, output: audioOutput }),
    },
  ),
});
