import { Agent, AgentSession, AgentTask, handoff, tool } from '../../../../src/agent/index.js';
import { type Script, scriptedModel } from '../../../../src/cascade/index.js';
import { ConnectionError, countedIds, Runner } from '../../../../src/core/index.js';
import type { Command, Dialler, Event } from '../../../../src/realtime/index.js';
import { FakeClock, type LinkEntry, recordedModel } from '../../../../src/testing/index.js';
import { overLink } from '../../../../src/testing/over-link.js';
import { MemoryTransport } from '../../../../src/transports/memory/index.js';
import { breakableModel } from '../../calls/models.js';
import type { Action, Engine, Story, ToolKind } from './story.js';

/** One command of a session to one of all its links. */
export interface Sent {
  link: number;
  command: Command;
}

/** What a call left behind. */
export interface CallRecord {
  story: Story;
  session: AgentSession;
  events: { name: string; event: unknown }[];
  /** Of all models, in the order of their happening. */
  sent: Sent[];
  links: LinkEntry[][];
  assertLegal(): void;
  /** The caller's utterances: the numbers of the pieces of voice. */
  spoken: number[][];
  unsettled: string[];
  rejected: { name: string; error: unknown }[];
  handlesOpen: number;
  ended: boolean;
  quiet: { agent: string; user: string; states: object[] } | undefined;
  pendingTimers: number;
  listenersLeft: number;
}

/** Long frames make short runs. */
const frameMs = 240;
/** As the script's ears want it, so that nothing is resampled on its way. */
const rateHz = 16_000;
const frameSamples = (frameMs * rateHz) / 1000;
const parameters = { type: 'object', properties: {} };

/** A piece of voice that says which it is: a square wave, as loud as its number. */
function piece(n: number): Int16Array {
  return new Int16Array(frameSamples).map((_, i) => (Math.floor(i / 20) % 2 === 0 ? 4_000 + n : -4_000 - n));
}

/** The numbers of the pieces in some audio. */
export function piecesIn(pcm: Int16Array): number[] {
  const found = new Set<number>();
  for (const sample of pcm) if (sample >= 4_000) found.add(sample - 4_000);
  return [...found];
}

export async function playCall(story: Story): Promise<CallRecord> {
  const seen = new Set<Runner<object, unknown, unknown>>();
  const { input } = Runner.prototype;
  Runner.prototype.input = function (this: Runner<object, unknown, unknown>, next: unknown) {
    seen.add(this);
    input.call(this, next);
  };
  try {
    return await new Call(story).play(() => [...seen].map(({ state }) => structuredClone(state)));
  } finally {
    Runner.prototype.input = input;
  }
}

class Call {
  readonly clock = new FakeClock();
  readonly session: AgentSession;
  readonly transport: MemoryTransport;
  readonly events: CallRecord['events'] = [];
  readonly sent: Sent[] = [];
  readonly models: ReturnType<typeof recordedModel>[] = [];
  readonly breaks: (() => void)[] = [];
  readonly spoken: number[][] = [];
  #pieces = 0;
  readonly unsettled = new Set<string>();
  readonly rejected: CallRecord['rejected'] = [];
  readonly handles: { readonly done: boolean }[] = [];
  ended = false;
  #links = 0;
  #count = 0;

  constructor(readonly story: Story) {
    const { clock } = this;
    this.transport = new MemoryTransport({
      inputSampleRateHz: rateHz,
      clock,
      openMic: true,
      frameMs,
      clearAfterMs: story.clearAfterMs,
    });
    this.session = new AgentSession({
      llm: this.#model(),
      clock,
      ids: countedIds(),
      session: { chunkMs: frameMs, random: () => 0 },
      toolDefaults: { timeoutMs: 4_000 },
    });
    for (const name of eventNames)
      this.session.on(name, (event: unknown) => this.events.push({ name, event }));
  }

