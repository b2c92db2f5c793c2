import type { STT, SttEvent } from '../../../src/speech/contracts.js';
import { embeddedStt, speak } from '../../../src/speech/embedded/index.js';
import { totalErrors, type WordErrors, wordErrors } from '../wer.js';
import { answered, collect, padded, pushFrames } from './audio.js';

const days = ['monday', 'tuesday', 'thursday', 'saturday', 'tomorrow'];
const hours = ['nine', 'ten', 'two', 'half past ten', 'quarter past three', 'two thirty p m'];

/** A recogniser for what callers say to an appointment desk. */
export function appointmentStt(): STT {
  const sentences = [
    ...days.flatMap((day) => [`are you open on ${day}`, `do you have anything on ${day}`]),
    ...days.flatMap((day) => hours.map((hour) => `i would like to book an appointment on ${day} at ${hour}`)),
    ...days.flatMap((day) => hours.map((hour) => `can i come in on ${day} at ${hour}`)),
    'what are your opening hours',
    'i need to cancel my appointment',
    'my phone number is five five five zero one four two',
    'my name is anna novák',
    'restart the kubernetes cluster',
  ];
  return embeddedStt({ grammar: { sentences } });
}

/** What they say. */
export const said = [
  'What are your opening hours?',
  'I would like to book an appointment on Thursday at half past ten.',
  'Can I come in on Monday at 2:30 p.m.?',
  'Are you open on Saturday?',
  'I need to cancel my appointment.',
  'My phone number is five five five, zero one four two.',
];
const asSpoken = (text: string) => text.replace('2:30 p.m.', 'two thirty p m');

export async function hear(stt: STT, pcm: Int16Array): Promise<{ result: SttEvent; events: SttEvent[] }> {
  const stream = stt.stream();
  const { events, next } = collect<SttEvent>(stream);
  const over = next(answered);
  pushFrames(stream, pcm);
  stream.flush();
  const result = await over;
  stream.close();
  return { result, events };
}

function errorsOf(text: string, heard: SttEvent): WordErrors {
  return wordErrors(asSpoken(text), heard.t === 'final' ? heard.text : '');
}

/** The errors in these lines, said by a voice one after the other. */
export async function errorsOfVoice(stt: STT, texts: readonly string[], voice: string): Promise<WordErrors> {
  const errors = [];
  for (const text of texts) {
    const { pcm } = await speak(text, { voice });
    errors.push(errorsOf(text, (await hear(stt, padded(pcm, 200, 300))).result));
  }
  return totalErrors(errors);
}

/** The errors in these lines, each said by a caller of its own, all at the same time. */
export async function errorsOfCrowd(stt: STT, texts: readonly string[]): Promise<WordErrors> {
  const clips = await Promise.all(texts.map((text) => speak(text, { voice: 'rms' })));
  const streams = clips.map(() => stt.stream());
  const results = streams.map((stream) => collect<SttEvent>(stream).next(answered));
  const audio = clips.map(({ pcm }) => padded(pcm, 200, 300));
  for (let at = 0; at < Math.max(...audio.map((pcm) => pcm.length)); at += 320)
    streams.forEach((stream, i) => {
      stream.push(audio[i]!.subarray(at, at + 320));
    });
  for (const stream of streams) stream.flush();
  const heard = await Promise.all(results);
  for (const stream of streams) stream.close();
  return totalErrors(heard.map((event, i) => errorsOf(texts[i]!, event)));
}
