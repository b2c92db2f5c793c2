import { Agent, AgentSession, type SpeechHandle, tool } from '../../../src/agent/index.js';
import { energyVad, scriptedModel } from '../../../src/cascade/index.js';
import { countedIds, Runner, type Transport, TransportError } from '../../../src/core/index.js';
import type { Dialler } from '../../../src/realtime/index.js';
import { FakeClock, type LinkEntry, recordedModel } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';
import { Censor } from './censor.js';
import {
  breakableModel,
  farModel,
  geminiModel,
  lossyModel,
  markedModel,
  markOfSample,
  openaiModel,
} from './models.js';
import type { Action, Reaction, Story } from './story.js';

/** The script itself, or behind our gateway on the wire of a vendor. */
export type Via = 'script' | 'openai' | 'gemini';

/** Everything that a call left behind, to be judged. */
export interface CallRecord {
  story: Story;
  via: Via;
  /** What the agent's session said to its link and heard from it; and the same of the script's link. */
  outer: LinkEntry[];
  inner: LinkEntry[];
  /** Throws where a link broke the legal orders. */
  assertLegal(): void;
  session: AgentSession;
  events: { name: string; event: unknown }[];
  handles: SpeechHandle[];
  /** What never settled: names of promises. */
  unsettled: string[];
  rejected: { name: string; error: unknown }[];
  /** Calls on the session that threw. */
  thrown: unknown[];
  /** How many milliseconds of the audio of each item were played. */
  playedMs: Map<string, number>;
  /** What was written to the far end although it should not have been, and why not. */
  lateWrites: string[];
  /** Items in the order in which their speaking, typing or calling began. */
  begun: string[];
  /** The call was ended by its story; else it went on until it was quiet. */
  ended: boolean;
  /** Calls whose tool never ends. */
  endless: Set<string>;
  quiet: { agent: string; user: string; handlesOpen: number; states: object[] } | undefined;
  pendingTimers: number;
}

/** Of the caller's audio: that of the script's ears, or of the wire between, so that nothing is resampled on its way. */
const inputRateHz = { script: 16_000, openai: 24_000, gemini: 16_000 };
/** Length of the caller's frames: long ones make short runs, and where losses are waited out there are many. */
const frameMsOf = ({ losses }: Story) => (losses.length > 0 ? 240 : 60);

/** A voice, as far as the script's ears can tell. */
const tone = new Int16Array(24_000).map((_, i) => 8_000 * Math.sin(i / 20));

/** Every runner's state, of both sessions: they are plain data, and must not grow. */
export function watchRunners(): { states(): object[]; end(): void } {
  const seen = new Set<Runner<object, unknown, unknown>>();
  const { input } = Runner.prototype;
  Runner.prototype.input = function (this: Runner<object, unknown, unknown>, next: unknown) {
    seen.add(this);
    input.call(this, next);
  };
  return {
    states: () => [...seen].map(({ state }) => structuredClone(state)),
    end() {
      Runner.prototype.input = input;
    },
  };
}

export async function playCall(story: Story, via: Via): Promise<CallRecord> {
  const runners = watchRunners();
  try {
    return await play(story, via, runners.states);
  } finally {
    runners.end();
  }
}

async function play(story: Story, via: Via, states: () => object[]): Promise<CallRecord> {
  const clock = new FakeClock();
  const marks = new Map<string, number>();
  const markOf = (item: string) => {
    const mark = marks.get(item) ?? marks.size + 1;
    marks.set(item, mark);
    return mark;
  };
  const { turns } = scriptedModel(story.script).defaults;
  const scripted = scriptedModel(story.script, {
    inputRateHz: inputRateHz[via],
    defaults: {
      turns: turns.owner === 'wire' ? { ...turns, silenceMs: 300 } : turns,
      ...(story.transcribes ? {} : { transcription: null }),
    },
  });
  const events: CallRecord['events'] = [];
  const failures: unknown[] = [];
  const { latencyMs, namesTurns, losses } = story;
  const marked = lossyModel(markedModel(scripted, markOf), losses);
  const near = breakableModel(via === 'script' ? farModel(marked, clock, latencyMs, namesTurns) : marked);
  const inner = recordedModel(near);
  const served = { clock, latencyMs, onError: (error: unknown) => failures.push(error) };
  const far =
    via === 'openai'
      ? openaiModel(inner, served)
      : via === 'gemini'
        ? geminiModel(inner, served, story.interruptible)
        : near;
  const outer = via === 'script' ? inner : recordedModel(far);

  const call = new Call(story, inputRateHz[via], clock, outer, () => outer.links.flat());
  await call.run(() => far.break());
  const quiet = call.ended
    ? undefined
    : {
        agent: call.session.agentState,
        user: call.session.userState,
        handlesOpen: call.handles.filter((handle) => !handle.done).length,
        states: states(),
      };
  await call.finish();
  events.push(...call.events, ...failures.map((event) => ({ name: 'gateway failed', event })));
  return {
    story,
    via,
    outer: outer.links.flat(),
    inner: inner.links[0] ?? [],
    assertLegal() {
      outer.assertLegal();
      inner.assertLegal();
    },
    session: call.session,
    events,
    handles: call.handles,
    unsettled: [...call.unsettled],
    rejected: call.rejected,
    thrown: call.thrown,
    playedMs: playedMs(outer.links.flat(), call.transport.heard(), story.outputRateHz),
    lateWrites: call.lateWrites,
    begun: call.begun(),
    ended: call.ended,
    endless: call.endless,
    quiet,
    pendingTimers: clock.pending,
  };
}

