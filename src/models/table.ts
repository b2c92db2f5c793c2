import type { Dialler } from '../realtime/index.js';
import type { LLM, STT, TTS, VAD } from '../speech/contracts.js';
import { compatibleLlm } from './compatible-llm.js';

/** Makes a part by the name behind the slash; '' = the vendor's default. Nothing of a vendor is loaded before. */
export interface Row<Part> {
  make(name: string): Promise<Part>;
  /** Which names are meant for it, where not all of them are. */
  serves?(name: string): boolean;
}

export type Rows<Part> = Readonly<Record<string, Row<Part>>>;

/** Models that hear and speak. */
export const realtimeModels: Rows<Dialler> = {
  openai: { make: openai, serves: (name) => name === '' || name.includes('realtime') },
  azure: { make: async (name) => azure(name) },
  gemini: { make: gemini },
};

/** Models that read and write: each needs ears and a voice beside it. */
export const languageModels: Rows<LLM> = {
  openai: { make: async (name) => compatibleLlm(vendors.openai, name) },
  ollama: { make: async (name) => compatibleLlm(vendors.ollama, name) },
};

/** Speech recognition. */
export const recognisers: Rows<STT> = {
  embedded: { make: async () => (await import('../speech/embedded/index.js')).embeddedStt() },
  openai: {
    make: async (model) =>
      (await import('../speech/openai/index.js')).openaiRealtimeStt({ ...(model && { model }) }),
  },
  deepgram: {
    make: async (model) =>
      (await import('../speech/deepgram/index.js')).deepgramStt({ ...(model && { model }) }),
  },
  assemblyai: {
    make: async (model) =>
      (await import('../speech/assemblyai/index.js')).assemblyAiStt({ ...(model && { model }) }),
  },
  azure: {
    make: async (language) =>
      (await import('../speech/azure/index.js')).azureStt({ ...(language && { language }) }),
  },
  // By the path of a folder.
  whisper: {
    make: async (folder) => (await import('../speech/transformers/index.js')).whisperStt({ folder }),
  },
};

/** Speech synthesis; the name is a voice's or a model's, as the vendor has them. */
export const voices: Rows<TTS> = {
  embedded: {
    make: async (voice) =>
      (await import('../speech/embedded/index.js')).embeddedTts({ ...(voice && { voice }) }),
  },
  openai: {
    make: async (model) => (await import('../speech/openai/index.js')).openaiTts({ ...(model && { model }) }),
  },
  cartesia: {
    make: async (model) =>
      (await import('../speech/cartesia/index.js')).cartesiaTts({ ...(model && { model }) }),
  },
  elevenlabs: {
    make: async (model) =>
      (await import('../speech/elevenlabs/index.js')).elevenLabsTts({ ...(model && { model }) }),
  },
  azure: {
    make: async (voice) => (await import('../speech/azure/index.js')).azureTts({ ...(voice && { voice }) }),
  },
  // By the path of a folder.
  kokoro: {
    make: async (folder) => (await import('../speech/kokoro/index.js')).kokoroTts({ folder }),
  },
};

/** Voice activity detection. */
export const detectors: Rows<VAD> = {
  embedded: { make: async () => (await import('../speech/embedded/index.js')).sileroVad() },
};

const vendors = {
  openai: {
    name: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    baseUrlVariable: 'OPENAI_BASE_URL',
    keyVariable: 'OPENAI_API_KEY',
    // Reasoning models refuse the older name, all others take both.
    tokenLimitField: 'max_completion_tokens',
  },
  ollama: { name: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1', baseUrlVariable: 'OLLAMA_BASE_URL' },
} as const;

async function openai(model: string): Promise<Dialler> {
  const { RealtimeModel } = await import('../providers/openai/index.js');
  return new RealtimeModel(model === '' ? {} : { model });
}

async function azure(azureDeployment: string): Promise<Dialler> {
  const { RealtimeModel, defaultModel } = await import('../providers/openai/index.js');
  return RealtimeModel.withAzure({ azureDeployment: azureDeployment || defaultModel });
}

async function gemini(model: string): Promise<Dialler> {
  const { RealtimeModel } = await import('../providers/gemini/index.js');
  return new RealtimeModel(model === '' ? {} : { model });
}
