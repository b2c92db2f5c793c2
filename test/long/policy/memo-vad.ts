import type { VAD, VadEvent } from '../../../src/speech/index.js';

/**
 * A VAD that remembers: after the same audio it says the same without being asked again. Several runs over the same sounds cost
 * one.
 */
export function memoVad(vad: VAD): VAD {
  const known = new Map<string, VadEvent[]>();
  return {
    sampleRateHz: vad.sampleRateHz,
    stream(options = {}) {
      let tell: (event: VadEvent) => void = () => {};
      let heard = 0;
      let [one, two] = [0x811c9dc5, 0x9747b28c];
      let told: VadEvent[] = [];
      // Asked only from where something new is heard; until then what was pushed is kept.
      const live = vad.stream(options);
      let pending: Int16Array[] = [];
      live.onEvent((event) => told.push(event));
      return {
        push(pcm) {
          for (let i = 0; i < pcm.length; i++) {
            one = Math.imul(one ^ pcm[i]!, 0x01000193);
            two = Math.imul(two ^ (pcm[i]! + i), 0x5bd1e995);
          }
          heard += pcm.length;
          const key = `${heard} ${one} ${two}`;
          pending.push(pcm);
          let events = known.get(key);
          if (events === undefined) {
            for (const piece of pending) {
              told = [];
              live.push(piece);
            }
            pending = [];
            events = told;
            known.set(key, events);
          }
          for (const event of events) tell(event);
        },
        onEvent(listener) {
          tell = listener;
        },
        update: (more) => live.update(more),
        reset: () => live.reset(),
        close: () => live.close(),
      };
    },
    close() {},
  };
}
