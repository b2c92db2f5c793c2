import { type Clock, type Ids, msToSamples, type Step, samplesToMs, type Timer } from '../core/index.js';
import type { Command, Config, Event, Item, Link, Ms, Usage } from '../realtime/index.js';
import type { LLM, STT, TTS, VAD } from '../speech/index.js';
import {
  type BrainEffect,
  type BrainInput,
  type BrainLimits,
  type BrainState,
  brainStep,
  createBrain,
} from './brain/index.js';
import { Conversation } from './conversation.js';
import { Ear } from './ear.js';
import { Mouths } from './mouths.js';

export interface CascadeParts {
  stt: STT;
  llm: LLM;
  tts: TTS;
  vad: VAD;
}

export interface CascadeLinkOptions {
  clock: Clock;
  ids: Ids;
  /** In force until `open` brings another. */
  config: Config;
  inputRateHz: number;
  outputRateHz: number;
  limits?: Partial<BrainLimits>;
  /** Audio kept for `item.fetch` over all items. Default 60 000. */
  maxAudioKeptMs?: Ms;
  /** Length of outgoing audio chunks. Default 100. */
  chunkMs?: Ms;
}

/** Longer audio is taken in pieces, so that edges inside it are acted on where they are. */
const pieceMs = 20;

/** Recogniser, language model, synthesiser and VAD as a link. All parts stay the caller's; `close` ends only the streams. */
export function cascadeLink(parts: CascadeParts, options: CascadeLinkOptions): Link {
  return new CascadeLink(parts, options);
}

/**
 * The runner around the brain: one queue of inputs, each run to completion; effects are performed on the streams; events
 * leave in a microtask of their own, never inside `send`.
 */
class CascadeLink implements Link {
  readonly #options: CascadeLinkOptions;
  readonly #parts: CascadeParts;
  readonly #state: BrainState;
  readonly #step: Step<BrainState, BrainInput, BrainEffect>;
  readonly #conversation: Conversation;
  readonly #ear: Ear;
  readonly #mouths: Mouths;
  readonly #effects: BrainEffect[] = [];
  readonly #queue: { input: BrainInput; pcm: Int16Array | undefined }[] = [];
  #running = false;
  #shut = false;
  /** Audio of the input under way. */
  #pcm: Int16Array = new Int16Array(0);
  #timer: Timer | undefined;
  #listener: (event: Event) => void = () => {};

