import {
  type Clock,
  type Ms,
  ProviderError,
  type ReparteeError,
  toReparteeError,
  UnsupportedError,
} from '../../core/index.js';
import type { RealtimeSession } from '../../realtime/index.js';
import type { SessionHost } from '../session-host.js';
import type { CutGuard } from './cut-guard.js';
import { piecesOf } from './pieces.js';
import { checkSay, rankOf, type SayOptions, type SayText } from './say-options.js';
import type { SpeechHandle } from './speech-handle.js';

/** Given words, by the best way there is: recorded, by the model's own voice, by the synthesiser, or by asking the model for them. */
export class Sayer {
  readonly #host: SessionHost;
  readonly #guard: CutGuard;

  constructor(host: SessionHost, guard: CutGuard) {
    this.#host = host;
    this.#guard = guard;
  }

  /** `option_invalid`; `unsupported` by `strict`. */
  say(text: SayText, options: SayOptions = {}): SpeechHandle {
    checkSay(text, options);
    const host = this.#host;
    const { allowInterruptions = true, addToChatCtx = true, priority = 'normal', audio } = options;
    const way = this.#way(options);
    const rank = rankOf(priority);
    if (way === 'asked' && !allowInterruptions) this.#guard.check(host.model());
    const replyId = host.ids('say');
    const traits = { allowInterruptions, addToChatCtx, priority, verbatim: way !== 'asked' };
    const speech = host.speeches.ask(replyId, 'say', traits, () => {
      if (way === 'recited') this.#speak(speech, text, audio);
      else void this.#ask(speech, text, way);
    });
    const own = way === 'recited';
    host.input({ t: 'ask', speech: replyId, own, priority: rank, cuttable: allowInterruptions });
    return speech;
  }

  #way({ audio, strict = false }: SayOptions): 'recited' | 'native' | 'asked' {
    const tts = this.#host.engine()?.tts;
    const { capabilities, realtimeCapabilities, model } = this.#host.model();
    if (audio !== undefined) return 'recited';
    const isNative = capabilities.say && realtimeCapabilities.audioOutput;
    if (tts !== undefined && !isNative) return 'recited';
    if (capabilities.say) return 'native';
    if (!strict) return 'asked';
    const message = `${model.provider} cannot be made to say given words: the session needs a tts for that, or audio`;
    throw new UnsupportedError('unsupported', message, { provider: model.provider });
  }

  #speak(speech: SpeechHandle, text: SayText, audio: SayOptions['audio']): void {
    const { ids } = this.#host;
    const tts = this.#host.engine()?.tts;
    const item = ids('item');
    this.#host.mouth()?.recite({ speech, item, text, audio, tts, isKept: speech.addToChatCtx });
  }

  /** By the model: it takes whole texts only. */
  async #ask(speech: SpeechHandle, source: SayText, way: 'native' | 'asked'): Promise<void> {
    const host = this.#host;
    const { replyId } = speech;
    const model = host.model();
    try {
      const text = typeof source === 'string' ? source : await whole(source, speech, host.clock);
      if (speech.done || model.state === 'closed') return;
      if (!speech.addToChatCtx) void this.#forgetLater(speech, model);
      if (way === 'native') await model.say(text, { interruptible: speech.allowInterruptions, replyId });
      else {
        if (!speech.allowInterruptions) this.#guard.guard(speech, model);
        await model.generateReply({ replyId, ...this.#request(text, model) });
      }
    } catch (thrown) {
      const error = toReparteeError(thrown, 'tts_failed');
      const isNews = model.state !== 'closed' && error.vendorCode !== 'superseded';
      if (isNews) {
        host.speeches.failed(replyId, error);
        host.emit('error', error);
      }
      host.input({ t: 'reply_failed', reply: replyId });
    }
  }

  #request(text: string, { capabilities }: RealtimeSession) {
    const order = `${wordForWord}\n\n${text}`;
    const instructions = `${this.#host.instructions()}\n\n${order}`;
    const { perReply } = capabilities;
    return perReply.includes('toolChoice') ? { instructions, toolChoice: 'none' as const } : { instructions };
  }

  /** What the model said is not to stay in its conversation; where it cannot be removed, it does. */
  async #forgetLater(speech: SpeechHandle, model: RealtimeSession): Promise<void> {
    await speech.finished;
    if (model.state === 'closed' || !model.capabilities.remove) return;
    for (const item of speech.itemIds) {
      model.removeItem(item).catch((error: ReparteeError) => {
        if (model.state !== 'closed') this.#host.emit('error', error);
      });
    }
  }
}

/** A text must be whole so soon, and no longer than that. */
const sourceLimitMs: Ms = 60_000;
const textLimit = 50_000;

const wordForWord =
  'Now say the following to the user, word for word and in its own language. Say nothing before it and nothing after it; ' +
  'do not answer it, comment on it or call a function.';

/** All of a text that comes in pieces, unless nobody wants it any more. */
function whole(source: Exclude<SayText, string>, speech: SpeechHandle, clock: Clock): Promise<string> {
  const pieces = piecesOf(source, 'text');
  return new Promise((resolve, reject) => {
    const timer = clock.at(clock.now() + sourceLimitMs, () =>
      reject(new ProviderError('tts_failed', `What is to be said has not come for ${sourceLimitMs} ms`)),
    );
    const collect = async () => {
      let text = '';
      for (let piece = await pieces.next(); piece !== undefined; piece = await pieces.next()) {
        text += piece;
        if (text.length > textLimit)
          throw new ProviderError('tts_failed', `More than ${textLimit} characters to say`);
      }
      return text;
    };
    void speech.finished.then(() => {
      pieces.release();
      timer.cancel();
      resolve('');
    });
    void collect()
      .then(resolve, reject)
      .finally(() => timer.cancel());
  });
}
