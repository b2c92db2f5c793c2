import type { Word } from '../../../chat/item.js';
import { type Clock, type Ms, type PlaybackReport, Runner, type Timer } from '../../../core/index.js';
import type { Label, LogEntry, Recording } from '../../report/recording.js';
import { Phone } from '../phone/phone.js';
import type { Failure } from '../scenario/failure.js';
import type { Fields, Scenario } from '../scenario/scenario.js';
import { type ScriptEffect, type ScriptInput, type ScriptState, scriptState } from '../script/state.js';
import { scriptStep } from '../script/step.js';
import type { PreparedSounds } from './sounds.js';

/** The way to the agent's side. */
export interface CallerLine {
  audio(pcm: Int16Array): void;
  playback(report: PlaybackReport): void;
  key(key: string): void;
  message(message: Fields): void;
  hangUp(reason: string): void;
}

export interface CallerOptions {
  clock: Clock;
  scenario: Scenario;
  seed: number;
  sounds: PreparedSounds;
  line: CallerLine;
}

/** Somebody who calls: does what the scenario says, hears, and writes down what happens. */
export class Caller {
  readonly phone: Phone;
  readonly log: LogEntry[] = [];
  readonly labels: Label[] = [];
  readonly failures: Failure[] = [];
  readonly #options: CallerOptions;
  readonly #runner: Runner<ScriptState, ScriptInput, ScriptEffect>;
  readonly #words: Word[] = [];
  #wake: Timer | undefined;
  #keys: Timer[] = [];
  #limit: Timer | undefined;
  #over = false;
  #hungUp = false;

