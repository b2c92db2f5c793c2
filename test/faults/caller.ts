import { countedIds, type Ms, ReparteeError } from '../../src/core/index.js';
import type {
  GenerationCall,
  GenerationEnded,
  RealtimeEvents,
  RealtimeModel,
  RealtimeSession,
  SessionOptions,
} from '../../src/realtime/index.js';
import type { VAD } from '../../src/speech/index.js';
import type { FakeClock } from '../../src/testing/index.js';
import { countWords, speech, wordMs } from './codes.js';
import { greetingTurn } from './parts.js';
import type { Story, ToolName, Turn } from './story.js';
import { type Call, describeHappening, type Happening, type Talker, talkerEvents } from './talker.js';

/** Length of the caller's chunks: long ones make cheap conversations. */
export const chunkMs: Ms = 100;
/** Two half-open connections in a row, each noticed after half a minute, outlast the default. */
export const replayMs: Ms = 120_000;
/** Nobody waits longer than this for an answer. */
export const patienceMs: Ms = 90_000;
/** A silence after which a reply is taken to be over. */
const quietMs: Ms = 400;

export interface CallerOptions {
  clock: FakeClock;
  /** For wires without ears. */
  vad: VAD | undefined;
  log: (line: string) => void;
  /** What differs in the session's options. */
  session?: SessionOptions;
}

/** Somebody who goes through a story with a session of the engine, plays its agent too, and writes down what happens. */
export class Caller implements Talker {
  readonly session: RealtimeSession;
  readonly happenings: Happening[] = [];
  readonly calls: Call[] = [];
  /** Promises of the session that have not settled. */
  readonly unsettled = new Set<string>();
  readonly rejected: { what: string; error: unknown }[] = [];
  /** Words of the model as they were heard: how many samples of each, in the order of first hearing. */
  readonly heard = new Map<string, number>();
  /** Turns that are in the conversation as far as the caller can know. */
  readonly brought = new Set<number>();
  lastWord: string | undefined;
  /** Turns whose answer was cut off by a fault. */
  readonly left = new Set<number>();
  /** Turns after whose answer the application asked for more. */
  readonly asked = new Set<number>();
  readonly #story: Story;
  readonly #clock: FakeClock;
  readonly #rateHz: number;
  readonly #log: (line: string) => void;
  readonly #openTools = new Map<string, number>();
  readonly #emitted = new Map<string, { ms: Ms; words: string[] }>();
  #voice: { turn: number; atMs: Ms } | undefined;
  #lastNewsMs: Ms = 0;
  /** The item that the last sound was of. */
  lastItem: string | undefined;
  #count = 0;

  constructor(story: Story, model: RealtimeModel, options: CallerOptions) {
    const { clock, vad, log, session = {} } = options;
    this.#story = story;
    this.#clock = clock;
    this.#log = log;
    this.#rateHz = model.capabilities.inputRateHz;
    this.session = model.session({
      clock,
      chunkMs,
      replayMs,
      ids: countedIds('_near'),
      ...(vad === undefined ? {} : { vad }),
      ...session,
    });
    for (const name of talkerEvents) this.#hearAll(name);
    this.#hearAll('generation_audio');
    this.track('opened', this.session.opened);
  }

  get outputRateHz(): number {
    return this.session.capabilities.outputRateHz;
  }

  get ended(): boolean {
    return this.session.state === 'closed';
  }

  async run(): Promise<void> {
    for (const [index, turn] of this.#story.turns.entries()) {
      if (this.ended) return;
      this.#log(`turn ${index} ${JSON.stringify(turn)}`);
      await this.#take(index, turn);
    }
  }

  async close(): Promise<void> {
    this.track('close', this.session.close());
    this.track('close again', this.session.close());
  }

