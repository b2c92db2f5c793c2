import { concatPcm } from '../../../audio/index.js';
import type { Word } from '../../../chat/item.js';
import { type Ms, msToSamples, samplesToMs } from '../../../core/index.js';
import { type Random, seededRandom } from '../../faults/random.js';
import type { Label } from '../../report/recording.js';
import type { CallerVoiceOptions, NoiseOfStep, Scenario, Step } from '../scenario/scenario.js';
import {
  dtmfTone,
  type Manner,
  noise,
  speakLine,
  speechLevelDb,
  telephoneRateHz,
  ticBurst,
  type VoiceLine,
} from '../sound/index.js';

/** A step's sound, ready before the call begins, and what it is. */
export interface PreparedSound {
  pcm: Int16Array;
  /** First and last audible sample, from the beginning of `pcm`. */
  fromMs: Ms;
  toMs: Ms;
  kind: Label['kind'];
  text?: string;
  /** With their times in `pcm`. */
  words?: readonly Word[];
  /** Keys of a telephone, with the times at which they are pressed. */
  keys?: { key: string; atMs: Ms }[];
}

export interface PreparedSounds {
  /** By the number of the step. */
  steps: ReadonlyMap<number, PreparedSound>;
  /** Of the whole call: a stretch to be repeated. */
  noise?: Int16Array;
}

const defaultLevelDb = -23;
const backchannels = ['uh huh', 'okay', 'yeah', 'right', 'I see'];
/** Noise is made once for so long, and repeated. */
const loopMs: Ms = 8000;
const seamMs: Ms = 50;

/** Rate of a scenario's call, both ways. */
export function rateOf({ line = {} }: Scenario): number {
  return line.telephone === true ? telephoneRateHz : (line.sampleRateHz ?? 24_000);
}

/** Synthesizes all that the scenario has to say, so that the call itself needs no time but its own. Rejects as `speakLine`. */
export async function prepareSounds(
  scenario: Scenario,
  seed: number,
  sampleRateHz: number,
): Promise<PreparedSounds> {
  const caller = scenario.caller ?? {};
  const made = await Promise.all(
    scenario.steps.map(async (step, index) => {
      // A chance of its own for each step: another step before it changes nothing.
      const random = seededRandom(seed * 7919 + index);
      return [index, await soundOf(step, caller, random, sampleRateHz)] as const;
    }),
  );
  const steps = new Map(
    made.flatMap(([index, sound]) => (sound === undefined ? [] : [[index, sound] as const])),
  );
  const all = scenario.line?.noise;
  return { steps, ...(all === undefined ? {} : { noise: noiseLoop(all, caller, seed, sampleRateHz) }) };
}

async function soundOf(
  step: Step,
  caller: CallerVoiceOptions,
  random: Random,
  sampleRateHz: number,
): Promise<PreparedSound | undefined> {
  if ('say' in step) {
    const { text, intent = 'turn', ...manner } = step.say;
    return spoken({ ...varied(caller, manner, random), text, sampleRateHz }, intent);
  }
  if ('backchannel' in step) {
    const { text = random.pick(backchannels), ...manner } = step.backchannel;
    return spoken(
      { ...varied(caller, { levelDb: level(caller) - 3, ...manner }, random), text, sampleRateHz },
      'backchannel',
    );
  }
  if ('sideSpeech' in step) {
    const { text, ...manner } = step.sideSpeech;
    const voice = caller.voice === 'awb' ? 'rms' : 'awb';
    const other = { voice, levelDb: level(caller) - 8, ...manner } as const;
    return spoken(
      { ...varied({ ...caller, pitch: 1, rate: 1 }, other, random), text, sampleRateHz },
      'side_speech',
    );
  }
  if ('tic' in step) {
    const { kind = 'cough', peakDb = -8 } = step.tic;
    const pcm = ticBurst(kind, random.int(0, 1e9), { sampleRateHz, peakDb });
    return { pcm, ...audible(pcm, sampleRateHz), kind: 'tic', text: kind };
  }
  if ('dtmf' in step) return keysOf(step.dtmf, sampleRateHz);
  if ('noise' in step) {
    const pcm = noiseLoop(step.noise, caller, random.int(0, 1e9), sampleRateHz);
    return {
      pcm,
      fromMs: 0,
      toMs: step.noise.ms ?? Number.POSITIVE_INFINITY,
      kind: 'noise',
      text: step.noise.kind,
    };
  }
  return undefined;
}

