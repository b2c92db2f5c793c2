import { mixToMono } from '../../audio/index.js';
import {
  type AudioFrame,
  byId,
  ConfigError,
  type Ms,
  ProviderError,
  type ReparteeError,
  type Timer,
  toReparteeError,
} from '../../core/index.js';
import type { TTS } from '../../speech/contracts.js';
import type { SessionHost } from '../session-host.js';
import type { Lanes } from './lanes.js';
import { type Pieces, piecesOf, type Source } from './pieces.js';
import type { SayText } from './say-options.js';
import type { SpeechHandle } from './speech-handle.js';
import { TtsVoice } from './tts-voice.js';

/** A source that brings nothing for so long has failed. */
const sourceLimitMs: Ms = 60_000;
/** Recorded speech is taken so far ahead of the caller's ear, and how often it is looked. */
const aheadMs: Ms = 5_000;
const lookMs: Ms = 200;

/** What is to be said, and by what. */
export interface Script {
  speech: SpeechHandle;
  item: string;
  text: SayText;
  audio: AudioFrame | Source<AudioFrame> | undefined;
  tts: TTS | undefined;
  /** Whether it becomes part of the conversation. */
  isKept: boolean;
}

/**
 * Words of our own being said: to the agent's machine a response like those of the model, with an id of its own, so that
 * interruptions, positions, history and states are the same. It ends once, whatever becomes of its sources.
 */
export class Recital {
  readonly #host: SessionHost;
  readonly #lanes: Lanes;
  readonly #script: Script;
  readonly #response: string;
  readonly #sources: Pieces<unknown>[] = [];
  readonly #timers = new Set<Timer>();
  #voice: TtsVoice | undefined;
  #text = '';
  /** The machine has heard of it. */
  known = false;
  /** The model's conversation has it. */
  #isTold = false;
  #ended = false;

  constructor(host: SessionHost, lanes: Lanes, script: Script) {
    this.#host = host;
    this.#lanes = lanes;
    this.#script = script;
    this.#response = script.speech.replyId;
  }

  get response(): string {
    return this.#response;
  }

  get item(): string {
    return this.#script.item;
  }