function playedMs(link: readonly LinkEntry[], heard: Int16Array, rateHz: number): Map<string, number> {
  const samples = new Map<number, number>();
  for (const sample of heard) {
    const mark = markOfSample(sample);
    samples.set(mark, (samples.get(mark) ?? 0) + 1);
  }
  const played = new Map<string, number>();
  for (const entry of link) {
    if (entry.dir !== 'event' || entry.event.t !== 'audio') continue;
    const mark = markOfSample(entry.event.pcm[0] ?? 0);
    played.set(entry.event.item ?? '', ((samples.get(mark) ?? 0) * 1000) / rateHz);
  }
  return played;
}

class Call {
  readonly session: AgentSession;
  readonly transport: MemoryTransport;
  readonly events: CallRecord['events'] = [];
  readonly handles: SpeechHandle[] = [];
  readonly unsettled = new Set<string>();
  readonly rejected: CallRecord['rejected'] = [];
  readonly thrown: unknown[] = [];
  readonly lateWrites: string[] = [];
  readonly endless = new Set<string>();
  ended = false;
  readonly #censor: Censor;
  #count = 0;

  constructor(
    readonly story: Story,
    readonly rateHz: number,
    readonly clock: FakeClock,
    model: Dialler,
    readonly link: () => readonly LinkEntry[],
  ) {
    const { clearAfterMs, interruptible, outputRateHz } = story;
    const frameMs = frameMsOf(story);
    this.transport = new MemoryTransport({
      clock,
      openMic: true,
      frameMs,
      clearAfterMs,
      inputSampleRateHz: this.rateHz,
      sampleRateHz: outputRateHz,
    });
    this.session = new AgentSession({
      llm: model,
      clock,
      ids: countedIds(),
      allowInterruptions: interruptible,
      session: { chunkMs: frameMs, vad: energyVad() },
    });
    for (const name of eventNames) {
      this.session.on(name, (event: unknown) => this.events.push({ name, event }));
    }
    this.#censor = new Censor(link);
    this.session.on('speech_interrupted', ({ by }) => this.#censor.interrupted(by));
    for (const reaction of story.reactions) this.#prepare(reaction);
  }

  async run(breakLink: () => void): Promise<void> {
    const { story, clock, session } = this;
    const agent = new Agent({
      instructions: 'Be brief.',
      tools: this.#tools(),
      ...(story.greets ? { onEnter: () => this.#ask({}) } : {}),
      onExit: () => this.#leave(),
    });
    this.#track('start', session.start({ agent, transport: this.#tapped() }));
    session.realtime.on('generation_created', (created) => this.#censor.created(created));
    for (const action of story.actions) {
      try {
        this.#act(action, breakLink);
      } catch (thrown) {
        this.thrown.push(thrown);
      }
      await clock.advance(action.do === 'wait' ? action.ms : 0);
    }
    if (!this.ended) await this.#untilQuiet();
    // Some wires have no other word for a failure than the end.
    this.ended ||= this.session.isClosed;
  }

  async finish(): Promise<void> {
    this.#track('close', this.session.close());
    this.#track('close again', this.session.close());
    // Longer than an agent may take to leave.
    await this.clock.advance(8_000);
  }

  /** Order of the first sign of each item, as the link told it. */
  begun(): string[] {
    const items: string[] = [];
    for (const entry of this.link()) {
      if (entry.dir === 'command') {
        if (entry.command.t === 'item.add') items.push(entry.command.item.id);
        continue;
      }
      const { event } = entry;
      if (event.t === 'speech' && event.edge === 'start') {
        items.push(event.item ?? event.turn);
      } else if (event.t === 'committed' || (event.t === 'heard' && event.turn && event.item)) {
        const { turn = '', item = '' } = event;
        const place = items.indexOf(turn);
        if (place >= 0) items[place] = item;
        else if (!items.includes(item)) items.push(item);
      } else if (event.t === 'part' && event.phase === 'started' && !items.includes(event.item)) {
        items.push(event.item);
      }
    }
    // A link after the first may be told of what an earlier one was.
    return [...new Set(items)];
  }

  #prepare({ to, time, act }: Reaction): void {
    let count = 0;
    this.session.on(to, () => {
      if (count++ !== time) return;
      if (act === 'throw') throw new Error('A listener of the story.');
      if (act === 'close') this.ended = true;
      try {
        this.#act(act === 'ask' ? { do: 'ask', times: 1 } : { do: act }, () => {});
      } catch (thrown) {
        this.thrown.push(thrown);
      }
    });
  }

  #leave(): void | Promise<void> {
    switch (this.story.leaves) {
      case 'at once':
        return;
      case 'late':
        return this.#later(2_000);
      case 'never':
        return new Promise<void>(() => {});
      case 'throwing':
        throw new Error('An exit of the story.');
    }
  }

  #later(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.at(this.clock.now() + ms, resolve));
  }

  #act(action: Action, breakLink: () => void): void {
    const { session, transport } = this;
    switch (action.do) {
      case 'speak':
        void transport.say(tone.slice(0, (action.ms * this.rateHz) / 1000));
        return;
      case 'interrupt':
        return session.interrupt();
      case 'ask':
        for (let i = 0; i < action.times; i++) this.#ask({});
        return;
      case 'type':
        return this.#ask({ userInput: action.text });
      case 'drop':
        return this.#drop(this.handles[action.handle]);
      case 'break':
        this.ended = true;
        return breakLink();
      case 'hang up':
        this.ended = true;
        return transport.hangUp(
          action.broken ? new TransportError('transport_lost', 'The line is dead.') : undefined,
        );
      case 'close':
        this.ended = true;
        this.#track('close by story', session.close());
    }
  }

