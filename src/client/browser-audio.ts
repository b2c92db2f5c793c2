import { ReparteeError, toReparteeError } from '../core/index.js';
import { insecurePageError, microphoneError } from './microphone-errors.js';
import type { MicrophoneChoice, MicrophoneInfo, VoiceAudio } from './platform.js';
import { addWorklets } from './worklet-source.js';
import {
  type CaptureReport,
  captureProcessorName,
  type PlaybackCommand,
  type PlaybackReport,
  playbackProcessorName,
} from './worklets.js';

/** The rate most speech models speak at; the browser resamples from and to the hardware. */
const sampleRateHz = 24_000;

/** Opens microphone and loudspeaker. Call it from a click: browsers keep silent until the user has done something. */
export async function openBrowserAudio(choice: MicrophoneChoice): Promise<VoiceAudio> {
  // The microphone first: without it, nothing else need be opened.
  const stream = choice === false ? null : await openMicrophone(choice);
  let context: AudioContext | undefined;
  try {
    context = new AudioContext({ sampleRate: sampleRateHz, latencyHint: 'interactive' });
    await addWorklets(context);
    // Not awaited: without a click it never settles.
    void context.resume().catch(() => {});
    const audio = new BrowserAudio(context);
    if (stream !== null) await audio.capture(stream);
    return audio;
  } catch (thrown) {
    stopStream(stream);
    void context?.close();
    throw toReparteeError(thrown, 'playback_failed', 'The loudspeaker could not be opened: ');
  }
}

/** Microphones by name. Names are empty until the user has once allowed a microphone. */
export async function listMicrophones(): Promise<MicrophoneInfo[]> {
  const devices = (await mediaDevices()?.enumerateDevices()) ?? [];
  return devices
    .filter((device) => device.kind === 'audioinput' && device.deviceId !== '')
    .map(({ deviceId, label }) => ({ deviceId, label }));
}

class BrowserAudio implements VoiceAudio {
  readonly #context: AudioContext;
  readonly #playback: AudioWorkletNode;
  #capture: { context: AudioContext; node: AudioWorkletNode; source: MediaStreamAudioSourceNode } | undefined;
  #stream: MediaStream | null = null;
  #muted = false;
  #closed = false;
  #onCapture: (report: CaptureReport) => void = () => {};
  #onLost: () => void = () => {};

  constructor(context: AudioContext) {
    this.#context = context;
    this.#playback = new AudioWorkletNode(context, playbackProcessorName, {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    this.#playback.connect(context.destination);
    // A phone call or a locked screen suspends the context; it goes on by itself when that is over.
    context.onstatechange = () => {
      if (!this.#closed && context.state !== 'running' && context.state !== 'closed') {
        void context.resume().catch(() => {});
      }
    };
  }

  get inputSampleRateHz(): number {
    return this.#capture?.context.sampleRate ?? sampleRateHz;
  }

  get outputSampleRateHz(): number {
    return this.#context.sampleRate;
  }

  get currentTime(): number {
    return this.#context.currentTime;
  }

  get microphone(): MicrophoneInfo | null {
    const track = this.#stream?.getAudioTracks()[0];
    return track === undefined ? null : { deviceId: track.getSettings().deviceId ?? '', label: track.label };
  }

  onCapture(listener: (report: CaptureReport) => void): void {
    this.#onCapture = listener;
  }

  onPlayback(listener: (report: PlaybackReport) => void): void {
    this.#playback.port.onmessage = (message: MessageEvent<PlaybackReport>) => listener(message.data);
  }

  onMicrophoneLost(listener: () => void): void {
    this.#onLost = listener;
  }

  write(pcm: Int16Array<ArrayBuffer>): void {
    this.#command(pcm.buffer, [pcm.buffer]);
  }

  flush(id: number): void {
    this.#command({ t: 'flush', id });
  }

  clear(id: number): void {
    this.#command({ t: 'clear', id });
  }

  beginSession(session: number): void {
    this.#command({ t: 'session', session });
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    // A disabled track gives silence: the input line goes on.
    for (const track of this.#stream?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  async useMicrophone(choice: { deviceId?: string }): Promise<MicrophoneInfo> {
    await this.capture(await openMicrophone(choice));
    return this.microphone ?? { deviceId: '', label: '' };
  }

  /** Lets `stream` be heard instead of what was before. */
  async capture(stream: MediaStream): Promise<void> {
    const before = this.#stream;
    const capture = this.#capture ?? (await this.#openCapture(stream));
    if (this.#closed) {
      stopStream(stream);
      return;
    }
    if (this.#capture !== undefined) {
      const source = capture.context.createMediaStreamSource(stream);
      capture.source.disconnect();
      source.connect(capture.node);
      capture.source = source;
    }
    this.#capture = capture;
    this.#stream = stream;
    stopStream(before);
    this.setMuted(this.#muted);
    for (const track of stream.getAudioTracks()) {
      track.onended = () => {
        if (this.#stream === stream) this.#onLost();
      };
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    stopStream(this.#stream);
    const capture = this.#capture?.context;
    if (capture !== undefined && capture !== this.#context) void capture.close();
    void this.#context.close();
  }

  async #openCapture(stream: MediaStream) {
    let context = this.#context;
    let source: MediaStreamAudioSourceNode;
    try {
      source = context.createMediaStreamSource(stream);
    } catch {
      // Firefox does not resample a microphone: it gets a context at the hardware's rate.
      context = new AudioContext({ latencyHint: 'interactive' });
      await addWorklets(context);
      void context.resume().catch(() => {});
      source = context.createMediaStreamSource(stream);
    }
    const node = new AudioWorkletNode(context, captureProcessorName, { outputChannelCount: [1] });
    node.port.onmessage = (message: MessageEvent<CaptureReport>) => this.#onCapture(message.data);
    source.connect(node);
    // Its output is silent; a node that leads nowhere is not run by every browser.
    node.connect(context.destination);
    return { context, node, source };
  }

  #command(command: PlaybackCommand, transfer: Transferable[] = []): void {
    if (!this.#closed) this.#playback.port.postMessage(command, transfer);
  }
}

async function openMicrophone(choice: { deviceId?: string }): Promise<MediaStream> {
  const devices = mediaDevices();
  if (devices === undefined) throw insecurePageError();
  try {
    return await devices.getUserMedia({
      audio: {
        ...(choice.deviceId === undefined ? {} : { deviceId: { exact: choice.deviceId } }),
        channelCount: 1,
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
      },
    });
  } catch (thrown) {
    throw microphoneError(thrown);
  }
}

/** Missing in pages that are not secure contexts, whatever the type says. */
function mediaDevices(): MediaDevices | undefined {
  return 'mediaDevices' in navigator ? navigator.mediaDevices : undefined;
}

function stopStream(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) {
    track.onended = null;
    track.stop();
  }
}

/** True for errors that mean "no microphone", after which a page may offer to type instead. */
export function isMicrophoneError(error: unknown): boolean {
  return (
    error instanceof ReparteeError &&
    (error.code === 'microphone_denied' || error.code === 'microphone_missing')
  );
}