async function spoken(
  line: VoiceLine & { sampleRateHz: number },
  kind: Label['kind'],
): Promise<PreparedSound> {
  const { pcm, words } = await speakLine(line);
  return { pcm, ...audible(pcm, line.sampleRateHz), kind, text: line.text, words };
}

/** The caller's manner, what the step says of it, and as much of chance as the caller allows. */
function varied({ vary = {}, ...caller }: CallerVoiceOptions, manner: Manner, random: Random): Manner {
  const by = (most = 0) => most * (2 * random.next() - 1);
  const { rate = 1, pitch = 1, levelDb = defaultLevelDb, ...rest } = { ...caller, ...manner };
  return {
    ...rest,
    rate: within(rate * (1 + by(vary.rate)), 0.5, 2),
    pitch: within(pitch * (1 + by(vary.pitch)), 0.7, 1.4),
    levelDb: within(levelDb + by(vary.levelDb), -90, 0),
  };
}

function within(value: number, from: number, to: number): number {
  return Math.max(from, Math.min(to, value));
}

function level(caller: CallerVoiceOptions): number {
  return caller.levelDb ?? defaultLevelDb;
}

function keysOf(dtmf: Extract<Step, { dtmf: unknown }>['dtmf'], sampleRateHz: number): PreparedSound {
  const { keys, gapMs = 100, toneMs = 100, audible: sounds = false } = dtmf;
  const silence = (ms: Ms) => new Int16Array(msToSamples(ms, sampleRateHz));
  const pcm = concatPcm(
    [...keys].flatMap((key, index) => [
      ...(index === 0 ? [] : [silence(gapMs)]),
      sounds ? dtmfTone(key, { sampleRateHz, durationMs: toneMs }) : silence(toneMs),
    ]),
  );
  const times = [...keys].map((key, index) => ({ key, atMs: index * (toneMs + gapMs) }));
  return {
    pcm,
    fromMs: 0,
    toMs: samplesToMs(pcm.length, sampleRateHz),
    kind: 'dtmf',
    text: keys,
    keys: times,
  };
}

/** A stretch of noise whose end runs into its beginning. */
function noiseLoop(
  { kind, snrDb = 15, levelDb }: NoiseOfStep,
  caller: CallerVoiceOptions,
  seed: number,
  sampleRateHz: number,
): Int16Array {
  const options = { sampleRateHz, levelDb: levelDb ?? level(caller) - snrDb };
  const long = noise(kind, seed, loopMs + seamMs, options);
  const seam = msToSamples(seamMs, sampleRateHz);
  const length = long.length - seam;
  const loop = long.slice(0, length);
  for (let i = 0; i < seam; i++) {
    // Equal power: the two ends know nothing of one another.
    const angle = (Math.PI / 2) * (i / seam);
    loop[i] = Math.round(Math.sin(angle) * long[i]! + Math.cos(angle) * long[length + i]!);
  }
  return loop;
}

/** Where a sound is louder than 35 dB below its speech. */
function audible(pcm: Int16Array, sampleRateHz: number): { fromMs: Ms; toMs: Ms } {
  const least = 32_768 * 10 ** ((speechLevelDb(pcm, sampleRateHz) - 35) / 20) * Math.SQRT2;
  const first = pcm.findIndex((sample) => Math.abs(sample) >= least);
  const last = pcm.findLastIndex((sample) => Math.abs(sample) >= least);
  if (first < 0) return { fromMs: 0, toMs: samplesToMs(pcm.length, sampleRateHz) };
  return { fromMs: samplesToMs(first, sampleRateHz), toMs: samplesToMs(last + 1, sampleRateHz) };
}
