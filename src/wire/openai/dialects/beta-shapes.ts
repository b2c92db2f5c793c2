import { itemToBeta, itemToGa } from './beta-items.js';
import { asFields, type Row, Shape, without } from './fields.js';

const formats: readonly (readonly [beta: string, ga: Readonly<Record<string, unknown>>])[] = [
  ['pcm16', { type: 'audio/pcm', rate: 24_000 }],
  ['g711_ulaw', { type: 'audio/pcmu' }],
  ['g711_alaw', { type: 'audio/pcma' }],
];

const format: Omit<Row, 'ga' | 'flat'> = {
  toFlat: (value) => formats.find(([, ga]) => ga.type === asFields(value)?.type)?.[0] ?? 'pcm16',
  toGa: (value) => formats.find(([beta]) => beta === value)?.[1] ?? value,
  allowed: {
    test: (value) => formats.some(([beta]) => beta === value),
    message: () => "Supported values are: 'pcm16', 'g711_ulaw', 'g711_alaw'.",
  },
};

/** In the beta shape speech is both, because its transcript comes along; the GA shape takes one of them. */
const modalities: Omit<Row, 'ga' | 'flat'> = {
  toFlat: (value) => (Array.isArray(value) && value.includes('audio') ? ['text', 'audio'] : ['text']),
  toGa: (value) => (Array.isArray(value) && value.includes('audio') ? ['audio'] : ['text']),
  allowed: {
    test: (value) =>
      Array.isArray(value) && value.length > 0 && value.every((one) => one === 'text' || one === 'audio'),
    message: () => "Supported combinations are: ['text'] and ['audio', 'text'].",
  },
};

/** A custom voice is an object on the GA wire only. */
const voice: Omit<Row, 'ga' | 'flat'> = {
  toFlat: (value) => asFields(value)?.id ?? value,
  allowed: {
    test: (value) => typeof value === 'string',
    message: () => 'A voice is named by a string.',
  },
};

function same(name: string): Row {
  return { ga: [name], flat: name };
}

/** A copy without the fields that came with the GA wire. */
function lacking(...names: readonly string[]): (value: unknown) => unknown {
  return (value) => {
    const fields = asFields(value);
    return fields === undefined ? value : without(fields, ...names);
  };
}

/** The published types of beta let the kind of detection be absent. */
function withKind(value: unknown): unknown {
  const fields = asFields(value);
  return fields === undefined ? value : { type: 'server_vad', ...fields };
}

/** MCP servers came with the GA wire. */
function functionsOnly(value: unknown): unknown {
  return Array.isArray(value) ? value.filter((tool) => asFields(tool)?.type !== 'mcp') : value;
}

function functionChoice(value: unknown): unknown {
  return asFields(value)?.type === 'mcp' ? 'auto' : value;
}

const tools: readonly Row[] = [
  { ...same('tools'), toFlat: functionsOnly },
  { ...same('tool_choice'), toFlat: functionChoice },
];

/**
 * `session` of `session.created`, `.updated` and `.update`. Not carried, because beta has no such field: `type`,
 * `truncation`, `prompt`, `include`, `reasoning`, `parallel_tool_calls`; inside others: the transcription's `languages`,
 * `keywords` and `delay`, the noise reduction's `strength`, the VAD's `idle_timeout_ms`, tools of MCP servers.
 */
export const sessionShape = new Shape([
  ...['id', 'object', 'expires_at', 'model'].map(same),
  { ga: ['output_modalities'], flat: 'modalities', ...modalities },
  same('instructions'),
  ...tools,
  { ga: ['max_output_tokens'], flat: 'max_response_output_tokens' },
  same('tracing'),
  { ga: ['audio', 'input', 'format'], flat: 'input_audio_format', ...format },
  {
    ga: ['audio', 'input', 'transcription'],
    flat: 'input_audio_transcription',
    toFlat: lacking('languages', 'keywords', 'delay'),
  },
  {
    ga: ['audio', 'input', 'noise_reduction'],
    flat: 'input_audio_noise_reduction',
    toFlat: lacking('strength'),
  },
  {
    ga: ['audio', 'input', 'turn_detection'],
    flat: 'turn_detection',
    toFlat: lacking('idle_timeout_ms'),
    toGa: withKind,
  },
  { ga: ['audio', 'output', 'format'], flat: 'output_audio_format', ...format },
  { ga: ['audio', 'output', 'voice'], flat: 'voice', ...voice },
  { ga: ['audio', 'output', 'speed'], flat: 'speed' },
]);

const responseAudio: readonly Row[] = [
  { ga: ['output_modalities'], flat: 'modalities', ...modalities },
  { ga: ['audio', 'output', 'format'], flat: 'output_audio_format', ...format },
  { ga: ['audio', 'output', 'voice'], flat: 'voice', ...voice },
];

function each(convert: (item: unknown) => unknown): (value: unknown) => unknown {
  return (value) => (Array.isArray(value) ? value.map(convert).filter((item) => item !== null) : value);
}

/** `response` of `response.create`. Not carried: `reasoning`, `parallel_tool_calls`, `prompt`. */
export const requestShape = new Shape([
  ...['conversation', 'instructions', 'metadata'].map(same),
  ...tools,
  ...responseAudio,
  { ga: ['max_output_tokens'], flat: 'max_response_output_tokens' },
  { ...same('input'), toFlat: each(itemToBeta), toGa: each(itemToGa) },
]);

/** `response` of `response.created` and `.done`. */
export const responseShape = new Shape([
  ...['id', 'object', 'status', 'status_details', 'conversation_id', 'max_output_tokens', 'metadata'].map(
    same,
  ),
  ...responseAudio,
  { ...same('output'), toFlat: each(itemToBeta), toGa: each(itemToGa) },
  { ...same('usage'), toFlat: withoutImages },
]);

/** Images came with the GA wire, so its tokens count none. */
function withoutImages(value: unknown): unknown {
  const usage = asFields(value);
  const input = asFields(usage?.input_token_details);
  if (usage === undefined || input === undefined) return value;
  const details = without(input, 'image_tokens');
  const cached = asFields(input.cached_tokens_details);
  if (cached !== undefined) details.cached_tokens_details = without(cached, 'image_tokens');
  return { ...usage, input_token_details: details };
}
