import { cascadeCapabilities, cascadeDefaults } from '../../src/cascade/capabilities.js';
import { cascadeLink } from '../../src/cascade/cascade-link.js';
import { energyVad } from '../../src/cascade/index.js';
import { itemText, playLlm, textEvents, wordUsage } from '../../src/cascade/played-llm.js';
import type { Clock, Timer } from '../../src/core/index.js';
import type { Dialler, Item, Word } from '../../src/realtime/index.js';
import type {
  LLM,
  LlmEvent,
  LlmRequest,
  STT,
  SttEvent,
  SttStream,
  TTS,
  TtsEvent,
  TtsStream,
} from '../../src/speech/index.js';
import { placeOf, soundOf, turnLimit, windowMs, wordMs, wordsOf } from './codes.js';
import type { Story } from './story.js';

const outputRateHz = 24_000;
/** The turn whose words a model says that has not been asked anything. */
export const greetingTurn = turnLimit - 1;

/** What the model was asked: the whole conversation as it stood. */
export interface Request {
  atMs: number;
  items: readonly Item[];
}

/**
 * The model of a story: its recogniser reads from the samples which utterance it hears, and how much of it; its language model goes
 * by the conversation alone, so that it answers alike on any connection; its words can be told apart by their sound.
 * `resampled`: the caller's samples come at another rate than they left with, so that only their number counts.
 */
export function storyModel(
  story: Story,
  inputRateHz: number,
  onRequest: (request: Request) => void,
  resampled = false,
): Dialler {
  const capabilities = cascadeCapabilities(inputRateHz);
  const { turns } = cascadeDefaults();
  const defaults = {
    ...cascadeDefaults(),
    turns: turns.owner === 'wire' ? { ...turns, silenceMs: 400 } : turns,
  };
  return {
    provider: 'story',
    model: 'story',
    capabilities,
    defaults,
    async dial({ clock, ids }) {
      const parts = {
        stt: readingStt(story, inputRateHz, resampled),
        llm: storyLlm(story, clock, onRequest),
        tts: spellingTts(story, clock),
        vad: energyVad({ sampleRateHz: inputRateHz }),
      };
      return cascadeLink(parts, { clock, ids, config: defaults, inputRateHz, outputRateHz });
    },
  };
}

/** Writes down `u7` for the whole of utterance 7, once; else what is missing or came twice: `u7[missing 0-3; twice 9]`. */
function readingStt(story: Story, sampleRateHz: number, resampled: boolean): STT {
  return {
    name: 'reading',
    sampleRateHz,
    stream: () => new ReadingStream(story, (sampleRateHz * windowMs) / 1000, resampled),
    async warmUp() {},
    async close() {},
  };
}

class ReadingStream implements SttStream {
  #heard = new Map<number, Map<number, number>>();
  #listener: (event: SttEvent) => void = () => {};
  #closed = false;

  constructor(
    readonly story: Story,
    readonly perWindow: number,
    readonly resampled: boolean,
  ) {}

  push(pcm: Int16Array): void {
    for (let at = 0; at < pcm.length; ) {
      const sample = pcm[at]!;
      let to = at + 1;
      while (to < pcm.length && pcm[to] === sample) to += 1;
      const read = placeOf(sample);
      if (read !== undefined) {
        const places = this.#heard.get(read.turn) ?? new Map<number, number>();
        places.set(read.place, (places.get(read.place) ?? 0) + to - at);
        this.#heard.set(read.turn, places);
      }
      at = to;
    }
  }

  flush(): void {
    const heard = [...this.#heard].filter(
      ([, places]) => !this.resampled || countOf(places) > this.perWindow * 5,
    );
    const text = heard.map(([turn, places]) => this.#describe(turn, places)).join(' ');
    this.#heard.clear();
    queueMicrotask(() => {
      if (!this.#closed) this.#listener({ t: 'final', text, words: [] });
    });
  }

  discard(): void {
    this.#heard.clear();
  }

  onEvent(listener: (event: SttEvent) => void): void {
    this.#listener = listener;
  }

  close(): void {
    this.#closed = true;
  }

  #describe(turn: number, places: Map<number, number>): string {
    const count = (this.story.turns[turn]?.speechMs ?? 0) / windowMs;
    if (this.resampled) return this.#weigh(turn, countOf(places) / (count * this.perWindow));
    const missing: number[] = [];
    const twice: number[] = [];
    for (let place = 0; place < count; place++) {
      const samples = places.get(place) ?? 0;
      if (samples < this.perWindow) missing.push(place);
      if (samples > this.perWindow) twice.push(place);
    }
    if (missing.length === 0 && twice.length === 0) return `u${turn}`;
    return `u${turn}[${spans('missing', missing)}${spans('twice', twice)}]`;
  }

  /** `share`: of the utterance. */
  #weigh(turn: number, share: number): string {
    return share > 0.9 && share < 1.1 ? `u${turn}` : `u${turn}[${share.toFixed(2)} of it]`;
  }
}

function countOf(places: ReadonlyMap<number, number>): number {
  let samples = 0;
  for (const count of places.values()) samples += count;
  return samples;
}

