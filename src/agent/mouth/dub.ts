import { byId, type ReparteeError } from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import type { GenerationText, RealtimeEvents } from '../../realtime/index.js';
import type { TTS } from '../../speech/contracts.js';
import { isForCaller } from '../machine/step.js';
import type { SessionHost } from '../session-host.js';
import { TtsVoice } from './tts-voice.js';

type PartEvent = RealtimeEvents['generation_part'];

/** A message that the model writes. */
interface Written {
  item: string;
  part: number;
  /** Not given to the synthesiser yet. */
  rest: string;
  /** Characters that came. */
  length: number;
  finished: boolean;
  over: boolean;
  voice: TtsVoice | undefined;
}

/** A response that writes. */
interface Writer {
  response: string;
  /** `speak`: text was asked for, to be spoken; `wait`: only if no speech comes beside it; `ask`: there is nothing to speak it with. */
  then: 'speak' | 'wait' | 'ask';
  known: boolean;
  messages: Written[];
  ended: boolean;
}

/** How many of the last ones are remembered. */
const memoryLimit = 32;

/**
 * Text of the model, spoken by the session's synthesiser as it comes, message by message; and what is done where the model
 * writes although it was to speak, or speaks although it was to write.
 */
export class Dub {
  readonly #host: SessionHost;
  #writers: readonly Writer[] = none;
  /** Replies that were asked for again: once each. */
  #again: readonly string[] = none;
  /** Items that are text on the model's side. */
  #texts: readonly string[] = none;
  /** The last response whose speech was not asked for. */
  #unasked = '';

  constructor(host: SessionHost) {
    this.#host = host;
  }

  /**
   * Whether the words of the part are spoken here, or may have to be: then what it is to the agent's machine. Undefined: it is as
   * it came.
   */
  takes({ responseId, kind }: PartEvent): 'audio' | 'text' | undefined {
    if (responseId === null || !this.#mayBeHeard(responseId)) return undefined;
    const { audioOutput } = this.#host.model().realtimeCapabilities;
    const hasVoice = this.#host.engine()?.tts !== undefined;
    if (kind === 'text') return hasVoice ? 'audio' : audioOutput ? 'text' : undefined;
    if (!audioOutput && this.#unasked !== responseId) {
      this.#unasked = responseId;
      this.#tell(responseId, 'text', 'played');
    }
    return undefined;
  }

  /** A part of a message that is taken begins, or is whole. The machine knows of it. */
  part({ phase, responseId, itemId, part }: PartEvent): void {
    if (responseId === null) return;
    const writer = this.#writer(responseId);
    const message = writer.messages.find(({ item }) => item === itemId);
    if (phase === 'done') {
      if (message !== undefined) message.finished = true;
      this.#speak(writer);
    } else if (message === undefined) {
      const fresh = { rest: '', length: 0, finished: false, over: false, voice: undefined };
      writer.messages.push({ item: itemId, part, ...fresh });
      const lanes = this.#host.mouth()?.lanes;
      if (writer.then === 'ask' || lanes === undefined)
        this.#host.input({ t: 'coming', item: itemId, is: true });
      else {
        this.#texts = withLast(this.#texts, itemId);
        lanes.open(responseId, itemId);
      }
    } else message.finished = false;
  }

  said({ responseId, itemId, text, how, stage }: GenerationText): void {
    if (stage === 'thought' || this.#writers.length === 0) return;
    const writer = this.#writers.find(({ response }) => response === responseId);
    const message = writer?.messages.find(({ item }) => item === itemId);
    if (writer === undefined || message === undefined) return;
    // What was spoken cannot be taken back: of a whole text only what goes beyond it is new.
    const news = how === 'append' ? text : text.slice(message.length);
    message.length += news.length;
    message.rest += news;
    this.#speak(writer);
  }

  /** The response is over. True: it wrote although it was to speak, and its reply was asked for again. */
  ended({ replyId, responseId, outcome, calls }: RealtimeEvents['generation_ended']): boolean {
    const writer = this.#writers.find(({ response }) => response === responseId);
    if (writer === undefined) return false;
    writer.ended = true;
    const isWordless = writer.messages.every(({ length }) => length === 0);
    const isMismatch = writer.then !== 'speak' && !isWordless && !this.#hasSpoken(writer);
    for (const message of writer.messages) message.finished = true;
    if (writer.then === 'ask') {
      return this.#endUnspoken(writer, replyId, isMismatch && outcome === 'completed' && calls === 0);
    }
    if (isMismatch) {
      this.#tell(responseId, 'audio', 'spoken');
      writer.then = 'speak';
    } else if (writer.then === 'wait') {
      for (const message of writer.messages) message.rest = '';
      writer.then = 'speak';
    }
    this.#speak(writer);
    return false;
  }

  /** More may be said of what the response wrote. */
  goOn(response: string): void {
    const writer = this.#writers.find((other) => other.response === response);
    if (writer !== undefined) this.#speak(writer);
  }

  /** Some of what the response wrote is still to be spoken: its place on the line is not free yet. */
  isSpeaking(response: string): boolean {
    return this.#writers.some((writer) => writer.response === response && writer.then !== 'ask');
  }

  /** Whether the item, that the caller hears, is text on the model's side. */
  isText(item: string): boolean {
    return this.#texts.includes(item);
  }

  /** Those that were interrupted fall silent. */
  tidy(): void {
    const { state } = this.#host;
    for (const writer of this.#writers) {
      writer.known ||= byId(state.responses, writer.response) !== undefined;
      if (writer.known && !isForCaller(state, writer.response)) this.#forget(writer);
    }
  }

  close(): void {
    for (const writer of this.#writers) this.#forget(writer);
  }

  #mayBeHeard(response: string): boolean {
    const known = byId(this.#host.state.responses, response);
    return known === undefined || (!known.aside && !known.cut);
  }

  #writer(response: string): Writer {
    const known = this.#writers.find((writer) => writer.response === response);
    if (known !== undefined) return known;
    const { audioOutput } = this.#host.model().realtimeCapabilities;
    const hasVoice = this.#host.engine()?.tts !== undefined;
    const then = !hasVoice ? 'ask' : audioOutput ? 'wait' : 'speak';
    const writer: Writer = { response, then, known: false, messages: [], ended: false };
    this.#writers = this.#writers.concat(writer);
    return writer;
  }

  /** Gives the synthesiser what there is: one message after the other. */
  #speak(writer: Writer): void {
    const tts = this.#host.engine()?.tts;
    if (writer.then !== 'speak' || tts === undefined) return;
    const message = writer.messages.find(({ over }) => !over);
    if (message === undefined) {
      if (writer.ended) this.#spoken(writer);
      return;
    }
    message.voice ??= this.#open(writer, message, tts);
    const text = message.rest;
    message.rest = '';
    message.voice.push(text);
    // Words of it may still be judged.
    const isChecking = this.#host.speaking.guardrail?.isChecking(message.item) === true;
    if (message.finished && !isChecking) message.voice.finish();
  }

  #open(writer: Writer, message: Written, tts: TTS): TtsVoice {
    const { accounts, clock, conversation } = this.#host;
    const { response } = writer;
    const { item, part } = message;
    return new TtsVoice(tts, clock, {
      audio: (pcm) => this.#host.mouth()?.lanes.play(response, item, part, pcm, tts.sampleRateHz),
      words: (words) => {
        const said = {
          responseId: response,
          itemId: item,
          part,
          text: '',
          how: 'append',
          stage: 'spoken',
        } as const;
        conversation.said({ ...said, words: [...words] });
      },
      used: (characters) => accounts.spoke(tts.name, characters),
      over: (error) => {
        message.over = true;
        if (error !== undefined) return this.#fail(writer, error);
        this.#host.mouth()?.lanes.close(response, item);
        this.#speak(writer);
      },
    });
  }

