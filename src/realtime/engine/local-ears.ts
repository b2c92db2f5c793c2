import { Resampler } from '../../audio/index.js';
import { ConfigError, type Ids } from '../../core/index.js';
import type { VAD, VadStream } from '../../speech/contracts.js';
import type { Config, Event } from '../contract.js';
import type { Dialler } from '../model.js';

/**
 * Speech edges from a local VAD, for wires that report none. They are events of the engine like the wire's, with basis
 * `local`. It hears what comes to the session's line, so its positions are the session's.
 */
export class LocalEars {
  readonly #stream: VadStream;
  readonly #resampler: Resampler | undefined;

  constructor(
    vad: VAD,
    rateHz: number,
    silenceMs: number | undefined,
    ids: Ids,
    onSpeech: (event: Event) => void,
  ) {
    this.#stream = vad.stream(silenceMs === undefined ? {} : { silenceMs });
    this.#resampler = rateHz === vad.sampleRateHz ? undefined : new Resampler(rateHz, vad.sampleRateHz);
    let turn = '';
    this.#stream.onEvent((event) => {
      if (event.t === 'speech_started') {
        turn = ids('turn');
        onSpeech({ t: 'speech', edge: 'start', turn, atMs: event.atMs, basis: 'local' });
      } else if (event.t === 'speech_stopped') {
        onSpeech({ t: 'speech', edge: 'stop', turn, atMs: event.atMs, basis: 'local' });
      }
    });
  }

  /** Undefined where the wire hears for itself, or the caller ends the turns by hand. */
  static forModel(
    model: Dialler,
    config: Config,
    vad: VAD | undefined,
    ids: Ids,
    onSpeech: (event: Event) => void,
  ): LocalEars | undefined {
    if (model.capabilities.speech === 'edges' || config.turns.owner === 'caller') return undefined;
    if (vad === undefined) {
      throw new ConfigError(
        'option_invalid',
        `${model.provider} does not report when the user speaks: give the session a 'vad', for instance sileroVad() from repartee/speech/embedded`,
        { param: 'vad' },
      );
    }
    return new LocalEars(vad, model.capabilities.inputRateHz, config.turns.silenceMs, ids, onSpeech);
  }

  hear(pcm: Int16Array): void {
    this.#stream.push(this.#resampler === undefined ? pcm : this.#resampler.process(pcm));
  }

  close(): void {
    this.#stream.close();
  }
}
