import { byId, type Clock, type Listeners, type Ms, type Step } from '../../../core/index.js';
import { allBut, none } from '../../../core/none.js';
import type { AgentEvents } from '../../events.js';
import type { AgentEffect, AgentInput, AgentMachineState } from '../../machine/state.js';
import type { CallMetrics } from './metrics.js';
import { reportOf } from './report.js';
import { type MeterEffect, type MeterInput, meterState } from './state.js';
import { meterStep } from './step.js';

/** From this on a sample is heard: a hundredth of full scale. */
const audible = 328;

/** An input of the meter without its time. */
type BareInput = MeterInput extends infer I ? (I extends MeterInput ? Omit<I, 'atMs'> : never) : never;

/**
 * Watches a call and measures it. It hears what the agent's machine is told and decides, what the model's session tells,
 * and the audio on its way out, of which it looks at no more than the beginning of each response.
 */
export class CallMeter implements Listeners<AgentEvents> {
  readonly #clock: Clock;
  readonly #to: { measured(metrics: MeterEffect): void };
  readonly #state = meterState();
  /** What was measured inside a step of the agent's machine: told when what it decided is done. */
  #untold: readonly MeterEffect[] = none;
  /** The response whose audio came last. */
  #response = '';
  /** Samples of it that were quiet; null: its beginning was heard. */
  #quiet: number | null = null;
  /** The last responses whose audio came. */
  #begun: readonly string[] = none;
  /** Those of them whose first sample was not played yet. */
  #unplayed: readonly string[] = none;

  constructor(clock: Clock, to: { measured(metrics: MeterEffect): void }) {
    this.#clock = clock;
    this.#to = to;
  }

