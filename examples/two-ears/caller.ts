import type { TTS } from 'repartee/speech';

/** What a voice says, whole. */
export async function spoken(tts: TTS, text: string): Promise<Int16Array> {
  const pieces: Int16Array[] = [];
  await new Promise<void>((resolve, reject) => {
    const stream = tts.stream();
    stream.onEvent((event) => {
      if (event.t === 'audio') pieces.push(event.pcm);
      else if (event.t === 'failed') reject(event.error);
      else if (event.t === 'done') resolve();
    });
    stream.push(text);
    stream.finish();
  });
  const whole = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** `47` -> `four seven`. */
export function asWords(digits: string): string {
  return [...digits].map((digit) => names[Number(digit)]).join(' ');
}

/** `my number is four seven` -> `47`. */
export function digitsIn(text: string): string {
  return text
    .split(' ')
    .map((word) => (names.includes(word) ? String(names.indexOf(word)) : /^\d+$/.test(word) ? word : ''))
    .join('');
}

/** Numbers like those that callers say, each digit behind each other one. */
export function sampleNumbers(): string[] {
  return Array.from({ length: 100 }, (_, index) => {
    const [first, second] = [Math.floor(index / 10), index % 10];
    return asWords(
      [first, second, second, first, (first + 1) % 10, (second + 3) % 10, first, second].join(''),
    );
  });
}