  #ask(options: { userInput?: string }): void {
    const handle = this.session.generateReply(options);
    this.handles.push(handle);
    this.#track('handle', handle.waitForPlayout());
    void handle.waitForPlayout().then(() => this.#censor.ended(handle.replyId));
  }

  #drop(handle: SpeechHandle | undefined): void {
    if (handle === undefined || handle.done || this.session.isClosed) return;
    handle.interrupt();
    this.#censor.dropped(handle.replyId);
  }

  #track(what: string, promise: Promise<unknown>): void {
    const name = `${what} ${++this.#count}`;
    this.unsettled.add(name);
    promise.then(
      () => this.unsettled.delete(name),
      (error: unknown) => {
        this.unsettled.delete(name);
        this.rejected.push({ name, error });
      },
    );
  }

  #tools() {
    const parameters = { type: 'object', properties: {} };
    const define = (name: string, execute: (call: string, signal: AbortSignal) => unknown) =>
      tool({
        name,
        description: name,
        parameters,
        execute: (_args, { callId, signal }) => execute(callId, signal),
      });
    return [
      define('fast', () => 'done'),
      define('slow', () => this.#later(1_300).then(() => 'done at last')),
      define('failing', () => {
        throw new Error('It is broken.');
      }),
      define('endless', (call, signal) => {
        this.endless.add(call);
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        });
      }),
    ];
  }

  /** The transport with an ear at its output. */
  #tapped(): Transport {
    const { transport } = this;
    const { input, output } = transport;
    return {
      name: 'tapped',
      input,
      output: {
        sampleRateHz: output.sampleRateHz,
        write: (pcm) => {
          const objection = this.#censor.objection(markOfSample(pcm[pcm.length >> 1] ?? 0));
          if (objection !== undefined) this.lateWrites.push(objection);
          output.write(pcm);
        },
        flush: () => output.flush(),
        clear: () => output.clear(),
        onPlayback: (listener) => output.onPlayback(listener),
      },
      start: () => transport.start(),
      close: () => transport.close(),
      onClosed: (listener) => transport.onClosed(listener),
    };
  }

  /** Until nobody has said or done anything for longer than any watchdog waits. */
  async #untilQuiet(): Promise<void> {
    const { clock, session } = this;
    let last = '';
    let since = 0;
    // A lost end is noticed after a minute of silence.
    const enough = this.story.losses.length > 0 ? 36 : 8;
    for (let i = 0; i < 300 && since < enough; i++) {
      await clock.advance(2_000);
      const now = JSON.stringify([this.link().filter((entry) => !isInput(entry)).length, this.events.length]);
      since = now === last && session.agentState !== 'speaking' ? since + 1 : 0;
      last = now;
    }
    if (since < enough) throw new Error('The call never became quiet.');
  }
}

const isInput = (entry: LinkEntry) => entry.dir === 'command' && entry.command.t === 'audio';

const eventNames = [
  'agent_state_changed',
  'user_state_changed',
  'user_input_transcribed',
  'agent_output_transcribed',
  'conversation_item_added',
  'conversation_item_reserved',
  'speech_created',
  'speech_interrupted',
  'tool_started',
  'function_tools_executed',
  'metrics_collected',
  'error',
  'close',
] as const;
