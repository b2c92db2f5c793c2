import { Agent, AgentSession, tool } from '../../src/agent/index.js';
import { countedIds, type Ms, ReparteeError, ToolError } from '../../src/core/index.js';
import type { Dialler, RealtimeEvents } from '../../src/realtime/index.js';
import type { FakeClock } from '../../src/testing/index.js';
import { MemoryTransport } from '../../src/transports/memory/index.js';
import { type CallerOptions, chunkMs, patienceMs, replayMs } from './caller.js';
import { countWords, speech, wordOfSample } from './codes.js';
import { greetingTurn } from './parts.js';
import type { Story, ToolName, Turn } from './story.js';
import { type Call, describeHappening, type Happening, type Talker, talkerEvents } from './talker.js';

const outputRateHz = 24_000;
const quietMs: Ms = 400;

/** The same story with an agent in between: it plays what is said through a loudspeaker that takes its time. */
export class AgentCaller implements Talker {
  readonly happenings: Happening[] = [];
  readonly calls: Call[] = [];
  readonly unsettled = new Set<string>();
  readonly rejected: { what: string; error: unknown }[] = [];
  readonly brought = new Set<number>();
  readonly asked = new Set<number>();
  readonly left = new Set<number>();
  readonly outputRateHz = outputRateHz;
  readonly #story: Story;
  readonly #clock: FakeClock;
  readonly #rateHz: number;
  readonly #log: (line: string) => void;
  readonly #transport: MemoryTransport;
  readonly #session: AgentSession;
  /** Words that came; what was played of them is known in the end. */
  readonly #came = new Set<string>();
  #lastNewsMs: Ms = 0;
  #count = 0;

