import { ConfigError } from '../core/index.js';
import { countOf, invalid, parseOptions } from './command-line.js';
import { type LogLevel, logLevels } from './logger.js';

export const serveUsage = `repartee serve    serves a realtime model on the wires of OpenAI and Gemini

  --model MODEL      what answers (default cascade):
                       scripted:FILE   a conversation written as JSON, for tests
                       cascade         speech recognition and synthesis on this machine
                       openai[:NAME]   OpenAI's realtime model; needs OPENAI_API_KEY
                       gemini[:NAME]   Gemini Live; needs GOOGLE_API_KEY
  --dialogue FILE    for cascade: a dialogue written as JSON, in place of some small talk
  --llm-url URL      for cascade: an OpenAI-compatible chat endpoint, such as http://127.0.0.1:11434/v1
  --llm-model NAME   the model to ask for there; LLM_API_KEY is sent as its key
  --port N           default 4000; 0 = any free port
  --host H           default 127.0.0.1; others need --api-key
  --tls              wss and https, with a certificate made at start
  --ca-file FILE     with --tls: where to write what clients shall trust (default: a temporary file, gone at the end)
  --api-key K        a key that clients must show; may be given more than once
  --log LEVEL        JSON lines on stderr from debug, info, warn or error on; needs the package pino
  --help             this text`;

/** What `repartee serve` was asked for. */
export interface ServeArgs {
  model: string;
  dialogue?: string;
  llm?: { url: string; model: string };
  port: number;
  host: string;
  tls: boolean;
  caFile?: string;
  apiKeys: string[];
  log?: LogLevel;
}

const options = {
  model: { type: 'string' },
  dialogue: { type: 'string' },
  'llm-url': { type: 'string' },
  'llm-model': { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  tls: { type: 'boolean' },
  'ca-file': { type: 'string' },
  'api-key': { type: 'string', multiple: true },
  log: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads what follows `serve`; undefined where help was asked for. ConfigError `option_invalid` or `options_conflict`. */
export function readServeArgs(argv: readonly string[]): ServeArgs | undefined {
  const { values, positionals } = parseOptions('serve', argv, options);
  if (values.help) return undefined;
  if (positionals[0] !== undefined)
    throw invalid(`repartee serve takes options only, not '${positionals[0]}'.`);
  const url = values['llm-url'];
  const llmModel = values['llm-model'];
  if ((url === undefined) !== (llmModel === undefined)) {
    throw new ConfigError('options_conflict', '--llm-url and --llm-model go together.');
  }
  const llm = url === undefined || llmModel === undefined ? undefined : { url, model: llmModel };
  if (llm !== undefined && values.dialogue !== undefined) {
    throw new ConfigError('options_conflict', 'Give either --dialogue or --llm-url, not both.');
  }
  const log = logLevels.find((level) => level === values.log);
  if (values.log !== undefined && log === undefined) {
    throw invalid(`--log takes ${logLevels.join(', ')}, not ${values.log}.`);
  }
  const caFile = values['ca-file'];
  if (caFile !== undefined && !values.tls) {
    throw new ConfigError('options_conflict', '--ca-file goes with --tls.');
  }
  return {
    model: values.model ?? 'cascade',
    port: countOf('--port', values.port ?? '4000', 0, 65_535),
    host: values.host ?? '127.0.0.1',
    tls: values.tls ?? false,
    apiKeys: values['api-key'] ?? [],
    ...(values.dialogue === undefined ? {} : { dialogue: values.dialogue }),
    ...(llm === undefined ? {} : { llm }),
    ...(caFile === undefined ? {} : { caFile }),
    ...(log === undefined ? {} : { log }),
  };
}
