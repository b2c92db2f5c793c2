import { type AudioOutput, byId, type PlaybackReport, type ReparteeError } from '../core/index.js';
import { none } from '../core/none.js';
import { Clears } from './clears.js';
import type { AgentEffect } from './machine/state.js';
import type { Guardrail } from './mouth/guardrail.js';
import { Mouth } from './mouth/mouth.js';
import { OutputLine } from './mouth/output-line.js';
import { PausableOutput } from './mouth/pausable-output.js';
import type { SessionHost } from './session-host.js';

/** Does what the agent's machine decided: to the model, to the far end, to the history, to the application. */
export class Performer {
  readonly #host: SessionHost;
  readonly #output: OutputLine;
  /** The output, where it can pause. */
  readonly #pausable: PausableOutput | undefined;
  /** Made with the first clear. */
  #clears: Clears | undefined;
  /** The part whose audio was written last: the resampler's tail belongs to it. */
  #response = '';
  /** Its words are our own. */
  #own = false;
  #rateHz = 0;
  #item = '';
  #part = 0;
  #writing = false;
  readonly #guardrail: Guardrail | undefined;
  #mouth: Mouth | undefined;
  /** Reports that came inside a write, before the line knows what was written. */
  #reports: readonly PlaybackReport[] = none;
  #closed = false;

  constructor(host: SessionHost, output: AudioOutput) {
    this.#host = host;
    this.#output = new OutputLine(output);
    this.#pausable = output instanceof PausableOutput ? output : undefined;
    this.#guardrail = host.speaking.guardrail;
  }