  constructor(story: Story, model: Dialler, { clock, vad, log }: CallerOptions) {
    this.#story = story;
    this.#clock = clock;
    this.#log = log;
    this.#rateHz = model.capabilities.inputRateHz;
    this.#transport = new MemoryTransport({
      clock,
      openMic: true,
      frameMs: chunkMs,
      inputSampleRateHz: this.#rateHz,
      sampleRateHz: outputRateHz,
    });
    this.#session = new AgentSession({
      llm: model,
      clock,
      ids: countedIds('_agent'),
      session: { chunkMs, replayMs, ...(vad === undefined ? {} : { vad }) },
    });
    this.#session.on('error', () => {});
  }

  get ended(): boolean {
    return this.#session.isClosed;
  }

  get heard(): ReadonlyMap<string, number> {
    const heard = new Map<string, number>();
    countWords(this.#transport.heard(), heard);
    return heard;
  }

  history(): { role: string; text: string }[] {
    return this.#session.history.items.flatMap((item) => {
      if (item.kind !== 'message') return [];
      const text = item.parts
        .map((part) => (part.kind === 'text' ? part.text : part.kind === 'audio' ? part.transcript : ''))
        .join(' ');
      return [{ role: item.role, text }];
    });
  }

  async run(): Promise<void> {
    const agent = new Agent({ instructions: 'Be brief.', tools: this.#tools() });
    this.#track('start', this.#session.start({ agent, transport: this.#transport }));
    for (const name of talkerEvents) this.#hear(name);
    this.#session.realtime.on('generation_audio', ({ pcm }) => this.#came.add(wordOfSample(pcm[0]!) ?? '?'));
    for (const [index, turn] of this.#story.turns.entries()) {
      if (this.ended) return;
      this.#log(`turn ${index} ${JSON.stringify(turn)}`);
      await this.#take(index, turn);
    }
  }

  async close(): Promise<void> {
    this.#track('close', this.#session.close());
    this.#track('close again', this.#session.close());
  }

  async #take(index: number, turn: Turn): Promise<void> {
    if (turn.kind === 'ask') {
      this.asked.add(this.brought.size === 0 ? greetingTurn : Math.max(...this.brought));
      this.#reply('ask', { instructions: 'Say more.' });
      await this.#until(() => this.#isQuiet());
    } else if (turn.kind === 'type') {
      if (this.#reply(`type ${index}`, { userInput: `t${index}` })) this.brought.add(index);
      await this.#until(() => (this.#isAnswered(index) || !this.brought.has(index)) && this.#isQuiet());
    } else {
      this.brought.add(index);
      void this.#transport.say(speech(index, 0, turn.speechMs, this.#rateHz));
      await this.#pass(turn.speechMs);
      if (turn.kind === 'hasty') return this.#pass(700);
      if (turn.kind === 'barge') {
        await this.#until(() => this.#isAnswered(index));
        return this.#pass(300);
      }
      await this.#until(() => this.#isAnswered(index) && this.#isQuiet());
    }
    await this.#pass(turn.pauseMs);
  }

  #reply(what: string, options: { instructions?: string; userInput?: string }): boolean {
    if (this.ended) return false;
    try {
      this.#track(what, this.#session.generateReply(options).waitForPlayout());
      return true;
    } catch (thrown) {
      // Before it has started.
      this.#log(`${what}: ${String(thrown)}`);
      return false;
    }
  }

  async #pass(ms: Ms): Promise<void> {
    for (let left = ms; left > 0 && !this.ended; left -= chunkMs) await this.#clock.advance(chunkMs);
  }

  async #until(holds: () => boolean): Promise<void> {
    const lastMs = this.#clock.now() + patienceMs;
    while (!this.ended && this.#clock.now() < lastMs && !holds()) await this.#pass(chunkMs);
    if (!this.ended && !holds()) this.#log('gave up waiting');
  }

  #isAnswered(index: number): boolean {
    const prefix = `${this.#story.turns[index]!.calls.length > 0 ? 'b' : 'a'}${index}w`;
    for (const word of this.#came) if (word.startsWith(prefix)) return true;
    return false;
  }

  #isQuiet(): boolean {
    const { realtime, agentState, userState } = this.#session;
    return (
      realtime.connected &&
      agentState === 'listening' &&
      userState === 'listening' &&
      !realtime.isReplying &&
      this.#clock.now() - this.#lastNewsMs >= quietMs
    );
  }

  #hear<K extends keyof RealtimeEvents>(name: K): void {
    this.#session.realtime.on(name, (event) => {
      const happening = { name, event, atMs: this.#clock.now() } as Happening;
      this.#lastNewsMs = happening.atMs;
      this.happenings.push(happening);
      if (happening.name === 'generation_call_withdrawn') {
        const { callId } = happening.event;
        for (const call of this.calls) if (call.callId === callId) call.withdrawn = true;
      }
      this.#log(describeHappening(happening));
    });
  }

  #tools() {
    const names: readonly ToolName[] = ['fast', 'slow', 'failing'];
    return names.map((name) =>
      tool({
        name,
        description: name,
        parameters: { type: 'object', properties: { turn: { type: 'integer' }, place: { type: 'integer' } } },
        execute: async (args, { callId }) => {
          const { turn, place } = args as { turn: number; place: number };
          const output = `out-${turn}-${place}`;
          const call: Call = { turn, place, callId, output, withdrawn: false, settled: 'answered' };
          this.calls.push(call);
          await new Promise<void>((resolve) => {
            this.#clock.at(this.#clock.now() + (name === 'slow' ? 1_300 : 10), resolve);
          });
          if (name === 'failing') throw new ToolError('tool_failed', output);
          return output;
        },
      }),
    );
  }

  #track(what: string, promise: Promise<unknown>): void {
    const name = `${what} (${++this.#count})`;
    this.unsettled.add(name);
    promise.then(
      () => this.unsettled.delete(name),
      (error: unknown) => {
        this.unsettled.delete(name);
        this.rejected.push({ what: name, error });
        this.#log(`rejected ${name}: ${error instanceof ReparteeError ? error.code : ''} ${String(error)}`);
      },
    );
  }
}
