import type { Word } from '../../chat/item.js';
import type { TTS } from '../contracts.js';
import { embeddedTts } from './tts/tts.js';

let shared: TTS | undefined;

/**
 * A whole text as audio: mono 16 kHz PCM, with the time of each word as written. One thread, started by the first call and kept
 * (it does not keep the process alive), serves all calls. Rejects with `peer_missing`, `option_invalid` or `tts_failed`.
 */
export async function speak(
  text: string,
  options: { voice?: string; speed?: number } = {},
): Promise<{ pcm: Int16Array<ArrayBuffer>; sampleRateHz: 16_000; words: Word[] }> {
  shared ??= embeddedTts();
  const stream = shared.stream(options);
  const pieces: Int16Array[] = [];
  const words: Word[] = [];
  await new Promise<void>((resolve, reject) => {
    stream.onEvent((event) => {
      if (event.t === 'audio') pieces.push(event.pcm);
      else if (event.t === 'clause') words.push(...event.words);
      else if (event.t === 'done') resolve();
      else reject(event.error);
    });
    stream.push(text);
    stream.finish();
  });
  const pcm = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    pcm.set(piece, at);
    at += piece.length;
  }
  return { pcm, sampleRateHz: 16_000, words };
}
