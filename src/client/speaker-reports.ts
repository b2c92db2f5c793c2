import { type Ms, type ReparteeError, TransportError } from '../core/index.js';
import type { ServerLine } from './server-line.js';
import type { PlaybackReport } from './worklets.js';

/** Measurements of the loudspeaker, by the audio clock. For tests and curiosity. */
export interface VoiceDiagnostics {
  /** Samples of the agent's voice rendered in this session. */
  playedSamples: number;
  /** How often the agent's voice broke off because the network was late. */
  underruns: number;
  /** Frames of the microphone that were dropped because the network was late. */
  droppedFrames: number;
  outputSampleRateHz: number;
  lastClear: ClearDiagnostics | null;
}

export interface ClearDiagnostics {
  id: number;
  /** When the order arrived, milliseconds since the epoch. */
  receivedAtMs: Ms;
  /** What the server was told. */
  playedSamples: number;
  /** Sample of the audio clock at which the order was carried out. */
  clearedAtFrame: number;
  /** First sample of the first render quantum that ended in silence; null until then. */
  silentAtFrame: number | null;
}

/** Passes on to the server what the loudspeaker has played in one session, and keeps what is worth knowing of it. */
export class SpeakerReports {
  /** RMS (0..1) of the last 50 ms. */
  level = 0;
  playedSamples = 0;
  underruns = 0;
  lastClear: ClearDiagnostics | null = null;
  clearReceivedAtMs: Ms = 0;

  constructor(
    readonly session: number,
    readonly onError: (error: ReparteeError) => void,
  ) {}

  hear(report: PlaybackReport, line: ServerLine): void {
    // Of a session that is gone.
    if (report.session !== this.session) return;
    if ('playedSamples' in report) this.playedSamples = report.playedSamples;
    switch (report.t) {
      case 'started':
        line.send({ type: 'played', phase: 'started', playedSamples: report.playedSamples });
        break;
      case 'position':
        this.level = report.level;
        line.send({ type: 'played', phase: 'position', playedSamples: report.playedSamples });
        break;
      case 'finished': {
        const { playedSamples, flush } = report;
        line.send({ type: 'played', phase: 'finished', playedSamples, flush });
        break;
      }
      case 'stopped':
        this.level = 0;
        if (report.why === 'underrun') this.underruns += 1;
        break;
      case 'cleared':
        this.#cleared(report, line);
        break;
      case 'silent':
        if (this.lastClear !== null) this.lastClear.silentAtFrame = report.frame;
        break;
      case 'overflow':
        this.onError(
          new TransportError('transport_overflow', 'The server sent more audio than can wait to be played.'),
        );
        break;
    }
  }

  #cleared({ id, playedSamples, frame }: PlaybackReport & { t: 'cleared' }, line: ServerLine): void {
    line.send({ type: 'cleared', id, playedSamples });
    const receivedAtMs = this.clearReceivedAtMs;
    this.lastClear = { id, receivedAtMs, playedSamples, clearedAtFrame: frame, silentAtFrame: null };
  }
}
