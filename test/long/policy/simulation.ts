import { Agent, AgentSession, type AgentSessionOptions } from '../../../src/agent/index.js';
import { Resampler } from '../../../src/audio/index.js';
import { cascadeModel, energyVad, scriptLlm } from '../../../src/cascade/index.js';
import {
  type AudioOutput,
  type Clock,
  countedIds,
  type Ms,
  msToSamples,
  type Transport,
} from '../../../src/core/index.js';
import type { STT, SttEvent, SttStream, TTS, TtsEvent, VAD } from '../../../src/speech/index.js';
import { noise, speakLine } from '../../../src/testing/caller/index.js';
import { Biquad } from '../../../src/testing/caller/sound/biquad.js';
import { FakeClock } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';
import { greeting, inputHz, type Overlap } from './overlaps.js';
import { agentLine } from './phrases.js';
import type { Recognition } from './recognition.js';

const outputHz = 24_000;
const tickMs: Ms = 20;
/** The recogniser's own time, and how long it takes to end a turn. */
const sttMs: Ms = 20;
const finalMs: Ms = 120;
/** The agent is watched for so long after the last of the overlap; an echo has none. */
const afterMs: Ms = 1_200;
const echoMs: Ms = 3_500;
/** Shorter pauses are no stops: so the report of a call counts speech. */
const breathMs: Ms = 200;

export interface Setting {
  /** Who hears the edges of speech: the wire (by loudness), or a Silero of the session's. */
  ears: 'server' | 'local';
  policy: boolean;
  /** The recogniser beside the model: our own, one that understands everything, or none. */
  words: 'embedded' | 'exact' | 'none';
}

export interface Outcome {
  overlap: Overlap;
  /** The agent fell silent so long after the onset; `null`: it did not. */
  stoppedMs: Ms | null;
  /** It went on afterwards from where it stopped. */
  resumed: boolean;
  decisions: string[];
  /** It paused, so long, and went on before that was a stop. */
  breathMs: Ms;
}

/** A call: the caller says hello, the agent speaks at length, and something comes in between. */
export async function play(
  overlap: Overlap,
  { ears, policy, words }: Setting,
  recognition: Recognition | undefined,
  silero: VAD,
): Promise<Outcome> {
  const clock = new FakeClock();
  const line = new Line(clock, overlap);
  const spoken = await speakLine({
    text: agentLine,
    voice: overlap.agentVoice,
    levelDb: -20,
    sampleRateHz: outputHz,
  });
  const hello = await greeting(overlap);
  const script = { turns: [{ hears: 'hello', says: 'Of course.' }] };
  const llm = cascadeModel({
    stt: deafStt,
    llm: scriptLlm(script, clock),
    tts: recordedTts(spoken.pcm),
    vad: energyVad({ thresholdDbfs: -45 }),
    inputRateHz: inputHz,
    defaults: { transcription: null },
  });
  const options: AgentSessionOptions = { llm, clock, ids: countedIds() };
  if (ears === 'local') Object.assign(options, { vad: silero, turnDetection: 'vad' });
  if (policy) options.interruption = {};
  if (words !== 'none') options.stt = heardStt(clock, recognition, () => line.soundMs);
  const session = new AgentSession(options);
  const decisions: string[] = [];
  session.on('interruption_decided', ({ decision, reason, atMs, features }) => {
    const sinceMs = Math.round(atMs - line.soundMs - overlap.onsetMs);
    decisions.push(`${decision} ${reason} ${sinceMs} ${JSON.stringify(features)}`);
  });
  session.on('error', (error) => decisions.push(`error ${error.message}`));
  const started = session.start({ agent: new Agent({ instructions: '' }), transport: line });
  await clock.advance(1);
  await started;
  line.say(hello);
  for (let ms = 0; ms < 6_000 && line.agentMs === null; ms += tickMs) await clock.advance(tickMs);
  await clock.advance(overlap.afterMs);
  line.sound(overlap.sound);
  const soundMs = overlap.echo === null ? (overlap.sound.length * 1_000) / inputHz : echoMs;
  await clock.advance(soundMs + afterMs);
  const onsetMs =
    overlap.echo === null ? line.soundMs + overlap.onsetMs : (line.agentMs ?? 0) + overlap.echo.delayMs;
  const { stopMs } = line;
  const resumed = decisions.some((decision) => decision.startsWith('resume'));
  await session.close();
  return {
    overlap,
    stoppedMs: stopMs === null ? null : stopMs - onsetMs,
    resumed,
    decisions,
    breathMs: line.breathMs,
  };
}

