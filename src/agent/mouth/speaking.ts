import type { ReparteeError } from '../../core/index.js';
import type { GenerationText, RealtimeEvents, RealtimeSession } from '../../realtime/index.js';
import type { SessionHost } from '../session-host.js';
import type { AgentSessionOptions, ReplyOptions } from '../session-options.js';
import { CutGuard } from './cut-guard.js';
import { Dub } from './dub.js';
import { Guardrail, guardrailOf } from './guardrail.js';
import { rankOf, type SayOptions, type SayText } from './say-options.js';
import { Sayer } from './sayer.js';
import type { SpeechHandle } from './speech-handle.js';

/** What the application asks to be said: replies of the model and words of its own, in one order. */
export class Speaking {
  /** What the model writes, spoken. */
  readonly dub: Dub;
  /** Judges what the model says, where somebody wants that. */
  readonly guardrail: Guardrail | undefined;
  readonly #host: SessionHost;
  #cutGuard: CutGuard | undefined;
  #sayer: Sayer | undefined;

  constructor(host: SessionHost, { outputGuardrail }: AgentSessionOptions) {
    this.#host = host;
    this.dub = new Dub(host);
    if (outputGuardrail !== undefined) {
      const lanes = () => host.mouth()?.lanes;
      const pass = (event: GenerationText) => this.#pass(event);
      const passedAll = (response: string) => {
        this.dub.goOn(response);
        host.mouth()?.passed(response);
      };
      this.guardrail = new Guardrail({ host, lanes, pass, passedAll }, guardrailOf(outputGuardrail));
    }
  }

  get #guard(): CutGuard {
    this.#cutGuard ??= new CutGuard(this.#host);
    return this.#cutGuard;
  }

  say(text: SayText, options: SayOptions): SpeechHandle {
    this.#sayer ??= new Sayer(this.#host, this.#guard);
    return this.#sayer.say(text, options);
  }

  /** `source`: at whose wish, as `speech_created` tells it. */
  reply(options: ReplyOptions, source: 'generate_reply' | 'turn' = 'generate_reply'): SpeechHandle {
    const { speeches, ids, input } = this.#host;
    const { userInput, allowInterruptions = true, priority = 'normal' } = options;
    const rank = rankOf(priority);
    if (!allowInterruptions) this.#guard.check(this.#host.model());
    const replyId = ids('speech');
    const traits = { allowInterruptions, priority };
    const speech = speeches.ask(replyId, source, traits, () => this.#ask(speech, options));
    if (userInput !== undefined) this.#type(userInput);
    input({ t: 'ask', speech: replyId, own: false, priority: rank, cuttable: allowInterruptions });
    return speech;
  }

  #ask(speech: SpeechHandle, { instructions, toolChoice }: ReplyOptions): void {
    const { input, speeches } = this.#host;
    const { replyId } = speech;
    const model = this.#host.model();
    if (!speech.allowInterruptions) this.#guard.guard(speech, model);
    const asked = model.generateReply({
      replyId,
      ...(instructions === undefined
        ? {}
        : { instructions: `${this.#host.instructions()}\n\n${instructions}` }),
      ...(toolChoice === undefined ? {} : { toolChoice }),
    });
    input({ t: 'refresh' });
    asked.catch((error: ReparteeError) => {
      if (error.vendorCode !== 'superseded') speeches.failed(replyId, error);
      speeches.end(replyId, true);
      this.#failed(model, error);
    });
  }

  /** Words of a response of the conversation. */
  said(event: GenerationText): void {
    if (this.guardrail === undefined) this.#pass(event);
    else this.guardrail.said(event);
  }

  /** A response is over. True: its reply was asked for again. */
  ended(event: RealtimeEvents['generation_ended']): boolean {
    const isAskedAgain = this.dub.ended(event);
    this.guardrail?.ended(event.responseId);
    return isAskedAgain;
  }

  #pass(event: GenerationText): void {
    this.#host.conversation.said(event);
    this.dub.said(event);
  }

  /** A response of a reply begins: one that no voice may stop has the line to itself. */
  begins(replyId: string, responseId: string): void {
    if (this.#host.speeches.get(replyId)?.allowInterruptions !== false) return;
    this.#host.mouth()?.lanes.begin(responseId, true);
  }

  #type(text: string): void {
    const model = this.#host.model();
    const id = this.#host.ids('item');
    const parts = [{ kind: 'text', text } as const];
    const added = model.addItem({ kind: 'message', id, role: 'user', parts });
    this.#host.conversation.typed(id, parts);
    added.catch((error: ReparteeError) => this.#failed(model, error));
  }

  /** Superseded: an interruption was faster. Closed: the model's own end has been told. */
  #failed(model: RealtimeSession, error: ReparteeError): void {
    if (model.state !== 'closed' && error.vendorCode !== 'superseded') this.#host.emit('error', error);
  }
}