function spans(what: string, places: number[]): string {
  const first = places[0];
  return first === undefined ? '' : `${what}-${places.length}-from-${first};`;
}

function storyLlm(story: Story, clock: Clock, onRequest: (request: Request) => void): LLM {
  return {
    name: 'story',
    chat(request) {
      onRequest({ atMs: clock.now(), items: request.items });
      const { turn, events } = answerOf(story, request);
      return playLlm(events, { clock, delayMs: story.turns[turn]?.thinkMs ?? 0 });
    },
    async close() {},
  };
}

/** Which turn a text of the user is of: the last one that it names. */
export function turnsNamed(text: string): number[] {
  return [...text.matchAll(/(?<![a-z])[ut](\d+)|(?<=\d)[ut](\d+)/g)].map(([, turn, joined]) =>
    Number(turn ?? joined),
  );
}

/** Outcomes of tools, however they are told. */
export function outcomesNamed(text: string): string[] {
  return [...text.matchAll(/\bout-\d+-\d+\b/g)].map(([token]) => token);
}

function answerOf(story: Story, request: LlmRequest): { turn: number; events: LlmEvent[] } {
  const { items } = request;
  const at = items.findLastIndex(
    (item) => item.kind === 'message' && item.role === 'user' && turnsNamed(itemText(item)).length > 0,
  );
  const last = items[at];
  if (last === undefined) {
    return { turn: greetingTurn, events: says(request, wordsOf('c', greetingTurn, 3)) };
  }
  const turn = turnsNamed(itemText(last)).at(-1)!;
  const since = items.slice(at + 1);
  const said = since
    .filter((item) => item.kind === 'message' && item.role === 'assistant')
    .map(itemText)
    .join(' ');
  const plan = story.turns[turn];
  const told = new Set(since.flatMap((item) => outcomesNamed(itemText(item))));
  const calls = plan?.calls ?? [];
  const open = calls.filter((_, place) => !told.has(`out-${turn}-${place}`));
  if (plan === undefined || new RegExp(`\\b${calls.length > 0 ? 'b' : 'a'}${turn}w`).test(said)) {
    return { turn, events: says(request, wordsOf('c', turn, 3)) };
  }
  if (calls.length > 0 && open.length === 0) {
    return { turn, events: says(request, wordsOf('b', turn, plan.thenSays)) };
  }
  const lead = said.includes(`a${turn}w`) ? '' : wordsOf('a', turn, plan.says);
  if (calls.length === 0) return { turn, events: says(request, lead) };
  const asked = calls.flatMap((name, place): LlmEvent[] =>
    told.has(`out-${turn}-${place}`)
      ? []
      : [{ t: 'call', call: '', name, args: JSON.stringify({ turn, place }) }],
  );
  const done: LlmEvent = { t: 'done', reason: 'calls', usage: wordUsage(request, lead) };
  return { turn, events: [...textEvents(lead), ...asked, done] };
}

function says(request: LlmRequest, text: string): LlmEvent[] {
  return [...textEvents(text), { t: 'done', reason: 'stop', usage: wordUsage(request, text) }];
}

/** A sound for each word, one every `paceMs` of the clock. */
function spellingTts(story: Story, clock: Clock): TTS {
  return {
    name: 'spelling',
    sampleRateHz: outputRateHz,
    voices: [],
    stream: () => new SpellingStream(story.paceMs, clock),
    async warmUp() {},
    async close() {},
  };
}

class SpellingStream implements TtsStream {
  #text = '';
  #finished = false;
  #done = false;
  #closed = false;
  #positionMs = 0;
  #timer: Timer | undefined;
  #listener: (event: TtsEvent) => void = () => {};

  constructor(
    readonly paceMs: number,
    readonly clock: Clock,
  ) {}

  push(text: string): void {
    this.#text += text;
    this.#goOn();
  }

  finish(): void {
    this.#finished = true;
    this.#goOn();
  }

  onEvent(listener: (event: TtsEvent) => void): void {
    this.#listener = listener;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #goOn(): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = this.clock.at(this.clock.now() + this.paceMs, () => {
      this.#timer = undefined;
      this.#next();
    });
  }

  #next(): void {
    if (this.#closed || this.#done) return;
    // A word is whole when something follows it.
    const read = this.#finished ? /^\s*\S+\s*/.exec(this.#text) : /^\s*\S+\s+/.exec(this.#text);
    if (read !== null) {
      const [piece] = read;
      this.#text = this.#text.slice(piece.length);
      this.#say(piece);
      return this.#goOn();
    }
    if (!this.#finished) return;
    this.#done = true;
    this.#listener({ t: 'done' });
  }

  #say(piece: string): void {
    const text = piece.trim();
    const fromMs = this.#positionMs;
    const pcm = soundOf(text, outputRateHz);
    if (pcm !== undefined) this.#positionMs += wordMs;
    const words: Word[] = [{ text, fromMs, toMs: this.#positionMs }];
    this.#listener({ t: 'clause', text: piece, words });
    if (pcm !== undefined) this.#listener({ t: 'audio', pcm });
  }
}
