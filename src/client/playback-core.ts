/** What happens on the loudspeaker's side. `playedSamples` counts since the core was made. */
export type PlaybackEvent =
  /** Sound begins after silence. */
  | { t: 'started'; playedSamples: number }
  /** At least twenty times a second while playing; `level` is the RMS (0..1) of what was played since the last one. */
  | { t: 'position'; playedSamples: number; level: number }
  /** Everything before this flush was played. */
  | { t: 'finished'; flush: number; playedSamples: number }
  /** Silence begins. `underrun`: in the middle of an utterance, because the network was late. */
  | { t: 'stopped'; why: 'finished' | 'underrun' | 'cleared'; playedSamples: number }
  /** More arrived than can be kept; what came last was dropped. */
  | { t: 'overflow'; droppedSamples: number };

export interface PlaybackCoreOptions {
  sampleRateHz: number;
  /** The most that is kept, in samples. */
  maxSamples: number;
  /** How much must have arrived before sound begins; grows by itself while the network is unsteady. */
  prebufferSamples: number;
}

/** The queue in front of a loudspeaker: samples in, render quanta out, an exact count of what went out. */
export interface PlaybackCore {
  write(pcm: Int16Array): void;
  /** Marks the end of an utterance. */
  flush(id: number): void;
  /** Drops everything. Gives what was played, to the sample; nothing of what came before will be. */
  clear(): number;
  /** Fills one render quantum, with silence where there is nothing. */
  pull(out: Float32Array): void;
  /** Events since the last call, oldest first. */
  take(): PlaybackEvent[];
  readonly playedSamples: number;
  readonly queuedSamples: number;
  readonly underruns: number;
}

/**
 * Its source text is sent into the AudioWorklet (see `worklet-source.ts`): it must use nothing from outside of itself.
 * After the last sample it lets the level fall to zero within 64 samples, because a hard cut clicks; that tail repeats the last
 * sample, so nothing more of the line is heard.
 */
export function createPlaybackCore(options: PlaybackCoreOptions): PlaybackCore {
  const { sampleRateHz, maxSamples, prebufferSamples } = options;
  const reportEvery = Math.floor(sampleRateHz / 20);
  const prebufferStep = Math.floor(sampleRateHz / 50);
  const prebufferMax = prebufferSamples + prebufferStep * 8;
  const tailDecay = 0.85;
  const silent = 1 / 32768;

  let chunks: Int16Array[] = [];
  let marks: { id: number; at: number }[] = [];
  let events: PlaybackEvent[] = [];
  let offset = 0;
  let queued = 0;
  let played = 0;
  let underruns = 0;
  let playing = false;
  let waited = 0;
  let prebuffer = prebufferSamples;
  let last = 0;
  let sinceReport = 0;
  let energy = 0;

  function passMarks(): boolean {
    let passed = false;
    while (marks.length > 0 && marks[0]!.at <= played) {
      const { id, at } = marks.shift()!;
      events.push({ t: 'finished', flush: id, playedSamples: at });
      passed = true;
    }
    return passed;
  }

  function report(): void {
    const level = sinceReport === 0 ? 0 : Math.sqrt(energy / sinceReport);
    events.push({ t: 'position', playedSamples: played, level });
    sinceReport = 0;
    energy = 0;
  }

  function stop(why: 'finished' | 'underrun' | 'cleared'): void {
    playing = false;
    waited = 0;
    sinceReport = 0;
    energy = 0;
    events.push({ t: 'stopped', why, playedSamples: played });
  }

  function mayStart(quantum: number): boolean {
    if (queued === 0) return false;
    waited += quantum;
    return queued >= prebuffer || waited > prebuffer || marks.length > 0;
  }

  function fill(out: Float32Array): number {
    let at = 0;
    while (at < out.length && chunks.length > 0) {
      const chunk = chunks[0]!;
      const n = Math.min(chunk.length - offset, out.length - at);
      for (let i = 0; i < n; i++) {
        const value = chunk[offset + i]! / 32768;
        out[at + i] = value;
        energy += value * value;
      }
      at += n;
      offset += n;
      if (offset === chunk.length) {
        chunks.shift();
        offset = 0;
      }
    }
    return at;
  }

  return {
    write(pcm) {
      const room = maxSamples - queued;
      if (pcm.length > room) {
        events.push({ t: 'overflow', droppedSamples: pcm.length - room });
        pcm = pcm.subarray(0, room);
      }
      if (pcm.length === 0) return;
      chunks.push(pcm);
      queued += pcm.length;
    },
    flush(id) {
      marks.push({ id, at: played + queued });
    },
    clear() {
      chunks = [];
      marks = [];
      offset = 0;
      queued = 0;
      if (playing) stop('cleared');
      waited = 0;
      return played;
    },
    pull(out) {
      let n = 0;
      if (!playing && mayStart(out.length)) {
        playing = true;
        events.push({ t: 'started', playedSamples: played });
      }
      if (playing) {
        n = fill(out);
        queued -= n;
        played += n;
        sinceReport += n;
        if (n > 0) last = out[n - 1]!;
      }
      const ended = passMarks();
      if (sinceReport >= reportEvery) report();
      if (playing && queued === 0) {
        if (ended) {
          prebuffer = Math.max(prebufferSamples, prebuffer - prebufferStep);
          stop('finished');
        } else if (n < out.length) {
          underruns += 1;
          prebuffer = Math.min(prebufferMax, prebuffer + prebufferStep);
          stop('underrun');
        }
      }
      for (let i = n; i < out.length; i++) {
        last = Math.abs(last) < silent ? 0 : last * tailDecay;
        out[i] = last;
      }
    },
    take() {
      const taken = events;
      if (taken.length > 0) events = [];
      return taken;
    },
    get playedSamples() {
      return played;
    },
    get queuedSamples() {
      return queued;
    },
    get underruns() {
      return underruns;
    },
  };
}
