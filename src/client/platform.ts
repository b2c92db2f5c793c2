import type { Clock, Socket } from '../core/index.js';
import type { CaptureReport, PlaybackReport } from './worklets.js';

/** What a `VoiceClient` needs from where it runs. `browserPlatform()` is the real one; tests bring their own. */
export interface VoicePlatform {
  readonly clock: Clock;
  /** A number from 0 to 1. */
  random(): number;
  /** Rejects with ReparteeError `microphone_denied`, `microphone_missing` or `playback_failed`. */
  openAudio(microphone: MicrophoneChoice): Promise<VoiceAudio>;
  /** Resolves with an open socket; rejects with ConnectionError `connect_failed`. */
  openSocket(url: string): Promise<Socket>;
  /** Calls back when the network is there again; returns how to stop listening. */
  onOnline(listener: () => void): () => void;
}

/** `false`: no microphone, for listening and typing only. Without a `deviceId` the browser chooses. */
export type MicrophoneChoice = { deviceId?: string } | false;

/** The microphone in use. `label` may be empty where the browser does not tell. */
export interface MicrophoneInfo {
  deviceId: string;
  label: string;
}

/** An open microphone and loudspeaker. */
export interface VoiceAudio {
  readonly inputSampleRateHz: number;
  readonly outputSampleRateHz: number;
  /** Seconds on the audio clock. */
  readonly currentTime: number;
  readonly microphone: MicrophoneInfo | null;
  /** One listener each. */
  onCapture(listener: (report: CaptureReport) => void): void;
  onPlayback(listener: (report: PlaybackReport) => void): void;
  /** The microphone went away while in use. */
  onMicrophoneLost(listener: () => void): void;
  /** Takes the samples over: they must not be used afterwards. */
  write(pcm: Int16Array<ArrayBuffer>): void;
  flush(id: number): void;
  clear(id: number): void;
  /** Drops everything, counts from zero, stamps later reports with this number. */
  beginSession(session: number): void;
  setMuted(muted: boolean): void;
  /** Changes over to another microphone; the old one stays when this rejects. */
  useMicrophone(choice: { deviceId?: string }): Promise<MicrophoneInfo>;
  close(): void;
}
