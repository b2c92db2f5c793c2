import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClinic } from '../../examples/dist/clinic/app.js';
import { Chromium } from '../browser/chromium.js';
import { type Tapped, tappedMicrophone, tappedSamples } from '../browser/speaker-tap.js';
import { recordMicrophone } from './microphone.js';
import { PageCall, type ShownLine } from './page-call.js';
import { nowMs, type PageClock, readPageClock } from './page-clock.js';
import { type TurnTimes, turnTimes } from './turn-times.js';
import { type Voiced, voiced } from './voiced.js';
import { WireEar } from './wire-ear.js';
import { within } from './within.js';

/** What the caller says, in this order. The first line falls into the greeting. */
export const callerSays = {
  hours: 'what are your opening hours',
  book: 'book an appointment on tuesday at ten a m',
  name: 'john smith',
};

/** All that was seen and heard of one call. */
export interface ClinicCall {
  lines: ShownLine[];
  /** What went to the loudspeaker and what came from the microphone, on one clock. */
  speaker: Tapped;
  microphone: Tapped;
  clock: PageClock;
  /** The caller's utterances as the page's microphone gave them. */
  utterances: Voiced[];
  turns: TurnTimes[];
  wire: WireEar;
  /** When the session decided to let the caller interrupt, milliseconds since the epoch. */
  interruptedAtMs: number[];
  /** From the press of the button to the first sound of the greeting. */
  greetedAfterMs: number;
  appointments: { name: string; day: string; time: string }[];
  errors: string[];
  complaints: string[];
}

/** `npm start` as a caller has it: the clinic in this process, its page in Chromium, the caller's words in the microphone. */
export async function holdClinicCall(): Promise<ClinicCall> {
  const scratch = await mkdtemp(join(tmpdir(), 'repartee-clinic-'));
  const errors: string[] = [];
  const interruptedAtMs: number[] = [];
  let wire: WireEar | undefined;
  const opening = openClinic({
    port: 0,
    data: ':memory:',
    onCall: (session) => {
      wire = WireEar.ofSession(session);
      session.on('speech_interrupted', ({ by }) => {
        if (by === 'user') interruptedAtMs.push(nowMs());
      });
    },
    onError: ({ message }) => errors.push(message),
  });
  const microphoneWav = join(scratch, 'caller.wav');
  const recording = recordMicrophone(microphoneWav, [
    { silenceMs: 3500 },
    { says: callerSays.hours },
    { silenceMs: 7500 },
    { says: callerSays.book },
    { silenceMs: 2900 },
    { says: callerSays.name },
    { silenceMs: 500 },
  ]);
  // Whoever waits for it below hears of its failure.
  recording.catch(() => {});
  const clinic = await within(30_000, 'the clinic opens', opening);
  try {
    await within(30_000, 'the microphone file is made', recording);
    const chromium = await within(
      60_000,
      'Chromium starts',
      Chromium.launch({ microphoneWav, playOnce: true }),
    );
    const page = await PageCall.open(chromium, clinic.url);
    try {
      const pressedAtMs = nowMs();
      await page.start();
      await page.until('the answer', spokenBy('agent', /^We are open/), 60_000);
      await page.screenshot('e2e-clinic-interrupted');
      const lines = await page.until('the booking', spokenBy('agent', /^Done/), 60_000);
      await page.screenshot('e2e-clinic-booked');
      const clock = await readPageClock(page.page);
      const [speaker, microphone] = [await tappedSamples(page.page), await tappedMicrophone(page.page)];
      if (wire === undefined) throw new Error('nobody called');
      const utterances = voiced(microphone, 600);
      return {
        lines,
        speaker,
        microphone,
        clock,
        utterances,
        turns: turnTimes(utterances, speaker, clock, wire.fromServer),
        wire,
        interruptedAtMs,
        greetedAfterMs: clock.renderedAtMs(voiced(speaker, 20)[0]?.fromFrame ?? Number.NaN) - pressedAtMs,
        appointments: clinic.desk.appointmentsOf('John Smith'),
        errors,
        complaints: page.opened.complaints,
      };
    } catch (error) {
      await page.screenshot('e2e-clinic-failed');
      throw error;
    } finally {
      await within(20_000, 'Chromium ends', chromium.close());
    }
  } finally {
    await within(20_000, 'the clinic closes', clinic.close());
    await rm(scratch, { recursive: true, force: true });
  }
}

function spokenBy(kind: ShownLine['kind'], words: RegExp): (lines: ShownLine[]) => boolean {
  return (lines) => lines.some((line) => line.kind === kind && line.final && words.test(line.text));
}
