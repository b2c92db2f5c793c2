import {
  type Ms,
  type ReparteeError,
  Runner,
  StateError,
  type Timer,
  toReparteeError,
} from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import type { TurnDetector, VAD } from '../../speech/contracts.js';
import type { SessionHost } from '../session-host.js';
import {
  type EndpointEffect,
  type EndpointInput,
  type EndpointRules,
  type EndpointState,
  endpointState,
  endpointStep,
} from './endpointing.js';
import type { Listening } from './listening.js';
import { type ListeningOptions, turnTakingOptions } from './listening-options.js';
import { Prediction } from './prediction.js';
import type { TurnMode, TurnPlan } from './turn-rule.js';
import { VadLane } from './vad-lane.js';

export interface StartTurnOptions {
  /** How much of what was said before belongs to the turn. Default 300, at most 2,000. */
  preRollMs?: Ms;
}

export interface CommitTurnOptions {
  /** False: no answer to this turn is asked for. */
  reply?: boolean;
}

export type EndpointUpdate = Partial<Omit<EndpointRules, 'threshold'>>;

/** How the ends of turns are found here. */
export interface TurnTakingOptions {
  rules: EndpointRules;
  /** Of the local VAD. */
  threshold: number | undefined;
  prefixMs: Ms;
  /** Outside of `startUserTurn` and `commitUserTurn` the model hears nothing, from the start of the call. */
  pushToTalk: boolean;
}

interface Commit {
  turn: string;
  answer: boolean;
  /** The model's side has spoken of it. */
  named: boolean;
}

const holder = 'push_to_talk';
const maxPreRollMs: Ms = 2_000;
const defaultPreRollMs: Ms = 300;
/** A pause is told by the VAD after so much silence, so that the words and the detector can be asked in time. */
const pauseMs: Ms = 200;
/** Names that the model's side has for turns of ours. */
const nameLimit = 32;

/**
 * The turns that this side ends: by pauses, by words, or by hand. With the wire ending them it only listens. The model is given the
 * audio all along; the end of a turn is a commit.
 */
export class TurnTaking {
  readonly #host: SessionHost;
  readonly #ears: Listening;
  readonly #options: ListeningOptions;
  /** Made where this side finds the ends of turns. */
  #runner: Runner<EndpointState, EndpointInput, EndpointEffect> | undefined;
  #inForce: { mode: TurnMode; detector: TurnDetector | undefined; vad: VAD | undefined } | undefined;
  #vad: VadLane | undefined;
  #prediction: Prediction | undefined;
  #timer: Timer | undefined;
  /** Where the voice that was told last is on the input line. */
  #voiceMs: Ms = 0;
  /** Where the turn under way begins on the input line. */
  #fromMs: Ms = 0;
  /** The turn that somebody speaks by hand. */
  #pressed: string | undefined;
  /** Where nobody says when a turn begins: the one that words would begin. */
  #next: string | undefined;
  #commits: readonly Commit[] = none;
  /** Our names of turns by those of the model's side, where they differ. */
  #names: Map<string, string> | undefined;
  /** Turns are spoken between `startUserTurn` and `commitUserTurn`, and nothing else is for the model. */
  #isByHand: boolean;

  constructor(host: SessionHost, ears: Listening, options: ListeningOptions) {
    this.#host = host;
    this.#ears = ears;
    this.#options = options;
    this.#isByHand = options.pushToTalk ?? false;
  }