  get metrics(): CallMetrics {
    return reportOf(this.#state, this.#clock.now());
  }

  /** The caller and the model are connected. */
  start(): void {
    this.#input({ t: 'start' });
  }

  /** The agent's machine, watched. */
  watching(
    step: Step<AgentMachineState, AgentInput, AgentEffect>,
  ): Step<AgentMachineState, AgentInput, AgentEffect> {
    return (state, input, fx) => {
      const wasHeard = state.agent === 'speaking';
      step(state, input, fx);
      if (input.t !== 'audio') this.#stepped(state, input, fx, wasHeard);
    };
  }

  /** Tells what was measured meanwhile. */
  flush(): void {
    if (this.#untold.length === 0) return;
    const untold = this.#untold;
    this.#untold = none;
    for (const metrics of untold) this.#to.measured(metrics);
  }

  /** Audio of a response goes out. Called for each frame. */
  audio(response: string, own: boolean, pcm: Int16Array, rateHz: number): void {
    if (response !== this.#response) this.#turnTo(response, own);
    if (this.#quiet !== null) this.#lead(this.#quiet, pcm, rateHz);
  }

  #turnTo(response: string, own: boolean): void {
    this.#response = response;
    this.#quiet = null;
    // One that goes on after another has spoken between was begun before.
    if (!this.#begun.includes(response)) this.#begin(response, own);
  }

  #lead(quiet: number, pcm: Int16Array, rateHz: number): void {
    let at = 0;
    while (at < pcm.length && Math.abs(pcm[at] as number) < audible) at += 1;
    this.#quiet = quiet + at;
    if (at === pcm.length) return;
    const leadMs = (this.#quiet * 1_000) / rateHz;
    this.#quiet = null;
    this.#input({ t: 'lead', response: this.#response, leadMs });
    this.flush();
  }

  #begin(response: string, own: boolean): void {
    this.#quiet = 0;
    this.#begun = this.#begun.slice(-15).concat(response);
    this.#unplayed = this.#unplayed.slice(-15).concat(response);
    this.#input({ t: 'first_audio', response, own });
  }

  /** A voice was noticed that had begun so long ago. */
  voiceBegan(turn: string, agoMs: Ms): void {
    this.#input({ t: 'onset', turn, onsetMs: this.#clock.now() - agoMs });
  }

  /** What the model's session tells. */
  told(input: Extract<BareInput, { t: 'committed' | 'dropped' | 'truncated' }>): void {
    this.#input(input);
  }

  user_input_transcribed({ turnId, isFinal, isRecord }: AgentEvents['user_input_transcribed']): void {
    if (isFinal && isRecord) this.#input({ t: 'words', turn: turnId });
  }

  tool_started({ callId: call }: AgentEvents['tool_started']): void {
    this.#input({ t: 'tool', phase: 'started', call });
  }

  tool_ended({ callId: call, name, outcome }: AgentEvents['tool_ended']): void {
    this.#input({ t: 'tool', phase: 'ended', call, name, outcome });
    this.flush();
  }

  session_reconnected({ gapMs }: AgentEvents['session_reconnected']): void {
    this.#input({ t: 'reconnected', gapMs });
  }

  #stepped(state: AgentMachineState, input: AgentInput, fx: readonly AgentEffect[], wasHeard: boolean): void {
    if (input.t === 'playback' && input.phase === 'started') {
      this.#input({ t: 'agent', sounds: true });
      const item = itemAt(state, input.playedMs);
      this.#plays(state, item, input.atMs);
    }
    for (const effect of fx) this.#decided(state, input, effect);
    switch (input.t) {
      case 'cleared':
        this.#input({ t: 'silenced' });
        break;
      case 'over':
        this.#input({ t: 'end' });
        break;
    }
    // What is being cleared is heard until the far end says that it is not.
    if (wasHeard && state.agent !== 'speaking' && state.playout.behind.length === 0) {
      this.#input({ t: 'agent', sounds: false });
    }
  }

  #decided(state: AgentMachineState, input: AgentInput, effect: AgentEffect): void {
    switch (effect.t) {
      case 'user_state':
        if (input.t === 'speech') {
          const { edge, turn, voiceEndedMs } = input;
          this.#input({ t: 'user', edge, turn, voiceEndedMs });
        }
        return;
      case 'hold_playout':
        return this.#input({ t: 'held' });
      case 'resume_playout':
        return this.#input({ t: 'resumed' });
      case 'drop_playout':
      case 'clear_playout':
        return this.#input({ t: 'decided', by: null });
      case 'interrupted':
        return this.#input({ t: 'decided', by: effect.by });
      case 'truncate': {
        const { item, heardMs } = effect;
        const exact = input.t !== 'cleared' || input.estimated !== true;
        return this.#input({ t: 'cut', item, heardMs, exact });
      }
      case 'heard': {
        const { item, heardMs } = effect;
        if (this.#unplayed.length > 0 && heardMs > 0) this.#plays(state, item, input.atMs - heardMs);
        if (byId(state.items, item)?.cut === true) this.#input({ t: 'stale', item, heardMs });
        return;
      }
    }
  }

  /** The first sample of the item's response was played then. */
  #plays(state: AgentMachineState, item: string | undefined, playMs: Ms): void {
    const response = item === undefined ? undefined : byId(state.items, item)?.response;
    if (response === undefined || !this.#unplayed.includes(response)) return;
    this.#unplayed = allBut(this.#unplayed, response);
    this.#input({ t: 'playing', response, playMs });
  }

  #input(input: BareInput): void {
    const whole = input as MeterInput;
    whole.atMs = this.#clock.now();
    const effects: MeterEffect[] = [];
    meterStep(this.#state, whole, effects);
    if (effects.length > 0) this.#untold = this.#untold.concat(effects);
  }
}

/** What stands on the output line there. */
function itemAt({ playout }: AgentMachineState, playedMs: Ms): string | undefined {
  return playout.segments.find(({ fromMs, toMs }) => fromMs <= playedMs + 0.5 && playedMs < toMs)?.item;
}