  #fail(writer: Writer, error: ReparteeError): void {
    const { response } = writer;
    const { speeches, emit, input, state } = this.#host;
    const reply = byId(state.responses, response)?.reply ?? '';
    this.#forget(writer);
    this.#host.mouth()?.lanes.drop(response);
    speeches.failed(reply, error);
    emit('error', error);
    input({ t: 'interrupt_reply', reply });
  }

  /** All of it was spoken: the lane may end, where it has not been told to wait for more. */
  #spoken(writer: Writer): void {
    this.#forget(writer);
    this.#host.mouth()?.lanes.end(writer.response);
  }

  /** There is no voice for it: what was not asked for is asked for again, once. */
  #endUnspoken(writer: Writer, reply: string, isAskedAgain: boolean): boolean {
    const { response, messages } = writer;
    const { conversation, input } = this.#host;
    const model = this.#host.model();
    const isAgain = isAskedAgain && !this.#again.includes(reply) && model.state !== 'closed';
    if (isAskedAgain) this.#tell(response, 'audio', isAgain ? 'asked_again' : 'kept');
    this.#forget(writer);
    for (const { item } of messages) {
      if (isAgain) {
        conversation.release(item);
        if (model.capabilities.remove) this.#expectOk(model.removeItem(item));
      }
      input({ t: 'coming', item, is: false });
    }
    if (!isAgain) return false;
    this.#again = withLast(this.#again, reply);
    const canAsk = model.capabilities.perReply.includes('output');
    this.#expectOk(model.generateReply({ continues: reply, ...(canAsk ? { modalities: ['audio'] } : {}) }));
    return true;
  }

  /** Speech came in the response as well. */
  #hasSpoken({ response, messages }: Writer): boolean {
    const { items } = this.#host.state;
    for (const { id, response: of, kind, writtenMs } of items) {
      if (of !== response) continue;
      const isOurs = messages.some(({ item }) => item === id);
      if (writtenMs > 0 || (kind === 'audio' && !isOurs)) return true;
    }
    return false;
  }

  #forget(writer: Writer): void {
    for (const { voice } of writer.messages) voice?.close();
    this.#writers = allBut(this.#writers, writer);
  }

  #tell(
    responseId: string,
    asked: 'audio' | 'text',
    then: 'played' | 'spoken' | 'asked_again' | 'kept',
  ): void {
    const got = asked === 'audio' ? 'text' : 'audio';
    this.#host.emit('modality_mismatch', { responseId, asked, got, then });
  }

  #expectOk(done: Promise<unknown>): void {
    const model = this.#host.model();
    done.catch((error: ReparteeError) => {
      if (model.state !== 'closed' && error.vendorCode !== 'superseded') this.#host.emit('error', error);
    });
  }
}

function withLast(list: readonly string[], id: string): readonly string[] {
  return list.slice(1 - memoryLimit).concat(id);
}