  begin(): void {
    const { speech, item, isKept, text } = this.#script;
    const { conversation, input } = this.#host;
    const response = this.#response;
    if (isKept) {
      conversation.begun(item);
      speech.became(item);
    }
    input({ t: 'generation', phase: 'created', reply: response, response, aside: false, own: true });
    input({ t: 'part', phase: 'started', response, item, kind: 'audio' });
    this.#lanes.begin(response, !speech.allowInterruptions);
    this.#lanes.open(response, item);
    const said = typeof text === 'string' ? this.#sayAll(text) : this.#sayPieces(text);
    const spoken =
      this.#script.audio === undefined ? said : Promise.all([said, this.#play(this.#script.audio)]);
    spoken.then(
      () => {
        if (this.#voice === undefined) this.#end();
        else this.#voice.finish();
      },
      (thrown: unknown) => this.#end(toReparteeError(thrown, 'tts_failed')),
    );
  }

  /** It is not wanted any more. */
  stop(): void {
    if (this.#ended) return;
    this.#letGo();
    this.#tellEnded('cancelled');
  }

  /** The call is over. */
  close(): void {
    if (!this.#ended) this.#letGo();
  }

  /** It was cut: the model's conversation is to have what was heard, where its wire can. */
  async cut(heardMs: Ms): Promise<void> {
    const { item, isKept } = this.#script;
    const heardText = this.#host.conversation.heardText(item).trim();
    if (!isKept) return;
    if (this.#isTold) {
      await this.#host.model().truncate({ itemId: item, heardMs, heardText, modalities: ['text'] });
    } else if (heardText !== '') await this.#tellModel(heardText);
  }

  async #sayAll(text: string): Promise<void> {
    this.#say(text);
    this.#toldAll();
  }

  async #sayPieces(text: Source<string>): Promise<void> {
    await this.#each(piecesOf(text, 'text'), (piece) => this.#say(piece));
    if (!this.#ended) this.#toldAll();
  }

  async #play(audio: AudioFrame | Source<AudioFrame>): Promise<void> {
    const frames = 'pcm' in audio ? [audio] : audio;
    let rateHz = 0;
    await this.#each(piecesOf(frames, 'audio'), (frame) => {
      rateHz ||= frame.sampleRateHz;
      if (frame.sampleRateHz !== rateHz) {
        const message = `Recorded speech has one rate: ${rateHz} Hz, not ${frame.sampleRateHz}`;
        throw new ConfigError('option_invalid', message, { param: 'audio' });
      }
      this.#lanes.play(this.#response, this.#script.item, 0, mixToMono(frame.pcm, frame.channels), rateHz);
      return this.#heardSoon();
    });
  }

  /** Takes what a source brings until it ends, or the recital does. */
  async #each<T>(pieces: Pieces<T>, take: (piece: T) => void | Promise<void>): Promise<void> {
    this.#sources.push(pieces);
    for (;;) {
      const timer = this.#after(sourceLimitMs, () => {
        this.#end(new ProviderError('tts_failed', `What is to be said has not come for ${sourceLimitMs} ms`));
      });
      let piece: T | undefined;
      try {
        piece = await pieces.next();
      } finally {
        this.#cancel(timer);
      }
      if (piece === undefined || this.#ended) return;
      await take(piece);
      if (this.#ended) return;
    }
  }

  /** Resolves when little of what was given is still to be heard. */
  async #heardSoon(): Promise<void> {
    for (;;) {
      const item = byId(this.#host.state.items, this.#script.item);
      const held = this.#lanes.heldMs(this.#response);
      if (this.#ended || item === undefined || item.writtenMs - item.heardMs + held < aheadMs) return;
      await new Promise<void>((resolve) => {
        this.#after(lookMs, resolve);
      });
    }
  }

  #say(text: string): void {
    if (this.#ended) return;
    this.#text += text;
    this.#tellWords(text, undefined);
    if (this.#script.audio !== undefined) return;
    this.#voice ??= this.#openVoice();
    this.#voice.push(text);
  }

  #openVoice(): TtsVoice {
    const { tts, item } = this.#script;
    if (tts === undefined) throw new ProviderError('tts_failed', 'There is no synthesiser');
    return new TtsVoice(tts, this.#host.clock, {
      audio: (pcm) => this.#lanes.play(this.#response, item, 0, pcm, tts.sampleRateHz),
      words: (words) => this.#tellWords('', [...words]),
      used: (characters) => this.#host.accounts.spoke(tts.name, characters),
      over: (error) => this.#end(error),
    });
  }

  #tellWords(text: string, words: Parameters<SessionHost['conversation']['said']>[0]['words']): void {
    const { item } = this.#script;
    const said = {
      responseId: this.#response,
      itemId: item,
      part: 0,
      text,
      how: 'append',
      stage: 'spoken',
    } as const;
    this.#host.conversation.said(words === undefined ? said : { ...said, words });
  }

  /** All of the text is known. */
  #toldAll(): void {
    if (this.#text.trim() === '' || !this.#script.isKept) return;
    this.#tellModel(this.#text).catch((error: ReparteeError) => {
      if (this.#host.model().state !== 'closed' && error.code !== 'unsupported')
        this.#host.emit('error', error);
    });
  }

  async #tellModel(text: string): Promise<void> {
    const model = this.#host.model();
    if (model.state === 'closed' || model.capabilities.history === 'opening') return;
    this.#isTold = true;
    const parts = [{ kind: 'text', text } as const];
    await model.addItem({ kind: 'message', id: this.#script.item, role: 'assistant', parts });
  }

  #end(error?: ReparteeError): void {
    if (this.#ended) return;
    this.#letGo();
    if (error === undefined) {
      this.#lanes.close(this.#response, this.#script.item);
      this.#tellEnded('completed');
      return;
    }
    this.#script.speech.failed(error);
    this.#lanes.drop(this.#response);
    this.#host.emit('error', error);
    this.#tellEnded('failed');
  }

  /** A timer that does not outlive the recital. */
  #after(delayMs: Ms, run: () => void): Timer {
    const { clock } = this.#host;
    const timer = clock.at(clock.now() + delayMs, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
    return timer;
  }

  #cancel(timer: Timer): void {
    timer.cancel();
    this.#timers.delete(timer);
  }

  #letGo(): void {
    this.#ended = true;
    this.#voice?.close();
    for (const timer of this.#timers) timer.cancel();
    for (const source of this.#sources) source.release();
  }

  #tellEnded(outcome: 'completed' | 'cancelled' | 'failed'): void {
    const { input } = this.#host;
    const response = this.#response;
    if (outcome === 'completed')
      input({ t: 'part', phase: 'done', response, item: this.#script.item, kind: 'audio' });
    const lost = outcome === 'failed';
    input({ t: 'generation', phase: 'ended', reply: response, response, outcome, again: false, lost });
  }
}