/** The caller's end: a microphone with hiss, what is said into it, and maybe the agent's own voice; a loudspeaker that is watched. */
class Line implements Transport {
  readonly name = 'line';
  readonly input;
  readonly output: AudioOutput;
  /** When the overlap was put on the line. */
  soundMs: Ms = Infinity;
  agentMs: Ms | null = null;
  stopMs: Ms | null = null;
  /** Length of the last pause that was no stop. */
  breathMs: Ms = 0;
  readonly #clock: Clock;
  readonly #far: MemoryTransport;
  readonly #hiss: Int16Array;
  readonly #written = new Int16Array(outputHz * 30);
  readonly #echo: Echo | undefined;
  #end = 0;
  #played = 0;
  #samples = 0;
  #said: { pcm: Int16Array; at: number }[] = [];
  #onAudio: (pcm: Int16Array) => void = () => {};
  #closed = false;

  constructor(clock: Clock, { hissDb, echo }: Overlap) {
    this.#clock = clock;
    this.#far = new MemoryTransport({ clock, sampleRateHz: outputHz, keepHeard: false });
    this.#hiss = hiss(hissDb);
    if (echo !== null) this.#echo = new Echo(echo);
    this.input = {
      sampleRateHz: inputHz,
      onAudio: (listener: (pcm: Int16Array) => void) => {
        this.#onAudio = listener;
      },
    };
    const { output } = this.#far;
    this.output = {
      sampleRateHz: outputHz,
      write: (pcm) => {
        this.#written.set(pcm, this.#end);
        this.#end += pcm.length;
        output.write(pcm);
      },
      flush: () => output.flush(),
      clear: async () => {
        const played = await output.clear();
        this.#end = msToSamples(played.playedMs, outputHz);
        return played;
      },
      onPlayback: (listener) => output.onPlayback(listener),
    };
  }

  async start(): Promise<void> {
    await this.#far.start();
    this.#arm(this.#clock.now() + tickMs);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#far.close();
  }

  onClosed(): void {}

  say(pcm: Int16Array): void {
    this.#said.push({ pcm, at: 0 });
  }

  sound(pcm: Int16Array): void {
    this.soundMs = this.#clock.now();
    this.say(pcm);
  }

  #arm(atMs: Ms): void {
    this.#clock.at(atMs, () => {
      if (this.#closed) return;
      this.#tick(atMs);
      this.#arm(atMs + tickMs);
    });
  }

  #tick(nowMs: Ms): void {
    const speaker = this.#watch(nowMs);
    const frame = new Int16Array(msToSamples(tickMs, inputHz));
    for (let i = 0; i < frame.length; i++) frame[i] = this.#hiss[(this.#samples + i) % this.#hiss.length]!;
    this.#samples += frame.length;
    for (const said of this.#said) {
      for (let i = 0; i < frame.length && said.at < said.pcm.length; i++) frame[i]! += said.pcm[said.at++]!;
    }
    this.#said = this.#said.filter(({ pcm, at }) => at < pcm.length);
    this.#echo?.into(frame, speaker);
    this.#onAudio(frame);
  }

  /** What the loudspeaker gave in the last tick. */
  #watch(nowMs: Ms): Int16Array {
    const speaker = new Int16Array(msToSamples(tickMs, outputHz));
    const to = msToSamples(this.#far.output.playedMs, outputHz);
    const count = to - this.#played;
    if (count > 0 && this.agentMs === null) this.agentMs = nowMs - tickMs;
    // What is shorter than that is no stop.
    if (count > 0 && this.stopMs !== null && nowMs - tickMs - this.stopMs < breathMs) {
      this.breathMs = nowMs - tickMs - this.stopMs;
      this.stopMs = null;
    }
    if (
      this.agentMs !== null &&
      this.stopMs === null &&
      count < speaker.length &&
      this.agentMs < nowMs - tickMs
    ) {
      this.stopMs = nowMs - tickMs + (count * 1_000) / outputHz;
    }
    speaker.set(
      this.#written.subarray(this.#played, to),
      this.agentMs === nowMs - tickMs ? speaker.length - count : 0,
    );
    this.#played = to;
    return speaker;
  }
}