  get #clearing(): Clears {
    this.#clears ??= new Clears(this.#host);
    return this.#clears;
  }

  /** What speaks beside the model; made when it is needed. */
  get mouth(): Mouth {
    this.#mouth ??= new Mouth(this.#host, this);
    return this.#mouth;
  }

  /** Audio of the model: to the far end, unless somebody else is speaking. */
  play(response: string, item: string, part: number, pcm: Int16Array): void {
    if (this.#guardrail !== undefined) this.#playJudged(response, item, part, pcm, this.#guardrail);
    else if (this.#mouth === undefined || this.#mouth.lanes.isEmpty) this.write(response, item, part, pcm);
    else this.#mouth.lanes.play(response, item, part, pcm, this.#host.model().capabilities.outputRateHz);
  }

  #playJudged(response: string, item: string, part: number, pcm: Int16Array, guardrail: Guardrail): void {
    const rateHz = this.#host.model().capabilities.outputRateHz;
    const to = guardrail.judges(response) ? guardrail : this.mouth.lanes;
    to.play(response, item, part, pcm, rateHz);
  }

  /** Writes audio of a part to the far end. `rateHz`: the model's, where it is absent. */
  write(response: string, item: string, part: number, pcm: Int16Array, rateHz?: number): void {
    if (this.#closed) return;
    if (response !== this.#response) this.#begin(response, rateHz);
    this.#host.meter.audio(response, this.#own, pcm, this.#rateHz);
    // Frame by frame it is the same: what is not written needs no write barrier.
    if (item !== this.#item) this.#item = item;
    this.#part = part;
    this.#writing = true;
    let durationMs = 0;
    try {
      durationMs = this.#output.write(pcm);
    } finally {
      this.#writing = false;
    }
    this.#host.written(item, part, durationMs);
    if (this.#reports.length > 0) this.#tellReports();
  }

  #tellReports(): void {
    const reports = this.#reports;
    this.#reports = none;
    for (const report of reports) this.#played(report);
  }

  #begin(response: string, rateHz: number | undefined): void {
    const { state } = this.#host;
    this.#rateHz = rateHz ?? this.#host.model().capabilities.outputRateHz;
    this.#output.begin(this.#rateHz);
    this.#own = byId(state.responses, response)?.own === true;
    this.#response = response;
  }

  /** What the far end has played. Whoever hears of it may interrupt, and what is being written must not slip behind that. */
  report(report: PlaybackReport): void {
    if (this.#writing) this.#reports = this.#reports.concat(report);
    else this.#played(report);
  }

  #played({ phase, playedMs }: PlaybackReport): void {
    this.#host.input({ t: 'playback', phase, playedMs });
  }

  perform(effect: AgentEffect): void {
    const { conversation, speeches, emit } = this.#host;
    switch (effect.t) {
      case 'heard':
        return conversation.heard(effect.item, effect.heardMs, effect.writtenMs);
      case 'truncate':
        return this.#truncate(effect);
      case 'settled':
        return conversation.settled(effect.item, effect.heard);
      case 'reply_done':
        return speeches.end(effect.reply, effect.interrupted);
      case 'agent_state':
        return emit('agent_state_changed', { from: effect.from, to: effect.to });
      case 'user_state':
        return emit('user_state_changed', { from: effect.from, to: effect.to });
    }
    // After the end only what was heard is of interest.
    if (this.#closed) return;
    const model = this.#host.model();
    switch (effect.t) {
      case 'begin_speech':
        return speeches.start(effect.speech);
      case 'stop_model':
        if (model.state !== 'closed') model.interrupt();
        return;
      case 'cancel_reply':
        if (model.state !== 'closed') model.cancelReply(effect.reply);
        return;
      case 'clear_playout':
        return this.#clearing.begin(this.#output.clear());
      case 'hold_playout':
        return this.#hold(effect.clears);
      case 'resume_playout':
        return this.#pausable?.resume(effect.fromMs);
      case 'drop_playout':
        return this.#pausable?.drop();
      case 'model_cut':
        return this.#host.modelCut?.(effect.response);
      case 'flush_playout':
        if (this.#mouth?.end(effect.response) !== true) this.flush(effect.response);
        return;
      case 'interrupted':
        return emit('speech_interrupted', { by: effect.by, epoch: effect.epoch });
      // The meter tells of it, once its first audible sample is known.
      case 'turn_answered':
        return;
      default:
        return this.#host.toolDesk.perform(effect);
    }
  }

  /** All effects of an input were performed. */
  performed(): void {
    this.#mouth?.tidy();
  }

  /** After it nothing is done any more, only written down. */
  close(): void {
    this.#closed = true;
    this.#clears?.close();
    this.#mouth?.close();
  }

  /** What cannot be written again cannot be held back: then the caller has the floor. */
  #hold(clears: boolean): void {
    const pausable = this.#pausable;
    if (pausable?.canPause) {
      const answer = pausable.pause(clears);
      if (clears) this.#clearing.begin(answer);
      return;
    }
    if (clears) this.#clearing.begin(this.#output.clear());
    this.#host.input({ t: 'take_floor', late: false });
  }

  /** A response that wrote nothing must not send what one before it, cut meanwhile, has left in the resampler. */
  flush(response: string): void {
    if (response !== this.#response) return;
    const durationMs = this.#output.flush();
    if (durationMs > 0) this.#host.written(this.#item, this.#part, durationMs);
  }

  #truncate({ item, part, heardMs, writtenMs }: Extract<AgentEffect, { t: 'truncate' }>): void {
    const { conversation } = this.#host;
    conversation.heard(item, heardMs, writtenMs);
    if (this.#closed) return;
    const model = this.#host.model();
    if (model.state === 'closed') return;
    const ours = this.#mouth?.cut(item, heardMs);
    if (ours !== undefined) return this.#expectOk(ours);
    const heardText = conversation.heardText(item);
    // Before it is whole the server does not say what it is.
    const modalities = this.#host.speaking.dub.isText(item) ? { modalities: ['text'] as const } : {};
    this.#expectOk(model.truncate({ itemId: item, part, heardMs, heardText, ...modalities }));
  }

  #expectOk(done: Promise<unknown>): void {
    const model = this.#host.model();
    const { emit } = this.#host;
    done.catch((error: ReparteeError) => {
      // Superseded: an interruption was faster. Closed: the model's own end has been told.
      if (!this.#closed && model.state !== 'closed' && error.vendorCode !== 'superseded')
        emit('error', error);
    });
  }
}
