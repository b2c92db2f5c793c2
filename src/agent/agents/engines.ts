import { allBut, none } from '../../core/none.js';
import type { Dialler } from '../../realtime/index.js';
import type { LLM, STT, TTS, VAD } from '../../speech/contracts.js';

/** What hears, thinks and speaks. A text is the name of one of our adapters, loaded when the session starts. */
export interface EngineParts {
  /**
   * The model: one that hears and speaks (a `RealtimeModel`, or anything that can be dialled), by its name as well
   * (`'openai/gpt-realtime-2.1'`); or a language model, which makes a pipeline with `stt` and `tts`.
   */
  llm: Dialler | LLM | string;
  /** Speech recognition: of the pipeline, or beside a model that hears by itself. */
  stt?: STT | string;
  /** The voice: of the pipeline, or in place of the model's own. */
  tts?: TTS | string;
  /** Needed where the model does not report speech; a pipeline has the embedded one by default. */
  vad?: VAD | string;
}

/** The parts, found: what is dialled, and what stands beside it. */
export interface Engine {
  readonly model: Dialler;
  readonly stt?: STT;
  readonly tts?: TTS;
  readonly vad?: VAD;
}

/** What was made of names, or of parts that are no engine yet. */
interface Entry {
  parts: EngineParts;
  engine: Promise<Engine>;
  close(): Promise<void>;
}

/** The engines of a session: each is made once, and what was made of names is let go with the session. */
export class Engines {
  #entries: readonly Entry[] = none;

  /**
   * At once where nothing has to be made. What was made is kept for whoever asks for the same parts. The promise rejects with
   * ConfigError `option_invalid`, `peer_missing` or `api_key_missing`.
   */
  get(parts: EngineParts): Engine | Promise<Engine> {
    const known = this.#entries.find((entry) => isSame(entry.parts, parts));
    if (known !== undefined) return known.engine;
    const { llm, stt, tts, vad } = parts;
    if (isDialler(llm) && typeof stt !== 'string' && typeof tts !== 'string' && typeof vad !== 'string') {
      return { model: llm, ...(stt && { stt }), ...(tts && { tts }), ...(vad && { vad }) };
    }
    const made = import('../../models/index.js').then(({ engineOf }) => engineOf(parts));
    const entry: Entry = { parts, engine: made, close: async () => (await made).close() };
    this.#entries = [...this.#entries, entry];
    made.catch(() => {
      this.#entries = allBut(this.#entries, entry);
    });
    return made;
  }

  /** Resolves when all that was made is let go. */
  async close(): Promise<void> {
    const entries = this.#entries;
    this.#entries = [];
    await Promise.allSettled(entries.map((entry) => entry.close()));
  }
}

/** A model that can be dialled: its capabilities are known before a session starts. */
export function isDialler(llm: EngineParts['llm']): llm is Dialler {
  return typeof llm !== 'string' && 'dial' in llm;
}

/** What an agent has of its own: `null` is none, absent is the session's. */
export interface OwnParts {
  llm?: EngineParts['llm'];
  stt?: EngineParts['stt'] | null;
  tts?: EngineParts['tts'] | null;
  vad?: EngineParts['vad'] | null;
}

/**
 * The parts that an agent runs on. With another `llm` it keeps the session's `stt` and `tts` where both are of one kind: models that hear and
 * speak, or models that write. Of a name nobody knows that beforehand.
 */
export function partsOf(session: EngineParts, own: OwnParts): EngineParts {
  const { llm = session.llm } = own;
  const isNamed = typeof llm === 'string' || typeof session.llm === 'string';
  const isAlike = llm === session.llm || (!isNamed && isDialler(llm) === isDialler(session.llm));
  const stt = own.stt === undefined && isAlike ? session.stt : own.stt;
  const tts = own.tts === undefined && isAlike ? session.tts : own.tts;
  const vad = own.vad === undefined ? session.vad : own.vad;
  return { llm, ...(stt && { stt }), ...(tts && { tts }), ...(vad && { vad }) };
}

function isSame(one: EngineParts, other: EngineParts): boolean {
  return one.llm === other.llm && one.stt === other.stt && one.tts === other.tts && one.vad === other.vad;
}