/** The way from the loudspeaker into the microphone. */
class Echo {
  readonly #resampler = new Resampler(outputHz, inputHz);
  readonly #filter: Biquad;
  readonly #gain: number;
  readonly #delayed: number[];

  constructor({ delayMs, gainDb, cutHz }: NonNullable<Overlap['echo']>) {
    this.#filter = Biquad.lowPass(cutHz, inputHz);
    this.#gain = 10 ** (gainDb / 20);
    this.#delayed = new Array<number>(msToSamples(delayMs, inputHz)).fill(0);
  }

  into(frame: Int16Array, speaker: Int16Array): void {
    for (const sample of this.#resampler.process(speaker)) {
      this.#delayed.push(this.#gain * this.#filter.process(sample));
    }
    const due = this.#delayed.splice(0, frame.length);
    for (let i = 0; i < due.length; i++) frame[i]! += due[i]!;
  }
}

const hisses = new Map<number, Int16Array>();

function hiss(levelDb: number): Int16Array {
  const made = hisses.get(levelDb) ?? noise('pink', 7, 1_300, { sampleRateHz: inputHz, levelDb });
  hisses.set(levelDb, made);
  return made;
}

/** Says the recording, whatever it is asked to. */
function recordedTts(pcm: Int16Array): TTS {
  return {
    name: 'recorded',
    sampleRateHz: outputHz,
    voices: [],
    stream() {
      let tell: (event: TtsEvent) => void = () => {};
      let text = '';
      return {
        push(more) {
          text += more;
        },
        finish() {
          queueMicrotask(() => {
            tell({ t: 'clause', text, words: [] });
            tell({ t: 'audio', pcm: pcm.slice() });
            tell({ t: 'done' });
          });
        },
        onEvent(listener) {
          tell = listener;
        },
        close() {
          tell = () => {};
        },
      };
    },
    async warmUp() {},
    async close() {},
  };
}

function silentStream(
  onFlush: (tell: (event: SttEvent) => void) => void,
  onPush: (tell: (event: SttEvent) => void) => void,
): SttStream {
  let tell: (event: SttEvent) => void = () => {};
  return {
    push: () => onPush((event) => tell(event)),
    flush: () => onFlush((event) => tell(event)),
    discard() {},
    onEvent(listener) {
      tell = listener;
    },
    close() {
      tell = () => {};
    },
  };
}

/** The model understands every turn as the same. */
const deafStt: STT = {
  name: 'deaf',
  sampleRateHz: inputHz,
  stream: () =>
    silentStream(
      (tell) => queueMicrotask(() => tell({ t: 'final', text: 'hello', words: [] })),
      () => {},
    ),
  async warmUp() {},
  async close() {},
};

/** What was recognised beforehand, told when it was known. */
function heardStt(clock: Clock, recognition: Recognition | undefined, soundMs: () => Ms): STT {
  return {
    name: 'heard',
    sampleRateHz: inputHz,
    stream() {
      let told = 0;
      return silentStream(
        (tell) => {
          const text = clock.now() < soundMs() ? 'hello what do i get' : (recognition?.final ?? '');
          clock.at(clock.now() + finalMs, () => tell({ t: 'final', text, words: [] }));
        },
        (tell) => {
          const heardMs = clock.now() - soundMs() - sttMs;
          const all = recognition?.told ?? [];
          // So the caller's first turn began.
          const isFirst = clock.now() < soundMs();
          if (isFirst && recognition?.opens) tell({ t: 'opening', is: 'words', isWhole: true, count: 1 });
          while (told < all.length && all[told]!.atMs <= heardMs) {
            const { event } = all[told++]!;
            queueMicrotask(() => tell(event));
          }
        },
      );
    },
    async warmUp() {},
    async close() {},
  };
}
