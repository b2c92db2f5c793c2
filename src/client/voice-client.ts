import {
  browserLimits,
  ConfigError,
  type DtmfKey,
  Emitter,
  isDtmfKey,
  type JsonObject,
  ReparteeError,
  type ServerMessage,
  StateError,
  type Timer,
  TransportError,
  toReparteeError,
  UnsupportedError,
} from '../core/index.js';
import {
  type ConnectionEffect,
  type ConnectionInput,
  type ConnectionState,
  connectionStep,
} from './connection-machine.js';
import type { VoiceSettings } from './options.js';
import { type PictureCounts, PictureLoop, type PictureSource } from './picture-loop.js';
import type { MicrophoneInfo, VoiceAudio } from './platform.js';
import { ServerLine } from './server-line.js';
import { SpeakerReports, type VoiceDiagnostics } from './speaker-reports.js';
import type { Failure, VoiceStatus } from './status.js';
import type { CaptureReport } from './worklets.js';

export interface VoiceEvents {
  status: VoiceStatus;
  /** A message of the server's application. */
  data: JsonObject;
  /** Another microphone is in use; null: none any more. */
  microphone: MicrophoneInfo | null;
  /** Something went wrong; whether the conversation is over is said by `status`. */
  error: ReparteeError;
}

/**
 * A conversation with a server: microphone, loudspeaker and socket, kept going through lost connections. Made by
 * `connectVoice`. After `close` it does nothing any more.
 */
export class VoiceClient {
  readonly #emitter = new Emitter<VoiceEvents>();
  readonly #settings: VoiceSettings;
  readonly #state: ConnectionState;
  #status: VoiceStatus = { phase: 'preparing' };
  #audio: VoiceAudio | undefined;
  #line: ServerLine | undefined;
  #dials = 0;
  #inputSampleRateHz = 0;
  #retryTimer: Timer | undefined;
  #offOnline: () => void = () => {};
  #muted: boolean;
  #overflowing = false;
  #microphoneLevel = 0;
  #droppedFrames = 0;
  #pictures: PictureLoop | undefined;
  #speaker = this.#newSpeaker();

  /** Use `connectVoice`. */
  constructor(settings: VoiceSettings) {
    this.#settings = settings;
    this.#muted = settings.muted;
    this.#state = { policy: settings.retry, life: { phase: 'idle' } };
  }

