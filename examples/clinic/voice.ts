import type { Dialler } from 'repartee';
import { anyVoice, cascadeModel, dialogueSentences, scriptedLlm } from 'repartee/cascade';
import { createGateway } from 'repartee/gateway';
import { RealtimeModel } from 'repartee/openai';
import type { Greeting } from 'repartee/server';
import type { LLM } from 'repartee/speech';
import { chatCompletionsLlm } from 'repartee/speech/chat-completions';
import { embeddedSpeech } from 'repartee/speech/embedded';
import { clinicDialogue } from './dialogue.js';

/** A model to talk with, and what the page says about it. */
export interface Voice {
  model: Dialler;
  greeting: Greeting;
  close(): Promise<void>;
}

export interface VoiceOptions {
  /** An OpenAI realtime model; without it, or a key in the environment, the embedded engine speaks. */
  model?: string;
  /** An OpenAI-compatible chat endpoint in place of the script. */
  llm?: { baseUrl: string; model: string; apiKey?: string };
  /** Silence that ends a turn. Default 300. */
  silenceMs?: number;
}

const agent = 'Harbour Clinic, appointment desk';

export async function openVoice(options: VoiceOptions): Promise<Voice> {
  const remote =
    options.model !== undefined || (process.env.OPENAI_API_KEY !== undefined && options.llm === undefined);
  return remote ? openaiVoice(options) : embeddedVoice(options);
}

function openaiVoice({ model }: VoiceOptions): Voice {
  const realtime = new RealtimeModel(model === undefined ? {} : { model });
  return {
    model: realtime,
    greeting: { model: `OpenAI ${realtime.model}`, agent, scripted: false },
    close: async () => {},
  };
}

/**
 * The embedded engine behind a gateway on this machine, and OpenAI's client in front of it: the same way that a call
 * with OpenAI takes, but for the far end.
 */
async function embeddedVoice({ llm: endpoint, silenceMs = 300 }: VoiceOptions): Promise<Voice> {
  const speech = embeddedSpeech({ grammar: { sentences: dialogueSentences(clinicDialogue) } });
  const llm: LLM = endpoint === undefined ? scriptedLlm(clinicDialogue) : chatCompletionsLlm(endpoint);
  const { stt, tts, vad } = speech;
  // So that the first caller is greeted at once. Whoever calls is told what goes wrong.
  void Promise.allSettled([stt.warmUp(), tts.warmUp()]);
  const gateway = await createGateway({ model: cascadeModel({ stt, llm, tts: anyVoice(tts), vad }) });
  const model = new RealtimeModel({
    baseUrl: `${gateway.httpUrl}/v1`,
    model: 'embedded',
    apiKey: 'not-needed-here',
    turnDetection: { type: 'server_vad', silenceDurationMs: silenceMs },
  });
  const scripted = endpoint === undefined;
  return {
    model,
    greeting: {
      model: scripted ? 'Embedded speech engine' : `Embedded speech engine, ${endpoint.model}`,
      agent,
      scripted,
      notice: scripted
        ? 'It knows opening hours, free times, booking and cancelling.'
        : 'The embedded recogniser expects the words of the appointment desk.',
    },
    close: async () => {
      await gateway.close();
      await speech.close();
    },
  };
}
