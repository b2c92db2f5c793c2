/** A sound on its way into the line. */
export interface Sounding {
  pcm: Int16Array;
  /** Place of its first sample on the call's sample clock. */
  at: number;
  /** Place where it ends: more than its length for a sound that is repeated, `Infinity` for one that lasts. */
  until: number;
  /** Called in the frame that holds its last sample. */
  done?: () => void;
}

/** Adds what falls into the frame that begins at `at`; gives the sounds that go on. */
export function addSounds(sum: Float64Array, at: number, sounds: readonly Sounding[]): Sounding[] {
  const end = at + sum.length;
  for (const { pcm, at: from, until } of sounds) {
    const last = Math.min(end, until);
    for (let place = Math.max(at, from); place < last; place++) {
      sum[place - at]! += pcm[(place - from) % pcm.length]!;
    }
  }
  return sounds.filter(({ until }) => until > end);
}