  constructor(options: CallerOptions) {
    const { clock, scenario, seed, line } = options;
    this.#options = options;
    this.#runner = new Runner(
      scriptState(scenario.steps, scenario.withinMs ?? 15_000),
      scriptStep,
      (effects) => {
        for (const effect of effects) this.#perform(effect);
      },
    );
    this.phone = new Phone({
      clock,
      seed,
      ...(scenario.line === undefined ? {} : { line: scenario.line }),
      onFrame: (pcm) => line.audio(pcm),
      onPlayback: (report) => {
        if (report.phase !== 'position')
          this.note('line', `playback_${report.phase}`, { playedMs: report.playedMs });
        line.playback(report);
      },
      onCleared: (playedMs) => this.note('line', 'cleared', { playedMs }),
      onEar: ({ t, ...data }) => this.note('line', `agent_${t}`, data),
      onOverflow: () => this.#give('the agent wrote more than ten minutes of audio ahead'),
    });
  }

  /** The caller has ended the call, and not the far end. */
  get hasHungUp(): boolean {
    return this.#hungUp;
  }

  /** The line is open: the scenario begins. */
  begin(): void {
    if (this.#over) return;
    this.phone.begin();
    const { sounds, clock, scenario } = this.#options;
    const limitMs = scenario.limitMs ?? 60_000;
    if (sounds.noise !== undefined)
      this.#hum(sounds.noise, Number.POSITIVE_INFINITY, { text: scenario.line?.noise?.kind ?? '' });
    this.#limit = clock.at(clock.now() + limitMs - this.phone.nowMs, () =>
      this.#give(`the call was not over after ${limitMs} ms`),
    );
    this.#input({ t: 'begin', atMs: this.phone.nowMs });
  }

  /** Something happened; the scenario may have waited for it. After the end it is only written down. */
  note(source: LogEntry['source'], event: string, data: Fields = {}): void {
    const entry: LogEntry = { atMs: this.phone.nowMs, source, event, data };
    this.log.push(entry);
    this.#input({ t: 'event', entry, atMs: entry.atMs });
  }

  /** The far end is gone, or was never there. */
  ended(reason: string): void {
    if (this.#over) return;
    this.#input({ t: 'ended', reason, atMs: this.phone.nowMs });
    this.#end();
  }

  /** Words that were said into the line and have ended by now, with their times on the clock. */
  said(): readonly Word[] {
    const nowMs = this.#options.clock.now();
    const open = this.#words.findIndex(({ toMs }) => toMs > nowMs);
    return open < 0 ? this.#words : this.#words.slice(0, open);
  }

  /** The recording and the labels, whole; after the end. */
  result(): { recording: Recording; labels: Label[] } {
    const recording = this.phone.recording();
    const endMs = (recording.caller.length * 1000) / recording.sampleRateHz;
    const labels = this.labels
      .map((label) => ({ ...label, toMs: Math.min(label.toMs, endMs) }))
      .sort((one, other) => one.fromMs - other.fromMs);
    return { recording, labels };
  }

  #input(input: ScriptInput): void {
    if (!this.#over) this.#runner.input(input);
  }

  #perform(effect: ScriptEffect): void {
    if (this.#over) return;
    const { clock, line } = this.#options;
    switch (effect.t) {
      case 'sound':
        return this.#sound(effect.step);
      case 'noise': {
        const { pcm, toMs, text = '' } = this.#options.sounds.steps.get(effect.step)!;
        return this.#hum(pcm, toMs, { text, step: effect.step });
      }
      case 'send':
        this.note('caller', 'data_sent', effect.message);
        return line.message(effect.message);
      case 'pause': {
        const { step, fromMs, toMs } = effect;
        return void this.labels.push({ kind: 'pause', fromMs, toMs, step });
      }
      case 'wake': {
        this.#wake?.cancel();
        const { atMs } = effect;
        this.#wake = undefined;
        if (atMs === null) return;
        const due = clock.now() + atMs - this.phone.nowMs;
        // Whatever the rounding of the two: it is then.
        this.#wake = clock.at(due, () => this.#input({ t: 'time', atMs: Math.max(atMs, this.phone.nowMs) }));
        return;
      }
      case 'failed':
        return void this.failures.push({ step: effect.step, message: effect.message });
      case 'hangup':
        return this.#hangUp(effect.reason);
    }
  }

  #sound(step: number): void {
    const { sounds, clock, line } = this.#options;
    const { pcm, keys, words = [], ...sound } = sounds.steps.get(step)!;
    const { text = '' } = sound;
    // Who begins to speak while the other one does interrupts.
    const kind =
      sound.kind === 'turn' && this.phone.isHearing && !this.#saysIntent(step) ? 'interruption' : sound.kind;
    const atMs = this.phone.sound(pcm, () => {
      this.note('caller', 'caller_stopped', { kind, text, step });
      this.#input({ t: 'sounded', atMs: this.phone.nowMs });
    });
    const nowMs = clock.now();
    for (const { text: word, fromMs, toMs } of words) {
      this.#words.push({ text: word, fromMs: nowMs + fromMs, toMs: nowMs + toMs });
    }
    this.labels.push({ kind, fromMs: atMs + sound.fromMs, toMs: atMs + sound.toMs, text, step });
    this.note('caller', 'caller_started', { kind, text, step });
    this.#keys = (keys ?? []).map(({ key, atMs }) =>
      clock.at(clock.now() + atMs, () => {
        if (this.#over) return;
        this.note('caller', 'key_pressed', { key });
        line.key(key);
      }),
    );
  }

  #saysIntent(step: number): boolean {
    const given = this.#options.scenario.steps[step];
    return given !== undefined && 'say' in given && given.say.intent !== undefined;
  }

  #hum(pcm: Int16Array, durationMs: Ms, about: { text: string; step?: number }): void {
    const fromMs = this.phone.loop(pcm, durationMs);
    this.labels.push({ kind: 'noise', fromMs, toMs: fromMs + durationMs, ...about });
    this.note('caller', 'noise_started', { ...about });
  }

  #give(message: string): void {
    if (this.#over) return;
    this.failures.push({ message });
    this.#hangUp(message);
  }

  #hangUp(reason: string): void {
    this.#hungUp = true;
    this.note('caller', 'hangup', { reason });
    this.#end();
    this.#options.line.hangUp(reason);
  }

  #end(): void {
    if (this.#over) return;
    // First: sounds that the end cuts short are written down, but nothing follows them.
    this.#over = true;
    this.phone.end();
    this.#wake?.cancel();
    this.#limit?.cancel();
    for (const timer of this.#keys) timer.cancel();
  }
}
