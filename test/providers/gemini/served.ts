import { energyVad, type Script, scriptedModel } from '../../../src/cascade/index.js';
import { type Clock, countedIds, type Socket, type Timer } from '../../../src/core/index.js';
import { linkedPair } from '../../../src/net/index.js';
import { RealtimeModel } from '../../../src/providers/gemini/index.js';
import {
  type Dialler,
  type Link,
  RealtimeModel as Model,
  RealtimeSession,
  type SessionOptions,
} from '../../../src/realtime/index.js';
import { checkedLink, FakeClock, type LegalityChecker } from '../../../src/testing/index.js';
import { type GeminiServerOptions, geminiServerMachine } from '../../../src/wire/gemini/index.js';

/** One connection: the server machine between a socket and a fresh link of the model. */
export async function serve(
  socket: Socket,
  model: Dialler,
  clock: Clock,
  checkers: LegalityChecker[],
  serverOptions: Partial<GeminiServerOptions> = {},
): Promise<void> {
  const ids = countedIds('s');
  const { inputRateHz, outputRateHz, toolReply } = model.capabilities;
  const link: Link & { checker: LegalityChecker } = checkedLink(
    await model.dial({ clock, ids, signal: new AbortController().signal }),
  );
  checkers.push(link.checker);
  let timer: Timer | undefined;
  const machine = geminiServerMachine({
    defaults: model.defaults,
    inputRateHz,
    outputRateHz,
    toolReply,
    ...serverOptions,
  })(
    {
      frame: (frame) => socket.send(frame),
      emit: (command) => link.send(command),
      wakeAt(ms) {
        timer?.cancel();
        timer = ms === null ? undefined : clock.at(ms, () => machine.wake(clock.now()));
      },
      close: (code, reason) => socket.close(code, reason),
    },
    ids,
  );
  link.onEvent((event) => machine.local(event, clock.now()));
  socket.onFrame((frame) => machine.frame(frame, clock.now()));
  socket.onClose(({ code, reason }) => machine.closed(code, reason, clock.now()));
}

/** Our provider, over both machines of the wire, over a script. Everything in memory, on a clock moved by hand. */
export async function talk(
  script: Script,
  options: ConstructorParameters<typeof RealtimeModel>[0] = {},
  sessionOptions: SessionOptions = {},
  serverOptions: Partial<GeminiServerOptions> = {},
) {
  const clock = new FakeClock();
  const checkers: LegalityChecker[] = [];
  const behind = scriptedModel(script);
  const provider = new RealtimeModel({
    baseUrl: 'http://127.0.0.1:1',
    ...options,
    async connect() {
      const [near, far] = linkedPair();
      await serve(far, behind, clock, checkers, serverOptions);
      return near;
    },
  });
  const checked = Model.of({
    provider: provider.provider,
    model: provider.model,
    capabilities: provider.capabilities,
    defaults: provider.defaults,
    async dial(context) {
      const link = checkedLink(await provider.dial(context));
      checkers.push(link.checker);
      return link;
    },
  });
  const session = new RealtimeSession(checked, {
    vad: energyVad(),
    clock,
    ids: countedIds(),
    ...sessionOptions,
  });
  await clock.advance(0);
  await session.opened;
  const say = async (ms: number, loud: boolean) => {
    for (let at = 0; at < ms; at += 20) {
      const pcm = new Int16Array(320);
      if (loud) for (let i = 0; i < pcm.length; i++) pcm[i] = Math.round(9000 * Math.sin(i / 4));
      session.pushAudio({ pcm, sampleRateHz: 16_000, channels: 1 });
      await clock.advance(20);
    }
  };
  return {
    session,
    clock,
    speak: (ms: number) => say(ms, true),
    silence: (ms: number) => say(ms, false),
    /** Throws what any link did wrong. */
    check() {
      for (const checker of checkers) checker.finish();
    },
  };
}