  get #machine(): Runner<EndpointState, EndpointInput, EndpointEffect> {
    this.#runner ??= new Runner(endpointState(this.#settings.rules), endpointStep, (effects) => {
      for (const effect of effects) this.#perform(effect);
    });
    return this.#runner;
  }

  get #settings(): TurnTakingOptions {
    return turnTakingOptions(this.#options);
  }

  get mode(): TurnMode {
    return this.#inForce?.mode ?? 'realtime_llm';
  }

  /** What ends the turns from now on. A turn under way is ended as it is, unless nothing changes. */
  use({ mode, detector }: TurnPlan, vad: VAD | undefined): void {
    const { path, emit } = this.#host;
    const inForce = this.#inForce;
    if (
      inForce !== undefined &&
      inForce.mode === mode &&
      inForce.detector === detector &&
      inForce.vad === vad
    ) {
      // Another recogniser may have come.
      if (this.#next !== undefined) this.#ears.listenFor(this.#next);
      return;
    }
    if (this.#turn !== undefined) this.#expectOk(this.#end(this.#turn, true));
    this.#prediction?.stop();
    this.#forgetNext();
    this.#inForce = { mode, detector, vad };
    if (inForce?.vad !== vad) {
      this.#vad?.close();
      this.#vad = vad === undefined ? undefined : new VadLane(vad, path, this.#vadOptions(), this);
    }
    this.#prediction =
      detector === undefined ? undefined : new Prediction(detector, path, (error) => emit('error', error));
    if (this.#runner !== undefined || mode !== 'realtime_llm') {
      const threshold = detector === undefined ? null : (detector.threshold ?? 0.5);
      this.#input({ t: 'rules', rules: { threshold } });
    }
    path.keep(mode === 'manual' ? maxPreRollMs : 0);
    if (mode === 'manual' && this.#isByHand) path.withhold(holder, maxPreRollMs);
    else path.resume(holder, 0);
    this.#listenOn();
  }

  /** Other delays, another language, digits that are expected. */
  update(rules: EndpointUpdate): void {
    this.#input({ t: 'rules', rules });
  }

  /** The local VAD. */
  voice(edge: 'start' | 'stop', lineMs: Ms): void {
    if (this.mode !== 'vad') return;
    const { clock, path, ids } = this.#host;
    const voiceMs = clock.now() - (path.positionMs - lineMs);
    this.#voiceMs = lineMs;
    const { turn } = this.#machine.state;
    if (edge === 'start') this.#input({ t: 'voice', edge, turn: turn ?? ids('turn'), voiceMs });
    else if (turn !== null) {
      this.#input({ t: 'voice', edge, turn, voiceMs });
      this.#ears.voiceStopped(turn, voiceMs);
    }
  }

  window(probability: number, levelDb: number): void {
    const { clock } = this.#host;
    this.#host.evidence?.({ t: 'voice', probability, levelDb, atMs: clock.now() });
  }

  /** Words of the recogniser beside the model, of the turn that it hears now. */
  words(turn: string, text: string): void {
    if (turn === this.#next) {
      if (this.mode === 'stt') this.#input({ t: 'words', text, begins: turn });
      else this.#ears.turnPlaced(turn);
    } else if (turn === this.#runner?.state.turn) {
      this.#input(this.mode === 'stt' ? { t: 'words', text, begins: turn } : { t: 'words', text });
    }
  }

  /** By hand: the turn begins now, or `preRollMs` ago. The agent is interrupted, where it may be. While one is under way: nothing. */
  start({ preRollMs = defaultPreRollMs }: StartTurnOptions): string {
    if (this.mode !== 'manual')
      throw new StateError('illegal_command', "startUserTurn needs turnDetection 'manual'");
    if (this.#pressed !== undefined) return this.#pressed;
    const { path, ids, state, input } = this.#host;
    const lastMs = Math.min(preRollMs, maxPreRollMs);
    this.#forgetNext();
    if (path.isWithheldBy(holder)) path.resume(holder, lastMs);
    else {
      // What the model has of the time before is no part of it.
      this.#expectOk(this.#host.model().clearAudio());
      path.committed();
      path.again(lastMs);
    }
    const turn = ids('turn');
    this.#pressed = turn;
    this.#isByHand = true;
    this.#ears.turnBegan(turn, path.positionMs - lastMs);
    // Who presses a key means it: there is nothing to weigh.
    const mayStop = state.interruptible || state.weighsCuts;
    if (mayStop && state.agent === 'speaking') input({ t: 'interrupt' });
    return turn;
  }

  /** By hand: what was said since the last turn is one. Undefined where it is too little to be one: then it is dropped. */
  async commit({ reply = true }: CommitTurnOptions): Promise<string | undefined> {
    if (this.mode === 'realtime_llm') {
      throw new StateError('illegal_command', 'The model ends the turns: updateTurnDetection first');
    }
    const turn = this.#turn ?? (this.mode === 'manual' ? (this.#next ?? this.#host.ids('turn')) : undefined);
    return turn === undefined ? undefined : await this.#end(turn, reply);
  }

  /** By hand: what was said since the last turn is none. */
  async clear(): Promise<void> {
    if (this.mode === 'realtime_llm') {
      throw new StateError('illegal_command', 'The model ends the turns: updateTurnDetection first');
    }
    const turn = this.#turn ?? this.#next;
    if (turn !== undefined) this.#ears.turnDiscarded(turn);
    this.#over();
    this.#host.path.committed();
    await this.#host.model().clearAudio();
  }

  /** The model's side has taken a turn: whose it is, and whether it is to be answered. */
  taken(name: string): { turn: string; answer: boolean } {
    const ours = this.nameOf(name);
    const commit = this.#commits.find(({ turn }) => turn === ours);
    if (commit === undefined) {
      // Somebody else has told the model that this is a turn, and asks for the answer.
      if (ours !== undefined && ours === this.#next) this.#over();
      return { turn: ours ?? name, answer: this.mode === 'realtime_llm' };
    }
    this.#commits = allBut(this.#commits, commit);
    return commit;
  }

  /**
   * Our name of a turn of the model's side. One that it speaks of for the first time is the oldest that was committed and of which
   * it has not spoken yet, else the one under way; undefined where there is none.
   */
  nameOf(name: string): string | undefined {
    const known = this.#names?.get(name);
    if (known !== undefined) return known;
    const commit = this.#commits.find(({ named }) => !named);
    if (commit === undefined && this.mode === 'realtime_llm') return name;
    const turn = commit?.turn ?? this.#turn ?? this.#next;
    if (turn === undefined) return undefined;
    if (commit !== undefined) commit.named = true;
    this.#names ??= new Map();
    this.#names.set(name, turn);
    if (this.#names.size > nameLimit) this.#names.delete(this.#names.keys().next().value ?? '');
    return turn;
  }

  close(): void {
    this.#timer?.cancel();
    this.#prediction?.stop();
    this.#vad?.close();
  }

  /** The one being spoken. */
  get #turn(): string | undefined {
    return this.#pressed ?? this.#runner?.state.turn ?? undefined;
  }

  #vadOptions() {
    const { threshold, rules } = this.#settings;
    const silenceMs = Math.min(pauseMs, rules.minDelayMs);
    return threshold === undefined ? { silenceMs } : { silenceMs, threshold };
  }

  #input(input: Bare): void {
    this.#machine.input({ atMs: this.#host.clock.now(), ...input });
  }

  #perform(effect: EndpointEffect): void {
    const { clock } = this.#host;
    switch (effect.t) {
      case 'begin':
        this.#fromMs =
          this.mode === 'stt' ? this.#host.path.positionMs : this.#voiceMs - this.#settings.prefixMs;
        if (effect.turn === this.#next) this.#next = undefined;
        return this.#ears.turnBegan(effect.turn, this.#fromMs);
      case 'go_on':
        this.#prediction?.stop();
        if (this.mode === 'vad') this.#ears.voiceWentOn(this.#machine.state.turn ?? '');
        return;
      case 'ask':
        return void this.#prediction?.ask(this.#fromMs, this.#machine.state.text, (probability) =>
          this.#input({ t: 'predicted', pause: effect.pause, probability }),
        );
      case 'end':
        return this.#expectOk(this.#end(effect.turn, true, clock.now() - effect.waitedMs));
      case 'wake':
        this.#timer?.cancel();
        this.#timer =
          effect.atMs === null ? undefined : clock.at(effect.atMs, () => this.#input({ t: 'wake' }));
    }
  }

  /** The turn is what the model was given since the last one. */
  async #end(
    turn: string,
    answer: boolean,
    voiceEndedMs = this.#host.clock.now(),
  ): Promise<string | undefined> {
    const { path } = this.#host;
    const model = this.#host.model();
    const { minCommitMs = 0 } = model.capabilities;
    if (path.uncommittedMs < minCommitMs) {
      this.#ears.turnDiscarded(turn);
      this.#over();
      path.committed();
      this.#expectOk(model.clearAudio());
      return undefined;
    }
    const commit = { turn, answer, named: [...(this.#names?.values() ?? [])].includes(turn) };
    this.#commits = [...this.#commits, commit];
    path.committed();
    this.#ears.turnEnded(turn, voiceEndedMs);
    const taken = model.commitAudio();
    this.#over();
    try {
      await taken;
      return turn;
    } catch (thrown) {
      const error = toReparteeError(thrown, 'provider_failed');
      if (error.code === 'closed') throw error;
      this.#commits = allBut(this.#commits, commit);
      this.#ears.turnDiscarded(turn);
      if (isTooLittle(error)) return undefined;
      throw error;
    }
  }

  /** Nothing is under way any more. */
  #over(): void {
    this.#pressed = undefined;
    this.#next = undefined;
    if (this.#runner?.state.hasVoice) this.#vad?.forget();
    if (this.#runner !== undefined) this.#input({ t: 'over' });
    const { path } = this.#host;
    if (this.mode === 'manual' && this.#isByHand) path.withhold(holder, maxPreRollMs);
    this.#listenOn();
  }

  /** Where nobody says when a turn begins, the recogniser hears from the end of the last one. */
  #listenOn(): void {
    if (this.mode !== 'stt' && (this.mode !== 'manual' || this.#host.path.isWithheldBy(holder))) return;
    if (!this.#ears.hasStt) return;
    this.#next = this.#host.ids('turn');
    this.#ears.listenFor(this.#next);
  }

  #forgetNext(): void {
    if (this.#next !== undefined) this.#ears.turnDiscarded(this.#next);
    this.#next = undefined;
  }

  #expectOk(done: Promise<unknown>): void {
    done.catch((error: ReparteeError) => {
      if (error.vendorCode !== 'superseded' && error.code !== 'closed') this.#host.emit('error', error);
    });
  }
}

/** Refused here or there because there is not enough audio to be a turn. */
function isTooLittle({ code, vendorCode }: ReparteeError): boolean {
  return code === 'illegal_command' || vendorCode === 'input_audio_buffer_commit_empty';
}

type Bare = EndpointInput extends infer I ? (I extends EndpointInput ? Omit<I, 'atMs'> : never) : never;
