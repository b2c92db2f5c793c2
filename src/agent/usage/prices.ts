/** What a model costs, in US dollars. Absent = not known, and what it is for then has no known cost; 0 = free. */
export interface Price {
  /** For a million tokens. Cached ones without a price of their own cost as much as others. */
  perMillionTokens?: {
    textIn?: number;
    cachedTextIn?: number;
    textOut?: number;
    audioIn?: number;
    cachedAudioIn?: number;
    audioOut?: number;
    imageIn?: number;
    cachedImageIn?: number;
  };
  /** For a minute of audio that is listened to. */
  perInputMinute?: number;
  /** For a minute of connection, whatever is said. */
  perSessionMinute?: number;
  /** For a million characters of text that is spoken. */
  perMillionCharacters?: number;
  /** ISO date of the day on which somebody last looked. */
  asOf: string;
  source: string;
  /** `vendor`: its own page says so. `quoted`: a third party does. `derived`: computed from another unit. `own`: set by the application. */
  certainty: 'vendor' | 'quoted' | 'derived' | 'own';
}

/** By `provider/model`, or by the name of a pipeline's part; `provider/*` is every other model of it. */
export type Prices = Readonly<Record<string, Price>>;

const openaiModels = 'developers.openai.com/api/docs/models';
const openaiImage = { imageIn: 5, cachedImageIn: 0.5 };
const openaiAudio = { audioIn: 32, cachedAudioIn: 0.4, audioOut: 64 };

function openai(page: string, perMillionTokens: Price['perMillionTokens']): Price {
  return {
    ...(perMillionTokens === undefined ? {} : { perMillionTokens }),
    asOf: '2026-11-21',
    source: `${openaiModels}/${page}`,
    certainty: 'vendor',
  };
}

function openaiMinutes(page: string, perInputMinute: number): Price {
  return { perInputMinute, asOf: '2026-11-21', source: `${openaiModels}/${page}`, certainty: 'vendor' };
}

const realtime2 = { textIn: 4, cachedTextIn: 0.4, textOut: 24, ...openaiAudio, ...openaiImage };
const realtime1 = { textIn: 4, cachedTextIn: 0.4, textOut: 16, ...openaiAudio, ...openaiImage };
const realtimeMini = {
  textIn: 0.6,
  cachedTextIn: 0.06,
  textOut: 2.4,
  audioIn: 10,
  cachedAudioIn: 0.3,
  audioOut: 20,
  imageIn: 0.8,
  cachedImageIn: 0.08,
};
/** The text price stands on the vendor's page of its successor, the rest in programs that use it. */
const firstMini: Price = { ...openai('gpt-realtime-2.1-mini', realtimeMini), certainty: 'quoted' };

const gemini = (perMillionTokens: Price['perMillionTokens']): Price => ({
  ...(perMillionTokens === undefined ? {} : { perMillionTokens }),
  asOf: '2026-11-21',
  source: 'notes that quote ai.google.dev/gemini-api/docs/pricing',
  certainty: 'quoted',
});

/** No price of cached tokens is listed for these: a conversation is billed in full at every turn. */
const live3 = gemini({ textIn: 0.75, audioIn: 3, imageIn: 1, textOut: 4.5, audioOut: 12 });
const native25 = gemini({ textIn: 0.5, audioIn: 3, imageIn: 3, textOut: 2, audioOut: 12 });

const speech = (
  price: Partial<Price>,
  asOf: string,
  source: string,
  certainty: Price['certainty'] = 'quoted',
) => ({
  ...price,
  asOf,
  source: `github.com/hail-hq/hail/costs, of ${source}`,
  certainty,
});

const universal = speech({ perInputMinute: 0.0025 }, '2026-05-05', 'assemblyai.com/pricing');
/** Its price is of minutes spoken; 750 characters a minute are assumed. */
const sonic = speech(
  { perMillionCharacters: 50 },
  '2026-05-05',
  'cartesia.ai/pricing ($1 for 25 minutes)',
  'derived',
);

