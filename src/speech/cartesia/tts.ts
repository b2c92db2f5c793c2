import { pcmFromBase64 } from '../../audio/index.js';
import { type Clock, type Ids, ProviderError, randomIds } from '../../core/index.js';
import { apiKeyOf } from '../api-key.js';
import type { TTS } from '../contracts.js';
import { serviceTts } from '../service-tts.js';
import { type CartesiaEvent, type CartesiaSocket, loadCartesia } from './peer.js';

export interface CartesiaTtsOptions {
  /** Default `sonic-3`. */
  model?: string;
  /** Id of a voice; a stream's own goes before it. Default: the one of Cartesia's own examples. */
  voice?: string;
  /** ISO 639-1. Default `en`. */
  language?: string;
  /** Default: `CARTESIA_API_KEY`. */
  apiKey?: string;
  /** `https://…`; the SDK takes no address without TLS. Default: Cartesia's. */
  baseUrl?: string;
  /** PEM of the authority of a server with a certificate of its own. */
  ca?: string;
  clock?: Clock;
  ids?: Ids;
}

const sampleRateHz = 24_000;
const defaultVoice = '694f9389-aac1-45b6-b726-9d9369183238';
const socketOpen = 1;

/**
 * Cartesia's speech over its own SDK (`@cartesia/cartesia-js`): one socket for all streams, one context for each clause, with word
 * times. What is not wanted any more is cancelled. ConfigError `api_key_missing` now, `peer_missing` at the first use.
 */
export function cartesiaTts(options: CartesiaTtsOptions = {}): TTS {
  const { model = 'sonic-3', language = 'en', ids = randomIds() } = options;
  const apiKey = apiKeyOf(options.apiKey, 'CARTESIA_API_KEY', 'cartesia');
  let socket: Promise<CartesiaSocket> | undefined;
  const connected = async (): Promise<CartesiaSocket> => {
    const last = await socket?.catch(() => undefined);
    if (last?.socket.readyState === socketOpen) return last;
    socket = connect(apiKey, options);
    return socket;
  };
  return serviceTts({
    name: `cartesia/${model}`,
    sampleRateHz,
    voices: [],
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await connected()),
    close: () => void socket?.then((last) => last.close()).catch(() => {}),
    async *speak(transcript, { voice = options.voice ?? defaultVoice, speed }, signal) {
      const tts = await connected();
      if (signal.aborted) return;
      const context = ids('clause');
      const cancel = () => void tts.cancelContext(context).catch(() => {});
      signal.addEventListener('abort', cancel);
      const events = tts.generate({
        context_id: context,
        model_id: model,
        transcript,
        language,
        voice: { mode: 'id', id: voice },
        output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: sampleRateHz },
        add_timestamps: true,
        continue: false,
        ...(speed === undefined ? {} : { generation_config: { speed } }),
      });
      try {
        for await (const event of events) yield pieceOf(event);
      } catch (thrown) {
        throw failure(thrown);
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    },
  });
}

async function connect(apiKey: string, { baseUrl, ca }: CartesiaTtsOptions): Promise<CartesiaSocket> {
  const { Cartesia, TTSWS } = await loadCartesia();
  const client = new Cartesia({ apiKey, ...(baseUrl === undefined ? {} : { baseURL: baseUrl }) });
  const socket = new TTSWS(client, ca === undefined ? {} : { ca });
  // Each context is told of its own errors.
  socket.on('error', () => {});
  await socket.connect().catch((thrown: unknown) => {
    throw failure(thrown);
  });
  return socket;
}

function pieceOf(event: CartesiaEvent) {
  if (event.type === 'chunk') return { pcm: pcmFromBase64(event.data) };
  if (event.type !== 'timestamps') return {};
  const { words = [], start = [], end = [] } = event.word_timestamps ?? {};
  return {
    words: words.map((text, index) => ({
      text,
      fromMs: (start[index] ?? 0) * 1_000,
      toMs: (end[index] ?? 0) * 1_000,
    })),
  };
}

function failure(thrown: unknown) {
  const { message = String(thrown) } = thrown as { message?: string };
  return new ProviderError('tts_failed', `Cartesia: ${message}`, { provider: 'cartesia', cause: thrown });
}
