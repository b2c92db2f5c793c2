// What the embedded speech engine costs: node scripts/measure-embedded.mjs [calls=10] [seconds=20] [threads=1] [all]
// Every caller speaks a sentence in real time, is recognised, is answered by speech, listens to it in silence and speaks
// again; with `all` they do not listen, so that everybody speaks at the same time, all the time. The delay of the main thread's
// event loop is watched. Prints one JSON object; run `npm run build` first.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { embeddedSpeech, speak } from '../dist/speech/embedded/index.js';

const [calls, seconds, threads] = [10, 20, 1].map((fallback, i) => Number(process.argv[i + 2] ?? fallback));
const listens = process.argv[5] !== 'all';
const spoken = [
  'Good morning, I would like to book an appointment.',
  'Are you open on Saturday?',
  'Can I come in tomorrow at half past ten?',
  'My phone number is five five five zero one four two.',
];
const reply = 'Certainly. There is a free slot at half past ten, with Doctor Lee. Shall I book it for you?';
const frameSamples = 320;
const trailingFrames = 15;

const startedAt = performance.now();
const engine = embeddedSpeech({
  grammar: { sentences: spoken.map((sentence) => sentence.toLowerCase()) },
  workers: { stt: threads, tts: threads },
});
await engine.stt.warmUp();
const sttInitMs = performance.now() - startedAt;
await engine.tts.warmUp();
const initMs = performance.now() - startedAt;

const voices = ['rms', 'slt', 'awb'];
const clips = [];
for (const [i, text] of spoken.entries())
  clips.push((await speak(text, { voice: voices[i % voices.length] })).pcm);

const finals = [];
const firstAudio = [];
const answered = { right: 0, wrong: 0, failed: 0 };
let heardMs = 0;
let spokenMs = 0;
const plain = (text) => text.toLowerCase().replace(/[^a-z ]/g, '');

function call(number) {
  const stt = engine.stt.stream();
  const vad = engine.vad.stream({ silenceMs: 300 });
  let sentence = number;
  let at = 0;
  let silence = 0;
  let flushedAt = 0;
  let listenFrames = number * 11;
  vad.onEvent(() => {});
  stt.onEvent((event) => {
    if (event.t === 'interim') return;
    finals.push(performance.now() - flushedAt);
    if (event.t === 'failed') answered.failed += 1;
    else if (event.text === plain(spoken[sentence % spoken.length])) answered.right += 1;
    else answered.wrong += 1;
    sentence += 1;
    at = 0;
    answer();
  });
  function answer() {
    const tts = engine.tts.stream();
    const askedAt = performance.now();
    let heard = false;
    tts.onEvent((event) => {
      if (event.t === 'done') silence = 0;
      if (event.t !== 'audio') return;
      if (!heard) firstAudio.push(performance.now() - askedAt);
      heard = true;
      spokenMs += event.pcm.length / 16;
      if (listens) listenFrames += event.pcm.length / frameSamples;
    });
    tts.push(reply);
    tts.finish();
  }
  return function tick() {
    const clip = clips[sentence % clips.length];
    if (silence > trailingFrames) return;
    const frame = new Int16Array(frameSamples);
    if (listenFrames > 0) {
      listenFrames -= 1;
      heardMs += 20;
      vad.push(frame);
      return;
    }
    if (at < clip.length) frame.set(clip.subarray(at, at + frameSamples));
    else silence += 1;
    at += frameSamples;
    heardMs += 20;
    vad.push(frame);
    stt.push(frame);
    if (silence <= trailingFrames) return;
    flushedAt = performance.now();
    stt.flush();
  };
}

const ticks = Array.from({ length: calls }, (_, number) => call(number));
// A call does not start with somebody speaking: the engine gets ready for it meanwhile.
await new Promise((resolve) => setTimeout(resolve, 200 * calls));
const delay = monitorEventLoopDelay({ resolution: 5 });
const cpu = process.cpuUsage();
delay.enable();
const from = performance.now();
// Calls are spread over the 20 ms, as sockets would spread them.
for (let due = from; due < from + 1000 * seconds; due += 20 / calls) {
  const wait = due - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  ticks[Math.round((due - from) / (20 / calls)) % calls]();
}
delay.disable();
const wallMs = performance.now() - from;
const used = process.cpuUsage(cpu);

const share = (values, p) => {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? 0).toFixed(1));
};
console.log(
  JSON.stringify(
    {
      calls,
      seconds,
      threads,
      callers: listens ? 'speak and listen in turn' : 'all speak all the time',
      initMs: Math.round(initMs),
      sttInitMs: Math.round(sttInitMs),
      // The sampling period itself is part of what the histogram holds.
      eventLoopDelayMs: {
        p50: (delay.percentile(50) / 1e6).toFixed(1),
        p99: (delay.percentile(99) / 1e6).toFixed(1),
        max: (delay.max / 1e6).toFixed(1),
        sampledEveryMs: 5,
      },
      flushToFinalMs: { p50: share(finals, 0.5), p99: share(finals, 0.99) },
      textToFirstAudioMs: { p50: share(firstAudio, 0.5), p99: share(firstAudio, 0.99) },
      utterances: answered,
      cpuCores: Number(((used.user + used.system) / 1000 / wallMs).toFixed(2)),
      cpuPerSecondOfAudio: Number(((used.user + used.system) / 1000 / (heardMs + spokenMs)).toFixed(3)),
      audioSeconds: { heard: Math.round(heardMs / 1000), spoken: Math.round(spokenMs / 1000) },
      rssMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
    },
    null,
    2,
  ),
);
await engine.close();