  async #take(index: number, turn: Turn): Promise<void> {
    const { session } = this;
    if (turn.kind === 'ask') {
      this.asked.add(this.brought.size === 0 ? greetingTurn : Math.max(...this.brought));
      this.track('ask', session.generateReply({ instructions: 'Say more.' }));
      await this.until(() => this.isQuiet());
    } else if (turn.kind === 'type') {
      await this.type(index);
      await this.until(() => this.isAnswered(index) && this.isQuiet());
    } else {
      await this.speak(index, turn.speechMs);
      if (turn.kind === 'speak') await this.until(() => this.isAnswered(index) && this.isQuiet());
      else if (turn.kind === 'barge') {
        await this.until(() => this.isAnswered(index));
        await this.pass(300);
        return;
      } else {
        await this.pass(700);
        return;
      }
    }
    await this.pass(turn.pauseMs);
  }

  /** Says the utterance of that turn, or its first milliseconds. */
  async speak(index: number, speechMs = this.#story.turns[index]!.speechMs): Promise<void> {
    this.brought.add(index);
    this.#voice = { turn: index, atMs: 0 };
    await this.pass(speechMs);
    this.#voice = undefined;
  }

  /** Writes the turn into the conversation and asks for its reply. */
  async type(index: number): Promise<void> {
    const item = {
      kind: 'message' as const,
      id: `typed_${index}`,
      role: 'user' as const,
      parts: [{ kind: 'text' as const, text: `t${index}` }],
    };
    const added = this.session.addItem(item);
    this.track(`type ${index}`, added);
    void added.then(
      () => this.brought.add(index),
      () => {},
    );
    this.track(`reply to ${index}`, this.session.generateReply());
  }

  /** Time goes by, and the microphone is open. */
  async pass(ms: Ms): Promise<void> {
    for (let left = ms; left > 0 && !this.ended; left -= chunkMs) {
      const voice = this.#voice;
      const pcm =
        voice === undefined
          ? new Int16Array((this.#rateHz * chunkMs) / 1000)
          : speech(voice.turn, voice.atMs, chunkMs, this.#rateHz);
      if (voice !== undefined) voice.atMs += chunkMs;
      this.session.pushAudio({ pcm, sampleRateHz: this.#rateHz, channels: 1 });
      await this.#clock.advance(chunkMs);
    }
  }

  /** Until it holds, or nobody would wait any longer; true: it does. */
  async until(holds: () => boolean): Promise<boolean> {
    const lastMs = this.#clock.now() + patienceMs;
    while (!this.ended && this.#clock.now() < lastMs && !holds()) await this.pass(chunkMs);
    const held = holds();
    if (!this.ended && !held) this.#log('gave up waiting');
    return held;
  }

  /** Some of the answer to that turn was heard. */
  isAnswered(index: number): boolean {
    const kind = this.#story.turns[index]!.calls.length > 0 ? 'b' : 'a';
    return this.heard.has(`${kind}${index}w0`) || this.#heardAny(`${kind}${index}w`);
  }

  #heardAny(prefix: string): boolean {
    for (const word of this.heard.keys()) if (word.startsWith(prefix)) return true;
    return false;
  }

  /** Nothing is being said or done, nor due. */
  isQuiet(): boolean {
    const { session } = this;
    return (
      session.connected &&
      !session.isReplying &&
      !session.hasActiveGeneration &&
      this.#openTools.size === 0 &&
      this.#clock.now() - this.#lastNewsMs >= quietMs
    );
  }

  #hearAll<K extends keyof RealtimeEvents>(name: K): void {
    this.session.on(name, (event) => this.#onEvent({ name, event, atMs: this.#clock.now() } as Happening));
  }

  #onEvent(happening: Happening): void {
    if (happening.name !== 'generation_audio') this.happenings.push(happening);
    this.#hear(happening);
    if (happening.name !== 'generation_audio') this.#log(describeHappening(happening));
  }

  #hear({ name, event }: Happening): void {
    this.#lastNewsMs = this.#clock.now();
    switch (name) {
      case 'generation_audio':
        return this.#hearWords(event.itemId ?? '', event.pcm);
      case 'generation_call':
        return this.#run(event);
      case 'generation_call_withdrawn': {
        const call = this.calls.find(({ callId }) => callId === event.callId);
        if (call !== undefined) call.withdrawn = true;
        return;
      }
      case 'generation_ended':
        if (event.outcome === 'incomplete' && this.lastWord !== undefined) {
          this.left.add(Number(/\d+/.exec(this.lastWord)?.[0]));
        }
        return this.#answered(event);
      case 'interrupted':
        return this.#cut();
    }
  }

  #hearWords(item: string, pcm: Int16Array): void {
    const record = this.#emitted.get(item) ?? { ms: 0, words: [] };
    this.#emitted.set(item, record);
    this.lastItem = item;
    countWords(pcm, this.heard, (word) => {
      this.lastWord = word;
      if (!this.heard.has(word)) this.#log(`heard ${word}`);
      record.words.push(word);
    });
    record.ms += pcm.length / (this.session.capabilities.outputRateHz / 1000);
  }

  /** What has come was played at once: the cut is where it ended. */
  #cut(): void {
    const itemId = this.lastItem;
    const record = itemId === undefined ? undefined : this.#emitted.get(itemId);
    if (itemId === undefined || record === undefined || this.ended) return;
    this.lastItem = undefined;
    const heardText = [...new Set(record.words)].join(' ');
    this.track(`truncate ${itemId}`, this.session.truncate({ itemId, heardMs: record.ms, heardText }));
  }

  /** In place of the tools: told of each call, which it must answer itself. */
  onCall: ((call: Call, name: string) => void) | undefined;

  #run({ callId, name, args, responseId }: GenerationCall): void {
    const { turn, place } = JSON.parse(args) as { turn: number; place: number };
    const output = `out-${turn}-${place}`;
    const call: Call = { turn, place, callId, output, withdrawn: false, settled: 'open' };
    this.calls.push(call);
    if (this.onCall !== undefined) return this.onCall(call, name);
    const key = responseId ?? '';
    this.#openTools.set(key, (this.#openTools.get(key) ?? 0) + 1);
    const give = () => this.#give(call, name, key);
    const tool = name as ToolName;
    this.#clock.at(this.#clock.now() + (tool === 'slow' ? 1_300 : 10), give);
  }

  readonly #replies = new Map<string, GenerationEnded>();

  #give(call: Call, name: string, response: string): void {
    const left = this.#openTools.get(response)! - 1;
    if (left > 0) this.#openTools.set(response, left);
    else this.#openTools.delete(response);
    if (this.ended || call.withdrawn) return;
    const isError = name === 'failing';
    const { callId, output } = call;
    const answered = this.session.answer({ callId, name, output, isError, more: left > 0 });
    this.track(`answer ${callId}`, answered);
    void answered.then(
      () => {
        call.settled = 'answered';
      },
      (error: Error) => {
        call.settled = error;
      },
    );
    this.#goOn(response);
  }

  #answered(ended: GenerationEnded): void {
    if (ended.calls === 0) return;
    this.#replies.set(ended.responseId, ended);
    this.#goOn(ended.responseId);
  }

  /** Once its response is over and all its calls are answered. */
  #goOn(response: string): void {
    const ended = this.#replies.get(response);
    if (ended === undefined || this.#openTools.has(response)) return;
    this.#replies.delete(response);
    if (this.session.capabilities.toolReply === 'asked') {
      this.track('go on', this.session.generateReply({ continues: ended.replyId }));
    }
  }

  /** Promises are watched: each must settle. */
  track(what: string, promise: Promise<unknown>): void {
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

/** How many samples a whole word has. */
export const samplesPerWord = (outputRateHz: number) => (outputRateHz * wordMs) / 1000;