  constructor(parts: CascadeParts, options: CascadeLinkOptions) {
    const { stt, llm, tts, vad } = parts;
    this.#parts = parts;
    const { config, clock, ids, inputRateHz, outputRateHz, maxAudioKeptMs = 60_000, chunkMs = 100 } = options;
    this.#options = options;
    this.#state = createBrain({ config, voices: tts.voices, limits: options.limits ?? {} });
    this.#step = brainStep(ids);
    const maxSamples = msToSamples(maxAudioKeptMs, outputRateHz);
    this.#conversation = new Conversation({ maxSamples, outputRateHz });
    const { lookBackMs } = this.#state.limits;
    this.#ear = new Ear(
      { stt, vad, inputRateHz, lookBackMs, maxKeptMs: maxAudioKeptMs },
      {
        voice: (edge, atMs) => this.#take({ in: 'voice', nowMs: clock.now(), edge, atMs }),
        interim: (item, text) => this.#take({ in: 'words', nowMs: clock.now(), item, how: 'interim', text }),
        final: (item, text, words) =>
          this.#take({ in: 'words', nowMs: clock.now(), item, how: 'final', text, words }),
        failed: (item, text) => this.#take({ in: 'words', nowMs: clock.now(), item, how: 'failed', text }),
      },
    );
    this.#mouths = new Mouths({ llm, tts, outputRateHz, chunkMs }, (input, pcm) =>
      this.#take({ ...input, nowMs: clock.now() }, pcm),
    );
  }

  send(command: Command): void {
    if (this.#shut) return;
    if (command.t === 'audio') this.#takeAudio(command.pcm, command.atMs);
    else this.#take({ in: 'command', nowMs: this.#options.clock.now(), command });
  }

  onEvent(listener: (event: Event) => void): void {
    this.#listener = listener;
  }

  #takeAudio(pcm: Int16Array, atMs: Ms): void {
    const { inputRateHz, clock } = this.#options;
    const piece = msToSamples(pieceMs, inputRateHz);
    for (let from = 0; from < pcm.length; from += piece) {
      const samples = pcm.length <= piece ? pcm : pcm.subarray(from, from + piece);
      const endMs = atMs + samplesToMs(from + samples.length, inputRateHz);
      this.#take({ in: 'audio', nowMs: clock.now(), endMs }, samples);
    }
  }

  #take(input: BrainInput, pcm?: Int16Array): void {
    this.#queue.push({ input, pcm });
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (next.pcm !== undefined) this.#pcm = next.pcm;
      this.#run(next.input);
    }
    this.#running = false;
  }

  #run(input: BrainInput): void {
    if (this.#shut) return;
    this.#effects.length = 0;
    try {
      this.#step(this.#state, input, this.#effects);
      for (const effect of this.#effects) this.#perform(effect);
    } catch (thrown) {
      // A part that throws leaves nothing to go on with.
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      this.#emit({ t: 'closing', code: 'provider_failed', disposition: 'retry', message });
      this.#end();
    }
  }

  #perform(effect: BrainEffect): void {
    const { config } = this.#state;
    switch (effect.fx) {
      case 'emit':
        this.#emit(effect.event);
        break;
      case 'tell':
        this.#tell(effect);
        break;
      case 'hear':
        this.#ear.hear(this.#pcm, this.#state.positionMs);
        break;
      case 'listen':
        this.#ear.listen(effect.item, effect.fromMs);
        break;
      case 'commit':
        this.#conversation.keepAudio(effect.item, this.#ear.commit());
        this.#recognised();
        break;
      case 'unlisten':
        this.#ear.unlisten();
        this.#recognised();
        break;
      case 'forget_speech':
        this.#ear.forgetSpeech();
        break;
      case 'transcribe':
        this.#ear.transcribe(effect.item, this.#conversation.audioOf(effect.item));
        this.#recognised();
        break;
      case 'tune':
        this.#ear.tune(config);
        break;
      case 'prepare':
        this.#mouths.prepare(effect, config);
        break;
      case 'think':
        this.#mouths.think(effect, config, () => this.#history());
        break;
      case 'speak':
        this.#mouths.speak(effect);
        break;
      case 'finish_speaking':
        this.#mouths.finishSpeaking(effect);
        break;
      case 'release':
        this.#answered(effect.response);
        break;
      case 'play':
        this.#play(effect.response, effect.item);
        break;
      case 'wake_at':
        this.#wakeAt(effect.atMs);
        break;
      case 'shut':
        this.#end();
        break;
      default:
        this.#conversation.apply(effect);
    }
  }

  /** An utterance is over: the recogniser was paid to hear it, whatever becomes of it. */
  #recognised(): void {
    const inputAudioMs = Math.round(this.#ear.takeFedMs());
    if (inputAudioMs > 0) this.#used('stt', { inputAudioMs });
  }

  #answered(response: string): void {
    const { llm, characters = 0 } = this.#mouths.release(response) ?? {};
    if (llm !== undefined) this.#used('llm', llm);
    if (characters > 0) this.#used('tts', { characters });
  }

  #used(part: 'stt' | 'llm' | 'tts', usage: Usage): void {
    this.#emit({ t: 'usage', scope: 'part', part, model: this.#parts[part].name, usage });
  }

  #tell({ phase, item: id, after, heardMs }: Extract<BrainEffect, { fx: 'tell' }>): void {
    const item = phase === 'fetched' ? this.#conversation.withAudio(id) : this.#conversation.get(id);
    if (item === undefined) return;
    this.#emit({
      t: 'item',
      phase,
      item,
      basis: 'wire',
      ...(after === undefined ? {} : { after }),
      ...(heardMs === undefined ? {} : { heardMs }),
    });
  }

  #play(response: string, item: string): void {
    this.#conversation.keepAudio(item, this.#pcm);
    this.#emit({ t: 'audio', response, item, part: 0, pcm: this.#pcm });
  }

  #history(): Item[] {
    return this.#state.items.flatMap(({ id }) => this.#conversation.get(id) ?? []);
  }

  #wakeAt(atMs: Ms): void {
    const { clock } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.at(atMs, () => this.#take({ in: 'wake', nowMs: clock.now() }));
  }

  /** A microtask for each, so that a listener that throws takes no other event with it. */
  #emit(event: Event): void {
    queueMicrotask(() => this.#listener(event));
  }

  #end(): void {
    this.#shut = true;
    this.#timer?.cancel();
    this.#ear.close();
    this.#mouths.close();
    this.#conversation.clear();
    this.#queue.length = 0;
  }
}
