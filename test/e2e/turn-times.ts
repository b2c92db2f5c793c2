import type { Tapped } from '../browser/speaker-tap.js';
import type { PageClock } from './page-clock.js';
import { type Voiced, voiced } from './voiced.js';
import type { WireEvent } from './wire-ear.js';

/** One turn from the caller's last sound to the agent's first; all in milliseconds after that last sound. */
export interface TurnTimes {
  /** What was measured: by the page's audio clock alone, from sound to sound. */
  voiceToVoiceMs: number;
  /** The same by the clock of the machine: what the audio thread's bursts make of it. */
  wallClockMs: number;
  /** The wire's stations, as the client of the model heard of them. */
  speechStoppedMs: number;
  transcriptMs: number;
  responseMs: number;
  firstAudioMs: number;
}

/**
 * Follows each utterance that was heard at the microphone to the first sound of the loudspeaker after it. Utterances that
 * nobody answered before the next one are left out.
 */
export function turnTimes(
  utterances: readonly Voiced[],
  speaker: Tapped,
  clock: PageClock,
  fromServer: readonly WireEvent[],
): TurnTimes[] {
  const replies = voiced(speaker, 20);
  return utterances.flatMap(({ toFrame }, index) => {
    const nextFrame = utterances[index + 1]?.fromFrame ?? Number.POSITIVE_INFINITY;
    const reply = replies.find(({ fromFrame }) => fromFrame >= toFrame);
    if (reply === undefined || reply.fromFrame >= nextFrame) return [];
    const endedAtMs = clock.renderedAtMs(toFrame);
    const after = (type: string) =>
      (fromServer.find((event) => event.type === type && event.atMs > endedAtMs)?.atMs ?? Number.NaN) -
      endedAtMs;
    return [
      {
        voiceToVoiceMs: (reply.fromFrame - toFrame) / 24,
        wallClockMs: clock.renderedAtMs(reply.fromFrame) - endedAtMs,
        speechStoppedMs: after('input_audio_buffer.speech_stopped'),
        transcriptMs: after('conversation.item.input_audio_transcription.completed'),
        responseMs: after('response.created'),
        firstAudioMs: after('response.output_audio.delta'),
      },
    ];
  });
}