  async play(states: () => object[]): Promise<CallRecord> {
    const { story, clock, session } = this;
    const greets = story.greets ? { onEnter: () => this.#ask() } : {};
    this.#track('start', session.start({ agent: this.#agent('same', greets), transport: this.transport }));
    await clock.advance(1);
    for (const action of story.actions) {
      this.#act(action);
      await clock.advance(action.do === 'wait' ? action.ms : 0);
    }
    if (!this.ended) await this.#untilQuiet();
    const quiet = this.ended
      ? undefined
      : { agent: session.agentState, user: session.userState, states: states() };
    this.#track('close', session.close());
    await clock.advance(8_000);
    const links = this.models.flatMap((model) => [...model.links]);
    return {
      story,
      session,
      events: this.events,
      sent: this.sent,
      links,
      assertLegal: () => {
        for (const model of this.models) model.assertLegal();
      },
      spoken: this.spoken,
      unsettled: [...this.unsettled],
      rejected: this.rejected,
      handlesOpen: this.handles.filter(({ done }) => !done).length,
      ended: this.ended,
      quiet,
      pendingTimers: clock.pending,
      listenersLeft: session.listenerCount - eventNames.length,
    };
  }

  #act(action: Action): void {
    const { session, transport } = this;
    if (session.isClosed) return;
    switch (action.do) {
      case 'speak':
        this.spoken.push([]);
        for (let ms = 0; ms < action.ms; ms += frameMs) {
          this.spoken.at(-1)?.push(this.#pieces);
          void transport.say(piece(this.#pieces++));
        }
        return;
      case 'interrupt':
        return session.interrupt();
      case 'ask':
        return this.#ask();
      case 'type':
        this.handles.push(session.generateReply({ userInput: 'And now in writing.' }));
        return;
      case 'hand': {
        const { leave, carry } = action;
        const changed = session.updateAgent(this.#agent(action.to), { leave, carry, connectWithinMs: 5_000 });
        return this.#track('hand', changed);
      }
      case 'task':
        return this.#track('task', this.#task(action.to, action.afterMs, action.how));
      case 'break':
        this.breaks.at(-1)?.();
        return;
      case 'close':
        this.ended = true;
        return this.#track('close by story', session.close());
    }
  }

  #ask(): void {
    this.handles.push(this.session.generateReply());
  }

  async #task(to: Engine, afterMs: number, how: 'complete' | 'fail'): Promise<string> {
    const task = new AgentTask<string>(this.#options(to));
    const running = task.run(this.session, { connectWithinMs: 5_000 });
    this.clock.at(this.clock.now() + afterMs, () =>
      how === 'complete' ? task.complete('done') : task.fail(new Error('A task of the story.')),
    );
    return running;
  }

  #agent(to: Engine, more: { onEnter?: () => void } = {}): Agent {
    return new Agent({ ...this.#options(to), ...more });
  }

  #options(to: Engine) {
    const name = `${to} ${++this.#count}`;
    const llm = this.#engine(to);
    return { name, instructions: name, tools: this.#tools(), ...(llm && { llm }) };
  }

  #engine(to: Engine): Dialler | undefined {
    switch (to) {
      case 'same':
        return undefined;
      case 'other':
        return this.#model();
      case 'slow':
        return this.#model(700);
      case 'dead':
        return {
          ...this.#model(),
          connOptions: { maxRetries: 0 },
          dial: async () => {
            throw new ConnectionError('connect_failed', 'Nobody answers.');
          },
        };
      case 'never':
        return { ...this.#model(), dial: () => new Promise(() => {}) };
    }
  }

  /** A model of its own, whose every link counts, is recorded, and can be broken. */
  #model(latencyMs = 0): Dialler {
    const { turns, wordMs } = this.story;
    const script: Script = {
      turns: turns.map((turn, n) => ({ hears: `turn ${n}`, ...turn })),
      audioMsPerWord: wordMs,
    };
    const breakable = breakableModel(scriptedModel(script, { inputRateHz: rateHz }), 'retry');
    this.breaks.push(breakable.break);
    const recorded = recordedModel(breakable);
    this.models.push(recorded);
    return {
      ...recorded,
      dial: async (context) => {
        if (latencyMs > 0)
          await new Promise<void>((resolve) => context.clock.at(context.clock.now() + latencyMs, resolve));
        const link = await recorded.dial(context);
        const number = this.#links++;
        return overLink(link, {
          send: (command: Command) => {
            this.sent.push({ link: number, command });
            link.send(command);
          },
          onEvent: (listener: (event: Event) => void) => link.onEvent(listener),
        });
      },
    };
  }

  #tools() {
    const define = (name: ToolKind, execute: (signal: AbortSignal) => unknown) =>
      tool({
        name,
        description: name,
        parameters,
        execute: (_, { signal }) => execute(signal),
      });
    return [
      define('fast', () => 'done'),
      define('slow', () => this.#later(1_300).then(() => 'done at last')),
      define('failing', () => {
        throw new Error('It is broken.');
      }),
      define(
        'hanging',
        (signal) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
      ),
      define('hands', () => this.#agent('same')),
      define('hands_far', () => handoff(this.#agent('other'), { message: 'Over there.' })),
      define('hands_nowhere', () => this.#agent('dead')),
      define('tasks', () => this.#task('same', 2_500, 'complete')),
    ];
  }

  #later(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.at(this.clock.now() + ms, resolve));
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

  /** Until nobody has said or done anything for longer than anything takes. */
  async #untilQuiet(): Promise<void> {
    const enough = 3;
    let last = -1;
    let since = 0;
    for (let i = 0; i < 100 && since < enough; i++) {
      await this.clock.advance(4_000);
      const now = this.events.length + this.sent.filter(({ command }) => command.t !== 'audio').length;
      // Changes that wait for each other say nothing meanwhile.
      since = now === last && this.unsettled.size === 0 ? since + 1 : 0;
      last = now;
    }
    if (since < enough) throw new Error('The call never became quiet.');
  }
}

const eventNames = [
  'agent_state_changed',
  'user_state_changed',
  'conversation_item_added',
  'speech_created',
  'tool_started',
  'tool_ended',
  'agent_changed',
  'error',
  'close',
] as const;
