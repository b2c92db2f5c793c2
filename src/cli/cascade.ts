import {
  anyVoice,
  cascadeModel,
  type Dialogue,
  dialogueSentences,
  loadDialogue,
  scriptedLlm,
} from '../cascade/index.js';
import { chatCompletionsLlm } from '../speech/chat-completions/index.js';
import { embeddedSpeech } from '../speech/embedded/index.js';
import { readJsonFile } from './json-file.js';
import type { ServedModel } from './models.js';
import type { ServeArgs } from './serve-args.js';
import { smallTalk } from './small-talk.js';

/** Speech recognition and synthesis on this machine, with a dialogue or a language model between them. */
export async function openCascade({ dialogue: file, llm: endpoint }: ServeArgs): Promise<ServedModel> {
  const dialogue: Dialogue = file === undefined ? smallTalk : loadDialogue(await readJsonFile(file));
  const apiKey = process.env.LLM_API_KEY;
  const llm =
    endpoint === undefined
      ? scriptedLlm(dialogue)
      : chatCompletionsLlm({
          baseUrl: endpoint.url,
          model: endpoint.model,
          ...(apiKey === undefined ? {} : { apiKey }),
        });
  // The recogniser expects what the dialogue can understand; beside a language model only its own frequent words.
  const speech = embeddedSpeech(
    endpoint === undefined ? { grammar: { sentences: dialogueSentences(dialogue) } } : {},
  );
  const { stt, tts, vad } = speech;
  return {
    model: cascadeModel({ stt, llm, tts: anyVoice(tts), vad }),
    async close() {
      await llm.close();
      await speech.close();
    },
  };
}
