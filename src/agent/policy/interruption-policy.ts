import { type AudioOutput, type Ms, Runner, type Timer } from '../../core/index.js';
import type { Evidence } from '../ears/evidence.js';
import { hasShielded } from '../machine/floor.js';
import { hasFloor } from '../machine/step.js';
import { PausableOutput } from '../mouth/pausable-output.js';
import { isPlaying } from '../playout.js';
import type { SessionHost } from '../session-host.js';
import { CallerSound } from './caller-sound.js';
import { type InterruptionOptions, type PolicySettings, policySettings } from './options.js';
import { Rest } from './rest.js';
import { type Floor, type PolicyEffect, type PolicyInput, type PolicyState, policyState } from './state.js';
import { policyStep } from './step.js';
import { turnOf } from './turns.js';

type BarePolicyInput = PolicyInput extends infer I
  ? I extends PolicyInput
    ? Omit<I, 'atMs' | 'floor' | 'interruptible' | 'tools' | 'transcribes'>
    : never
  : never;

/** Echo comes a while after the agent has finished. */
const echoTailMs: Ms = 500;
/** Length of a VAD's window, where that is not known yet, and at most. */
const usualWindowMs: Ms = 32;

/**
 * The policy of one session: gathers the evidence for its machine, and does what that decides. Made only where the option is
 * given.
 */
export class InterruptionPolicy {
  readonly #host: SessionHost;
  readonly #settings: PolicySettings;
  readonly #runner: Runner<PolicyState, PolicyInput, PolicyEffect>;
  readonly #rest: Rest;
  #output: PausableOutput | undefined;
  #untap: (() => void) | undefined;
  #timer: Timer | undefined;
  #timerMs: Ms = Infinity;
  /** When the agent last had the floor. */
  #spokeMs: Ms = -Infinity;
  #lastVoiceMs: Ms = -Infinity;
  /** Whoever wants to know of a turn that is not decided. */
  readonly #asked = new Map<string, (isTurn: boolean) => void>();
  #closed = false;

