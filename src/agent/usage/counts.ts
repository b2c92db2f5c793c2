import type { Usage } from '../../chat/index.js';
import type { Ms } from '../../core/index.js';

/** By modality. */
export interface Modalities {
  text: number;
  audio: number;
  image: number;
}

/** What was used of one model. All are sums, in whole units, from 0. */
export interface Counts {
  /** Tokens, the cached ones among them. */
  input: Modalities;
  /** Input tokens that the vendor had kept. */
  cached: Modalities;
  /** Tokens; what the model thought is text. */
  output: { text: number; audio: number };
  /** Audio listened to, where the model counts its length. */
  inputAudioMs: Ms;
  /** Text spoken, where the model counts its length. */
  characters: number;
  /** Connected to it. */
  sessionMs: Ms;
  /** Tokens among them of which nobody said whether they are text or something else. They count as text. */
  unsplit: number;
}

export function noCounts(): Counts {
  return {
    input: { text: 0, audio: 0, image: 0 },
    cached: { text: 0, audio: 0, image: 0 },
    output: { text: 0, audio: 0 },
    inputAudioMs: 0,
    characters: 0,
    sessionMs: 0,
    unsplit: 0,
  };
}

/** Adds `by` times what `from` has. */
export function addCounts(to: Counts, from: Counts, by: 1 | -1 = 1): void {
  for (const kind of ['input', 'cached'] as const) {
    to[kind].text += by * from[kind].text;
    to[kind].audio += by * from[kind].audio;
    to[kind].image += by * from[kind].image;
  }
  to.output.text += by * from.output.text;
  to.output.audio += by * from.output.audio;
  to.inputAudioMs += by * from.inputAudioMs;
  to.characters += by * from.characters;
  to.sessionMs += by * from.sessionMs;
  to.unsplit += by * from.unsplit;
}

/** A vendor's counts in ours: every token has its modality, and what was cached is part of what came in. */
export function countsOf(usage: Usage): Counts {
  const counts = noCounts();
  const { inputTextTokens: text, inputAudioTokens: audio, inputImageTokens: image } = usage;
  const split = (text ?? 0) + (audio ?? 0) + (image ?? 0);
  const rest = Math.max(0, (usage.inputTokens ?? split) - split);
  counts.input = { text: (text ?? 0) + rest, audio: audio ?? 0, image: image ?? 0 };
  counts.unsplit = rest;
  counts.cached = cachedOf(usage, counts.input);
  const { outputTextTokens, outputAudioTokens } = usage;
  const said = (outputTextTokens ?? 0) + (outputAudioTokens ?? 0);
  const restOut = Math.max(0, (usage.outputTokens ?? said) - said);
  counts.output = {
    text: (outputTextTokens ?? 0) + restOut + thoughtsBeside(usage),
    audio: outputAudioTokens ?? 0,
  };
  // A model that is known to speak has not said what these are; one that only writes has.
  if (outputAudioTokens !== undefined) counts.unsplit += restOut;
  counts.inputAudioMs = usage.inputAudioMs ?? 0;
  counts.characters = usage.characters ?? 0;
  return counts;
}

/** Where only their sum is told, what comes first in every prompt is cached first: text. */
function cachedOf(usage: Usage, input: Modalities): Modalities {
  const { cachedTextTokens: text, cachedAudioTokens: audio, cachedImageTokens: image, cachedTokens } = usage;
  const split = (text ?? 0) + (audio ?? 0) + (image ?? 0);
  let rest = Math.max(0, (cachedTokens ?? split) - split);
  const cached = { text: text ?? 0, audio: audio ?? 0, image: image ?? 0 };
  for (const kind of ['text', 'audio', 'image'] as const) {
    cached[kind] = Math.min(input[kind], cached[kind]);
    const more = Math.min(rest, input[kind] - cached[kind]);
    cached[kind] += more;
    rest -= more;
  }
  return cached;
}

/** Thoughts that are not among the output tokens: then the total is more than input and output. */
function thoughtsBeside({ thoughtTokens = 0, totalTokens, inputTokens, outputTokens }: Usage): number {
  if (thoughtTokens === 0) return 0;
  if (totalTokens === undefined || inputTokens === undefined)
    return outputTokens === undefined ? thoughtTokens : 0;
  return Math.min(thoughtTokens, Math.max(0, totalTokens - inputTokens - (outputTokens ?? 0)));
}
