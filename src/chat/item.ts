/** Milliseconds from the start of the audio that a word belongs to. */
export interface Word {
  text: string;
  fromMs: number;
  toMs: number;
}

/** What a conversation is made of, as wires and language models see it. `ChatContext` keeps more about each. */
export type Item =
  | {
      kind: 'message';
      id: string;
      role: 'user' | 'assistant' | 'system';
      parts: ItemPart[];
      status?: 'in_progress' | 'completed' | 'incomplete';
    }
  | {
      kind: 'call';
      id: string;
      call: string;
      name: string;
      args: string;
      status?: 'in_progress' | 'completed' | 'incomplete';
    }
  | { kind: 'result'; id: string; call: string; name?: string; output: string; isError?: boolean }
  /** An item only its vendor understands; the event's `raw` holds it. */
  | { kind: 'provider'; id: string; type: string };

export type ItemPart =
  | { kind: 'text'; text: string }
  /** Spoken audio: mono PCM16 at the wire's rate where the samples are known; `null` transcript: none (yet). */
  | { kind: 'audio'; transcript: string | null; pcm?: Int16Array }
  | { kind: 'image'; mime: string; data: Uint8Array };

/** A function that the model may ask for. `parameters` is a JSON Schema object. */
export interface ToolSpec {
  name: string;
  description?: string;
  parameters: Record<string, unknown>;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { name: string };

/** Token and audio counts. Absent = not said; never 0 for unknown. */
export interface Usage {
  totalTokens?: number;
  inputTokens?: number;
  outputTokens?: number;
  inputTextTokens?: number;
  inputAudioTokens?: number;
  inputImageTokens?: number;
  cachedTokens?: number;
  cachedTextTokens?: number;
  cachedAudioTokens?: number;
  cachedImageTokens?: number;
  outputTextTokens?: number;
  outputAudioTokens?: number;
  /** On top of `outputTokens` on Gemini's wire, part of them with chat completions. */
  thoughtTokens?: number;
  /** Milliseconds of audio, where what is counted is its length. */
  inputAudioMs?: number;
  /** Of text that was spoken, where what is counted is its length. */
  characters?: number;
}
