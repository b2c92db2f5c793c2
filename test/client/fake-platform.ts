import type { MicrophoneChoice, VoiceAudio, VoicePlatform } from '../../src/client/index.js';
import { createPlaybackCore } from '../../src/client/playback-core.js';
import type { CaptureReport, PlaybackReport } from '../../src/client/worklets.js';
import { ConnectionError, type Socket } from '../../src/core/index.js';
import { type LinkedSocket, linkedPair } from '../../src/net/index.js';
import { FakeClock } from '../../src/testing/fake-clock.js';

/** A loudspeaker and a microphone moved by hand, over the real playback core. */
export class FakeAudio implements VoiceAudio {
  readonly inputSampleRateHz = 24_000;
  readonly outputSampleRateHz = 24_000;
  readonly currentTime = 0;
  microphone: { deviceId: string; label: string } | null = { deviceId: 'a', label: 'Mic A' };
  closed = false;
  muted = false;
  heard: number[] = [];
  #core = newCore();
  #session = 0;
  #capture: (report: CaptureReport) => void = () => {};
  #playback: (report: PlaybackReport) => void = () => {};
  loseMicrophone: () => void = () => {};
  refuseMicrophone: Error | undefined;

  onCapture(listener: (report: CaptureReport) => void): void {
    this.#capture = listener;
  }
  onPlayback(listener: (report: PlaybackReport) => void): void {
    this.#playback = listener;
  }
  onMicrophoneLost(listener: () => void): void {
    this.loseMicrophone = listener;
  }
  write(pcm: Int16Array): void {
    this.#core.write(pcm);
  }
  flush(id: number): void {
    this.#core.flush(id);
  }
  clear(id: number): void {
    const playedSamples = this.#core.clear();
    this.#tell();
    this.#playback({ t: 'cleared', id, playedSamples, frame: 0, session: this.#session });
  }
  beginSession(session: number): void {
    this.#core = newCore();
    this.#session = session;
  }
  setMuted(muted: boolean): void {
    this.muted = muted;
  }
  async useMicrophone(choice: { deviceId?: string }): Promise<{ deviceId: string; label: string }> {
    if (this.refuseMicrophone !== undefined) throw this.refuseMicrophone;
    this.microphone = { deviceId: choice.deviceId ?? 'default', label: 'Mic' };
    return this.microphone;
  }
  close(): void {
    this.closed = true;
  }

  speak(frames = 1): void {
    for (let i = 0; i < frames; i++) this.#capture({ pcm: new Int16Array(480).fill(100), level: 0.5 });
  }

  /** Lets the loudspeaker run for `samples`, in quanta of 100. */
  play(samples: number): void {
    for (let left = samples; left > 0; left -= 100) {
      const out = new Float32Array(Math.min(left, 100));
      this.#core.pull(out);
      this.heard.push(...out);
      this.#tell();
    }
  }

  #tell(): void {
    for (const event of this.#core.take()) this.#playback({ ...event, session: this.#session });
  }
}

function newCore() {
  return createPlaybackCore({ sampleRateHz: 24_000, maxSamples: 720_000, prebufferSamples: 480 });
}

export interface FakePlatform extends VoicePlatform {
  clock: FakeClock;
  audio: FakeAudio;
  choices: MicrophoneChoice[];
  /** The server's ends of the sockets that were opened. */
  accepted: LinkedSocket[];
  serverUp: boolean;
  refuseAudio: Error | undefined;
  goOnline(): void;
}

export function fakePlatform(onSocket: (socket: Socket) => void = () => {}): FakePlatform {
  const clock = new FakeClock();
  const online = new Set<() => void>();
  const platform: FakePlatform = {
    clock,
    audio: new FakeAudio(),
    choices: [],
    accepted: [],
    serverUp: true,
    refuseAudio: undefined,
    random: () => 1,
    async openAudio(choice) {
      platform.choices.push(choice);
      if (platform.refuseAudio !== undefined) throw platform.refuseAudio;
      return platform.audio;
    },
    async openSocket() {
      if (!platform.serverUp) throw new ConnectionError('connect_failed', 'The server does not answer.');
      const [mine, theirs] = linkedPair();
      platform.accepted.push(theirs);
      onSocket(theirs);
      return mine;
    },
    onOnline(listener) {
      online.add(listener);
      return () => online.delete(listener);
    },
    goOnline() {
      for (const listener of online) listener();
    },
  };
  return platform;
}