  /** Adds a listener; the returned function removes it. */
  on<K extends keyof VoiceEvents>(name: K, listener: (event: VoiceEvents[K]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  get status(): VoiceStatus {
    return this.#status;
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** The microphone in use; null without one. */
  get microphone(): MicrophoneInfo | null {
    return this.#audio?.microphone ?? null;
  }

  /** RMS (0..1) of the last 20 ms that the microphone heard. */
  get microphoneLevel(): number {
    return this.#microphoneLevel;
  }

  /** RMS (0..1) of the last 50 ms of the agent's voice. */
  get agentLevel(): number {
    return this.#speaker.level;
  }

  get diagnostics(): VoiceDiagnostics {
    const { playedSamples, underruns, lastClear } = this.#speaker;
    return {
      playedSamples,
      underruns,
      droppedFrames: this.#droppedFrames,
      outputSampleRateHz: this.#audio?.outputSampleRateHz ?? 0,
      lastClear,
    };
  }

  /** Use `connectVoice`. */
  start(): void {
    this.#offOnline = this.#settings.platform.onOnline(() => this.#run({ t: 'retry' }));
    this.#run({ t: 'start' });
  }

  /** Muted, the server hears silence. */
  setMuted(muted: boolean): void {
    this.#muted = muted;
    this.#audio?.setMuted(muted);
    if (muted) this.#microphoneLevel = 0;
  }

  /** Sends a message to the server's application. False when there is no connection just now: it was not sent. */
  send(message: JsonObject): boolean {
    if (this.#state.life.phase !== 'live' || this.#line === undefined) return false;
    this.#line.send({ type: 'data', message });
    return true;
  }

  /** Presses a key of a telephone. False when there is no connection just now, or the server takes no keys: it was not sent. */
  press(key: DtmfKey): boolean {
    if (!isDtmfKey(key)) {
      const message = `'${String(key)}' is no key: 0 to 9, *, #, A to D are.`;
      throw new ConfigError('option_invalid', message, { param: 'key' });
    }
    if (this.#state.life.phase !== 'live' || this.#line?.accepts('dtmf') !== true) return false;
    this.#line.send({ type: 'dtmf', key });
    return true;
  }

  /**
   * Shows the model what the source sees, `fps` times a second (default 1, which is what the models look at; at most 30), over lost connections too, until
   * `hide`, another `show`, or the end. While there is no connection pictures are dropped, and so are those over 500 KB. ConfigError
   * `option_invalid`; StateError `closed` after the end, and then the source is stopped.
   */
  show(source: PictureSource, { fps = 1 }: { fps?: number } = {}): void {
    if (this.#state.life.phase === 'closed') {
      source.stop();
      throw new StateError('closed', 'The conversation is over.');
    }
    const pictures = new PictureLoop(source, {
      clock: this.#settings.platform.clock,
      fps,
      maxBytes: browserLimits.pictureBytes,
      send: (picture) => this.#state.life.phase === 'live' && this.#line?.sendPicture(picture) === true,
      failed: (error) => this.#emitter.emit('error', error),
    });
    this.hide();
    this.#pictures = pictures;
  }

  /** Ends `show` and lets go of its source. */
  hide(): void {
    this.#pictures?.stop();
    this.#pictures = undefined;
  }

  /** Of the `show` under way; null without one. */
  get pictures(): Readonly<PictureCounts> | null {
    return this.#pictures?.counts ?? null;
  }

  /** Tries to get a lost connection back now instead of later. */
  retryNow(): void {
    this.#run({ t: 'retry' });
  }

  /**
   * Changes the microphone. Rejects with ReparteeError `microphone_denied` or `microphone_missing` (the old one stays), with
   * StateError `closed`, or with `unsupported` where the browser would now capture at another rate.
   */
  async useMicrophone(choice: { deviceId?: string }): Promise<void> {
    const audio = this.#audio;
    if (audio === undefined)
      throw new StateError('closed', 'There is no conversation to change the microphone of.');
    const microphone = await audio.useMicrophone(choice);
    if (audio.inputSampleRateHz !== this.#inputSampleRateHz) {
      throw new UnsupportedError('unsupported', 'Start again to use this microphone.');
    }
    this.#emitter.emit('microphone', microphone);
  }

  /** Ends the conversation and lets go of microphone and loudspeaker. Twice does nothing. */
  close(): void {
    this.#run({ t: 'stop' });
  }

  #run(input: ConnectionInput): void {
    const effects: ConnectionEffect[] = [];
    connectionStep(this.#state, input, effects);
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: ConnectionEffect): void {
    const { clock } = this.#settings.platform;
    switch (effect.t) {
      case 'open_audio':
        void this.#openAudio();
        break;
      case 'dial':
        void this.#dial();
        break;
      case 'wait':
        this.#retryTimer = clock.at(clock.now() + effect.ms, () => this.#run({ t: 'retry' }));
        break;
      case 'cancel_wait':
        this.#retryTimer?.cancel();
        break;
      case 'silence':
        this.#line = undefined;
        this.#audio?.clear(0);
        this.#speaker.level = 0;
        break;
      case 'status':
        this.#become(publicStatus(this.#state));
        break;
      case 'release':
        this.#release(effect.failure);
        break;
    }
  }

  async #openAudio(): Promise<void> {
    const { platform, microphone } = this.#settings;
    let audio: VoiceAudio;
    try {
      audio = await platform.openAudio(microphone);
    } catch (thrown) {
      const { code, message } = toReparteeError(thrown, 'playback_failed');
      this.#run({ t: 'audio_failed', failure: { code, message } });
      return;
    }
    if (this.#state.life.phase !== 'preparing') {
      audio.close();
      return;
    }
    this.#audio = audio;
    this.#inputSampleRateHz = audio.inputSampleRateHz;
    audio.setMuted(this.#muted);
    audio.onCapture((report) => this.#captured(report));
    audio.onPlayback((report) => {
      if (this.#line !== undefined) this.#speaker.hear(report, this.#line);
    });
    audio.onMicrophoneLost(() => void this.#replaceMicrophone());
    this.#emitter.emit('microphone', audio.microphone);
    this.#run({ t: 'audio_ready' });
  }

  async #dial(): Promise<void> {
    const { platform, url } = this.#settings;
    this.#dials += 1;
    const dial = this.#dials;
    const stale = () => dial !== this.#dials || this.#audio === undefined;
    const ended = (closeCode: number, failure: Failure) => {
      if (stale()) return;
      this.#run({ t: 'ended', closeCode, failure, chance: platform.random() });
    };
    try {
      const socket = await platform.openSocket(url);
      const audio = this.#audio;
      if (stale() || audio === undefined) {
        socket.close();
        return;
      }
      const rates = {
        inputSampleRateHz: this.#inputSampleRateHz,
        outputSampleRateHz: audio.outputSampleRateHz,
      };
      this.#line = new ServerLine(socket, platform.clock, rates, {
        message: (message) => this.#message(message, dial),
        audio: (pcm) => audio.write(pcm),
        notice: (error) => this.#emitter.emit('error', error),
        ended,
      });
    } catch (thrown) {
      const { code, message } = toReparteeError(thrown, 'connect_failed');
      ended(1006, { code, message });
    }
  }

  #message(message: ServerMessage, dial: number): void {
    switch (message.type) {
      case 'welcome':
        // Before the status: the first audio may be right behind.
        this.#audio?.beginSession(dial);
        this.#speaker = this.#newSpeaker();
        this.#droppedFrames = 0;
        this.#run({ t: 'welcomed' });
        break;
      case 'clear':
        this.#speaker.clearReceivedAtMs = this.#settings.platform.clock.wallNow();
        this.#audio?.clear(message.id);
        break;
      case 'flush':
        this.#audio?.flush(message.id);
        break;
      case 'data':
        this.#emitter.emit('data', message.message);
        break;
    }
  }

  #captured({ pcm, level }: CaptureReport): void {
    this.#microphoneLevel = this.#muted ? 0 : level;
    if (this.#line === undefined || this.#line.sendAudio(pcm)) {
      this.#overflowing = false;
      return;
    }
    this.#droppedFrames += 1;
    if (this.#overflowing) return;
    this.#overflowing = true;
    this.#emitter.emit(
      'error',
      new TransportError('transport_overflow', 'The network is too slow: some of what you say is lost.'),
    );
  }

  /** For the session that the dial under way leads to. */
  #newSpeaker(): SpeakerReports {
    return new SpeakerReports(this.#dials, (error) => this.#emitter.emit('error', error));
  }

  /** A microphone was pulled out: go on with whichever the browser chooses now. */
  async #replaceMicrophone(): Promise<void> {
    this.#microphoneLevel = 0;
    try {
      await this.useMicrophone({});
    } catch (thrown) {
      this.#emitter.emit('microphone', null);
      this.#emitter.emit('error', toReparteeError(thrown, 'microphone_missing'));
    }
  }

  #release(failure: Failure | null): void {
    this.#offOnline();
    this.hide();
    this.#line?.close();
    this.#line = undefined;
    this.#audio?.close();
    this.#audio = undefined;
    this.#microphoneLevel = 0;
    this.#speaker.level = 0;
    if (failure === null) {
      this.#become({ phase: 'closed' });
      return;
    }
    this.#become({ phase: 'closed', error: new ReparteeError(failure.code, failure.message) });
  }

  #become(status: VoiceStatus): void {
    this.#status = status;
    this.#emitter.emit('status', status);
  }
}

function publicStatus({ life }: ConnectionState): VoiceStatus {
  switch (life.phase) {
    case 'idle':
    case 'preparing':
      return { phase: 'preparing' };
    case 'connecting':
      return { phase: 'connecting' };
    case 'live':
      return { phase: 'live', session: life.session };
    case 'waiting':
      return { phase: 'reconnecting', attempt: life.attempt, retryInMs: life.retryInMs };
    case 'redialling':
      return { phase: 'reconnecting', attempt: life.attempt, retryInMs: null };
    case 'closed':
      return { phase: 'closed' };
  }
}
