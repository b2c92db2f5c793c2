import { initializeLogger, voice } from '@livekit/agents';
import { realtime } from '@livekit/agents-plugin-openai';
import { AudioFrame } from '@livekit/rtc-node';

initializeLogger({ pretty: false, level: 'fatal' });

class Microphone extends voice.AudioInput {
  constructor() {
    super();
    const source = new ReadableStream({
      start: (controller) => {
        this.controller = controller;
      },
    });
    this.multiStream.addInputStream(source);
  }

  push(frame) {
    this.controller.enqueue(frame);
  }
}

/** Takes everything at once and says that it was played when the segment ends. */
class Loudspeaker extends voice.AudioOutput {
  constructor(onAudio) {
    super(24000, undefined, { pause: false });
    this.onAudio = onAudio;
    this.seconds = 0;
    this.playing = false;
  }

  async captureFrame(frame) {
    await super.captureFrame(frame);
    if (!this.playing) {
      this.playing = true;
      this.onPlaybackStarted(Date.now());
    }
    this.seconds += frame.samplesPerChannel / frame.sampleRate;
    this.onAudio(frame.samplesPerChannel);
  }

  flush() {
    super.flush();
    this.#finish(false);
  }

  clearBuffer() {
    this.#finish(true);
  }

  #finish(interrupted) {
    if (!this.playing) return;
    this.playing = false;
    const playbackPosition = this.seconds;
    this.seconds = 0;
    this.onPlaybackFinished({ playbackPosition, interrupted });
  }
}

/** LiveKit's whole `AgentSession` between a microphone and a loudspeaker in memory. @type {import('../clients/client.js').BenchClient} */
export const client = {
  async open({ url, onAudio }) {
    const model = new realtime.RealtimeModel({
      baseURL: `${url.replace('ws:', 'http:')}/v1`,
      apiKey: 'bench',
      model: 'bench',
    });
    const updated = new Promise((resolve) => {
      const makeSession = model.session.bind(model);
      model.session = () => {
        const inner = makeSession();
        inner.on('openai_server_event_received', (event) => {
          if (event.type === 'session.updated') resolve(undefined);
        });
        return inner;
      };
    });
    const session = new voice.AgentSession({ llm: model, vad: null });
    session.on(voice.AgentSessionEventTypes.Error, () => {});
    const microphone = new Microphone();
    session.input.audio = microphone;
    session.output.audio = new Loudspeaker(onAudio);
    await session.start({ agent: new voice.Agent({ instructions: 'Answer.' }), record: false });
    await updated;
    return {
      push(pcm) {
        microphone.push(new AudioFrame(pcm, 24000, 1, pcm.length));
      },
      close: () => session.close(),
    };
  },
};