/** Runs on a machine of one's own. */
const free: Price = {
  perMillionTokens: { textIn: 0, textOut: 0, audioIn: 0, audioOut: 0, imageIn: 0 },
  perInputMinute: 0,
  perMillionCharacters: 0,
  asOf: '2026-11-21',
  source: 'runs in the process',
  certainty: 'vendor',
};

/** List prices, without discounts, free quotas and taxes. What is not here has no known cost; `prices` adds and overrides. */
export const listPrices: Prices = {
  'openai/gpt-realtime-2.1': openai('gpt-realtime-2.1', realtime2),
  'openai/gpt-realtime-2': openai('gpt-realtime-2', realtime2),
  'openai/gpt-realtime-2.1-mini': openai('gpt-realtime-2.1-mini', realtimeMini),
  'openai/gpt-realtime-1.5': openai('gpt-realtime-1.5', realtime1),
  'openai/gpt-realtime': openai('gpt-realtime', realtime1),
  'openai/gpt-realtime-2025-08-28': openai('gpt-realtime', realtime1),
  'openai/gpt-realtime-mini': firstMini,
  'openai/gpt-realtime-mini-2025-10-06': firstMini,
  'openai/gpt-realtime-mini-2025-12-15': firstMini,
  // Every token of a transcription at one price: the page lists no text beside the audio.
  'openai/gpt-4o-transcribe': openai('gpt-4o-transcribe', { textIn: 2.5, audioIn: 2.5, textOut: 10 }),
  'openai/gpt-4o-mini-transcribe': openai('gpt-4o-mini-transcribe', {
    textIn: 1.25,
    audioIn: 1.25,
    textOut: 5,
  }),
  'openai/gpt-transcribe': openaiMinutes('gpt-transcribe', 0.0045),
  'openai/gpt-realtime-whisper': openaiMinutes('gpt-realtime-whisper', 0.017),
  'openai/whisper-1': speech({ perInputMinute: 0.006 }, '2026-05-05', 'openai.com/api/pricing'),
  'openai/tts-1': speech({ perMillionCharacters: 15 }, '2026-05-05', 'openai.com/api/pricing'),
  'openai/tts-1-hd': speech({ perMillionCharacters: 30 }, '2026-05-05', 'openai.com/api/pricing'),
  'openai/gpt-4o-mini-tts': speech(
    { perMillionCharacters: 20 },
    '2026-05-19',
    `${openaiModels}/gpt-4o-mini-tts ($0.015 a minute)`,
    'derived',
  ),
  'gemini/gemini-3.8-live': live3,
  'gemini/gemini-3.8-live-extended-thinking': live3,
  'gemini/gemini-3.1-flash-live-preview': live3,
  'gemini/gemini-2.5-flash-native-audio-preview-12-2025': native25,
  'gemini/gemini-2.5-flash-native-audio-latest': native25,
  'deepgram/nova-3': speech(
    { perInputMinute: 0.0048 },
    '2026-08-01',
    'deepgram.com/pricing, streaming, one language',
  ),
  'deepgram/nova-3-multilingual': speech(
    { perInputMinute: 0.0058 },
    '2026-05-05',
    'deepgram.com/pricing, streaming',
  ),
  'assemblyai/universal-streaming-english': universal,
  'assemblyai/universal-streaming-multilingual': universal,
  'azure/speech': speech(
    { perInputMinute: 0.016667, perMillionCharacters: 16 },
    '2026-05-19',
    'azure.microsoft.com/pricing, Speech, standard tier and neural voices',
  ),
  'cartesia/sonic-3': sonic,
  'cartesia/sonic-3.5': sonic,
  'elevenlabs/eleven_flash_v2_5': speech(
    { perMillionCharacters: 50 },
    '2026-05-05',
    'elevenlabs.io/pricing/api',
  ),
  'elevenlabs/eleven_multilingual_v2': speech(
    { perMillionCharacters: 100 },
    '2026-05-19',
    'elevenlabs.io/docs',
  ),
  flite: free,
  soundswallower: free,
  'sherpa-onnx': free,
  'kokoro/*': free,
  'whisper/*': free,
};
