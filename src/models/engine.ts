import { ConfigError } from '../core/index.js';
import type { Dialler } from '../realtime/index.js';
import type { LLM, STT, TTS, VAD } from '../speech/contracts.js';
import { named, rowOf, unknown } from './named.js';
import { detectors, languageModels, realtimeModels, recognisers, voices } from './table.js';

/** What an engine is made of; a text is a name in the table. */
export interface EngineParts {
  /** A model that hears and speaks, or one that only writes. */
  llm: Dialler | LLM | string;
  stt?: STT | string;
  tts?: TTS | string;
  vad?: VAD | string;
}

/** What can be dialled, and the parts that stand beside it. */
export interface Engine {
  readonly model: Dialler;
  /** Beside a model that hears by itself; a pipeline has its own. */
  readonly stt?: STT;
  /** Beside a model that speaks by itself. */
  readonly tts?: TTS;
  readonly vad?: VAD;
  /** Lets go of the parts that were made here by name; those that were given stay their owner's. */
  close(): Promise<void>;
}

/**
 * The engine of these parts: a realtime model as it is; a language model as a pipeline of `stt`, itself, `tts` and `vad`
 * (default: the embedded one). ConfigError `option_invalid` for a name that is unknown or a part that is missing, and what the
 * adapters throw (`peer_missing`, `api_key_missing`); what was made until then is let go.
 */
export async function engineOf(parts: EngineParts): Promise<Engine> {
  const made: { close(): unknown }[] = [];
  const close = async () => {
    await Promise.all(made.splice(0).map((part) => part.close()));
  };
  const keep = <Part extends { close(): unknown }>(part: Part): Part => {
    made.push(part);
    return part;
  };
  try {
    const llm = typeof parts.llm === 'string' ? await modelNamed(parts.llm) : parts.llm;
    if (llm !== parts.llm && 'chat' in llm) keep(llm);
    const stt = typeof parts.stt === 'string' ? keep(await named(recognisers, parts.stt, 'stt')) : parts.stt;
    const tts = typeof parts.tts === 'string' ? keep(await named(voices, parts.tts, 'tts')) : parts.tts;
    const isDeaf = !('dial' in llm) || (typeof parts.llm === 'string' && llm.capabilities.speech !== 'edges');
    const wanted = parts.vad ?? (isDeaf ? 'embedded' : undefined);
    const vad = typeof wanted === 'string' ? keep(await named(detectors, wanted, 'vad')) : wanted;
    if ('dial' in llm) {
      const beside = { ...(stt && { stt }), ...(tts && { tts }), ...(vad && { vad }) };
      return { model: llm, ...beside, close };
    }
    const { cascadeModel } = await import('../cascade/index.js');
    const ears = { stt: needed(stt, 'stt', llm), vad: needed(vad, 'vad', llm) };
    return { model: cascadeModel({ llm, ...ears, tts: needed(tts, 'tts', llm) }), close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function modelNamed(text: string): Promise<Dialler | LLM> {
  const realtime = rowOf(realtimeModels, text);
  if (realtime !== undefined) return realtime.row.make(realtime.name);
  const language = rowOf(languageModels, text);
  if (language !== undefined) return language.row.make(language.name);
  throw unknown(text, 'llm', [...Object.keys(realtimeModels), ...Object.keys(languageModels)]);
}

function needed<Part>(part: Part | undefined, param: 'stt' | 'tts' | 'vad', { name }: LLM): Part {
  if (part !== undefined) return part;
  const message = `${name} neither hears nor speaks: give ${param} beside it`;
  throw new ConfigError('option_invalid', message, { param });
}