  /** ConfigError `option_invalid`. */
  constructor(host: SessionHost, options: InterruptionOptions) {
    this.#host = host;
    this.#settings = policySettings(options);
    this.#rest = new Rest(host);
    this.#runner = new Runner(policyState(this.#settings), policyStep, (effects) => {
      for (const effect of effects) this.#perform(effect);
    });
    host.evidence = (evidence) => this.#hear(evidence);
    host.answers = (turn) => this.answers(turn);
    host.modelCut = (response) => {
      this.#rest.cut(response);
      this.#input({ t: 'cut' });
    };
  }

  /** The way to the far end, which can pause. */
  output(output: AudioOutput): AudioOutput {
    const giveUp = () => this.#host.input({ t: 'take_floor', late: false });
    this.#output = new PausableOutput(output, () => this.#host.clock.now(), giveUp);
    return this.#output;
  }

  /** The transport has started: from here on the caller's sound is looked at. */
  begin(): void {
    const { path, clock } = this.#host;
    const output = this.#settings.echo ? this.#output : undefined;
    const sound = new CallerSound(path.sampleRateHz, output, (window) =>
      this.#input({ t: 'sound', ...window }),
    );
    this.#untap = path.tap(({ pcm }) => {
      const nowMs = clock.now();
      if (this.#floor !== 'free') this.#spokeMs = nowMs;
      sound.push(pcm, nowMs, nowMs - this.#spokeMs <= echoTailMs);
    });
  }

  /** Whether a turn that has ended is to be answered; where only its words can tell, as soon as they do. */
  answers(turn: string): boolean | Promise<boolean> {
    const known = turnOf(this.#runner.state, turn);
    if (known === undefined) return true;
    if (!known.stopped) this.#input({ t: 'speech', edge: 'stop', turn, by: 'wire' });
    if (known.verdict === 'open') return new Promise((resolve) => this.#asked.set(turn, resolve));
    if (known.verdict === 'none') this.#remove(turn);
    return known.verdict === 'real';
  }

  close(): void {
    this.#closed = true;
    this.#untap?.();
    this.#timer?.cancel();
    this.#rest.close();
    for (const resolve of this.#asked.values()) resolve(false);
    this.#asked.clear();
  }

  get #floor(): Floor {
    const { state } = this.#host;
    const { hold } = state.playout;
    if (hold === 'held' || hold === 'clearing') return 'held';
    if (isPlaying(state.playout)) return 'audible';
    return hasFloor(state) ? 'pending' : 'free';
  }

  #hear(evidence: Evidence): void {
    switch (evidence.t) {
      case 'speech':
        return this.#input({ t: 'speech', edge: evidence.edge, turn: evidence.turn, by: evidence.by });
      case 'voice': {
        const { probability, atMs } = evidence;
        const sinceMs = atMs - this.#lastVoiceMs;
        this.#lastVoiceMs = atMs;
        const durationMs = sinceMs > 0 && sinceMs < 2 * usualWindowMs ? sinceMs : usualWindowMs;
        return this.#input({ t: 'voice', probability, durationMs });
      }
      case 'words': {
        const { turn = null, source, text, isFinal } = evidence;
        return this.#input({ t: 'words', turn, source, text, isFinal });
      }
      case 'opening':
        return this.#input({ t: 'opening', turn: evidence.turn, opening: evidence.opening });
      case 'reply':
        this.#rest.replied();
        return this.#input({ t: 'reply' });
    }
  }

  /** The input is the runner's from here on: it is made whole in place. */
  #input(input: BarePolicyInput): void {
    if (this.#closed) return;
    const { state, clock, model } = this.#host;
    const whole = input as PolicyInput;
    whole.atMs = clock.now();
    whole.floor = this.#floor;
    whole.interruptible = !hasShielded(state);
    whole.tools = state.calls.reduce((count, { result }) => (result === undefined ? count + 1 : count), 0);
    whole.transcribes = this.#host.engine()?.stt !== undefined || model().transcribes;
    this.#runner.input(whole);
  }

  #perform(effect: PolicyEffect): void {
    const { emit, input, clock } = this.#host;
    switch (effect.t) {
      case 'decided': {
        const { decision, reason, turn, features } = effect;
        const whose = turn === null ? {} : { turnId: turn };
        return emit('interruption_decided', { decision, reason, ...whose, atMs: clock.now(), features });
      }
      case 'hold':
        return input({ t: 'hold' });
      case 'resume':
        return input({ t: 'resume' });
      case 'yield':
        this.#rest.forget();
        return input({ t: 'take_floor', late: effect.late });
      case 'continue':
        return this.#rest.ask();
      case 'answer':
        input({ t: 'turn_passed' });
        return this.#decided(effect.turn, true);
      case 'dismiss':
        input({ t: 'dismiss', turn: effect.turn });
        return this.#decided(effect.turn, false);
      case 'wake_at':
        return this.#wakeAt(effect.atMs);
    }
  }

  #decided(turn: string, isTurn: boolean): void {
    const resolve = this.#asked.get(turn);
    this.#asked.delete(turn);
    resolve?.(isTurn);
    if (!isTurn && resolve !== undefined) this.#remove(turn);
  }

  /** The item that it had become is no part of the conversation, neither here nor, where it can be helped, for the model. */
  #remove(turn: string): void {
    const { conversation, model } = this.#host;
    const item = this.#host.listening().transcripts.itemOf(turn);
    if (item === undefined) return;
    conversation.release(item);
    const realtime = model();
    // What it had not kept, or loses meanwhile, is gone as well.
    if (realtime.capabilities.remove && realtime.state !== 'closed')
      realtime.removeItem(item).catch(() => {});
  }

  /** A timer that comes too early is set again: most are put off over and over. */
  #wakeAt(atMs: Ms | null): void {
    if (atMs === null || (this.#timer !== undefined && this.#timerMs <= atMs)) return;
    this.#timer?.cancel();
    this.#timerMs = atMs;
    this.#timer = this.#host.clock.at(atMs, () => {
      this.#timer = undefined;
      const { wakeMs } = this.#runner.state;
      if (wakeMs === null) return;
      if (wakeMs > this.#host.clock.now()) this.#wakeAt(wakeMs);
      else this.#input({ t: 'wake' });
    });
  }
}
