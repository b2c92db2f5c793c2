import { ConfigError } from '../../core/index.js';
import { connectors } from '../../wire/openai/connectors.js';
import {
  anyObject,
  anyText,
  between,
  type Check,
  flag,
  func,
  invalid,
  listOf,
  mapOf,
  oneOf,
  orNull,
  record,
  text,
  textOr,
  texts,
  unknownKeys,
  url,
} from './checks.js';
import type { McpTool, RealtimeModelOptions } from './options.js';

/** Throws `ConfigError` `option_invalid` naming the option that cannot be. What a model takes of it is `checkConfig`'s. */
export function validateOptions(options: RealtimeModelOptions): void {
  unknownKeys('', options, Object.keys(checks));
  for (const [name, check] of Object.entries(checks)) {
    const value: unknown = options[name as keyof RealtimeModelOptions];
    if (value !== undefined) check(value, name);
  }
}

/** 600 seconds: longer silences are a mistake of units. */
const silenceMs = between(0, 600_000, true);
const reaction = { createResponse: flag, interruptResponse: flag };
const serverVad = record({
  type: oneOf('server_vad'),
  threshold: between(0, 1),
  prefixPaddingMs: silenceMs,
  silenceDurationMs: silenceMs,
  idleTimeoutMs: orNull(between(5000, 30_000, true)),
  ...reaction,
});
const semanticVad = record({
  type: oneOf('semantic_vad'),
  eagerness: oneOf('low', 'medium', 'high', 'auto'),
  ...reaction,
});

const efforts = oneOf('minimal', 'low', 'medium', 'high', 'xhigh');
const noise = oneOf('near_field', 'far_field');

/** Names of voices would be taken for built-in ones without it. */
const voiceId: Check = (value, path) => {
  if (typeof value !== 'string' || !value.startsWith('voice_'))
    invalid(path, "an id that begins with 'voice_'");
};

const toolFilter = record({ readOnly: flag, toolNames: texts });
const mcpTool = record(
  {
    serverLabel: text,
    serverUrl: url('http', 'https'),
    connectorId: oneOf(...connectors),
    tunnelId: (value, path) => {
      if (typeof value !== 'string' || !/^tunnel_[a-z0-9]{32}$/.test(value)) {
        invalid(path, "'tunnel_' and 32 small letters and digits");
      }
    },
    authorization: text,
    headers: mapOf(anyText),
    allowedTools: (value, path) => (Array.isArray(value) ? texts : toolFilter)(value, path),
    requireApproval: textOr(oneOf('always', 'never'), record({ always: toolFilter, never: toolFilter })),
    serverDescription: text,
    deferLoading: flag,
    allowedCallers: listOf(oneOf('direct', 'programmatic')),
  },
  ['serverLabel'],
);

const mcpTools: Check = (value, path) => {
  listOf(mcpTool)(value, path);
  const labels = new Set<string>();
  for (const [index, tool] of (value as readonly McpTool[]).entries()) {
    const at = `${path}[${index}]`;
    const places = [tool.serverUrl, tool.connectorId, tool.tunnelId].filter((place) => place !== undefined);
    if (places.length !== 1) {
      const message = `${at} must say by one of serverUrl, connectorId and tunnelId where its server is.`;
      throw new ConfigError(places.length > 1 ? 'options_conflict' : 'option_invalid', message, {
        param: at,
      });
    }
    if (labels.has(tool.serverLabel)) invalid(`${at}.serverLabel`, 'another one than those before it');
    labels.add(tool.serverLabel);
  }
};

const checks: Record<keyof RealtimeModelOptions, Check> = {
  model: text,
  voice: textOr(text, record({ id: voiceId }, ['id'])),
  modalities: (value, path) => {
    const known =
      Array.isArray(value) && value.length > 0 && value.every((one) => one === 'text' || one === 'audio');
    if (!known) invalid(path, "['audio'], ['text'] or both");
  },
  toolChoice: textOr(oneOf('auto', 'none', 'required'), record({ name: text }, ['name'])),
  baseUrl: url('http', 'https', 'ws', 'wss'),
  apiKey: textOr(text, func),
  inputAudioTranscription: orNull(
    record({
      model: text,
      language: text,
      languages: texts,
      prompt: text,
      keywords: texts,
      delay: efforts,
    }),
  ),
  inputAudioNoiseReduction: orNull(
    textOr(noise, record({ type: noise, strength: between(0, Number.MAX_VALUE) }, ['type'])),
  ),
  turnDetection: orNull((value, path) => {
    const type: unknown =
      typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
    if (type === 'server_vad') serverVad(value, path);
    else if (type === 'semantic_vad') semanticVad(value, path);
    else invalid(path, "{ type: 'server_vad' }, { type: 'semantic_vad' } or null");
  }),
  speed: between(0.25, 1.5),
  maxResponseOutputTokens: textOr(oneOf('inf'), between(1, 4096, true)),
  reasoning: record({ effort: efforts }),
  parallelToolCalls: flag,
  truncation: textOr(
    oneOf('auto', 'disabled'),
    record(
      {
        retentionRatio: between(0, 1),
        tokenLimits: record({ postInstructions: between(0, Number.MAX_SAFE_INTEGER, true) }),
      },
      ['retentionRatio'],
    ),
  ),
  tracing: orNull(textOr(oneOf('auto'), record({ workflowName: text, groupId: text, metadata: anyObject }))),
  prompt: orNull(record({ id: text, version: orNull(text), variables: orNull(mapOf(anyText)) }, ['id'])),
  include: orNull(listOf(oneOf('item.input_audio_transcription.logprobs'))),
  mcpTools,
  connOptions: record({
    maxRetries: between(0, 100, true),
    intervalMs: between(1, 600_000),
    timeoutMs: between(1, 600_000),
  }),
  maxSessionDurationMs: orNull(between(1, 3_600_000)),
  organization: text,
  project: text,
  azureDeployment: text,
  azureEndpoint: url('http', 'https', 'ws', 'wss'),
  entraToken: textOr(text, func),
  apiVersion: text,
  dialect: oneOf('ga', 'beta'),
  temperature: between(0.6, 1.2),
  ca: textOr(text, texts),
  headers: mapOf(anyText),
  connect: func,
};
