import { readFile } from 'node:fs/promises';
import { ConfigError, ProviderError, StateError } from '../../core/index.js';
import type { TurnDetector, TurnDetectorInput } from '../contracts.js';
import { bands, frames, logMel, sampleRateHz } from './log-mel.js';
import { loadNetwork, type Network } from './onnx.js';

export interface SmartTurnOptions {
  /** Path of the model (`smart-turn-v3.x-cpu.onnx`), or the model itself. */
  weights: string | Uint8Array;
  /** From which probability on a turn counts as finished. Default 0.5. */
  threshold?: number;
}

/**
 * Hears from the melody of the last eight seconds whether a turn is finished: a model of Smart Turn's shape (version 3: Whisper's
 * features in, `[1, 80, 800]`; a probability out), run by the optional peer `onnxruntime-web` in this thread. The weights are the
 * user's own. ConfigError `option_invalid`; loading rejects with `file_unreadable` or `peer_missing`.
 */
export function smartTurn(options: SmartTurnOptions): TurnDetector {
  const { threshold = 0.5 } = options;
  if (!(threshold > 0 && threshold < 1)) {
    throw new ConfigError('option_invalid', `threshold must be between 0 and 1, not ${threshold}`, {
      param: 'threshold',
    });
  }
  return new SmartTurn(options.weights, threshold);
}

class SmartTurn implements TurnDetector {
  readonly name = 'smart-turn';
  readonly sampleRateHz = sampleRateHz;
  readonly audioMs = 8_000;
  readonly threshold: number;
  readonly #weights: string | Uint8Array;
  #network: Promise<Network> | undefined;
  /** The question before: a model answers one at a time. */
  #before: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(weights: string | Uint8Array, threshold: number) {
    this.#weights = weights;
    this.threshold = threshold;
  }

  async predict({ pcm, signal }: TurnDetectorInput): Promise<number> {
    const network = await this.#load();
    const asked = this.#before.then(async () => {
      signal.throwIfAborted();
      const probability = await network.run(logMel(pcm), [1, bands, frames]);
      if (probability >= 0 && probability <= 1) return probability;
      throw new ProviderError(
        'turn_detector_failed',
        `Smart Turn answered ${probability}, which is no probability`,
      );
    });
    this.#before = asked.catch(() => {});
    return await asked;
  }

  async warmUp(): Promise<void> {
    await this.#load();
  }

  /** Lets the model go once it has answered. Safe to call twice; later predictions reject with `closed`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const network = await this.#network?.catch(() => undefined);
    await this.#before;
    await network?.close();
  }

  /** One load for all; one that failed is tried again. */
  #load(): Promise<Network> {
    if (this.#closed) return Promise.reject(new StateError('closed', 'The turn detector was closed'));
    this.#network ??= read(this.#weights)
      .then(loadNetwork)
      .catch((thrown: unknown) => {
        this.#network = undefined;
        throw thrown;
      });
    return this.#network;
  }
}

async function read(weights: string | Uint8Array): Promise<Uint8Array> {
  if (typeof weights !== 'string') return weights;
  try {
    return await readFile(weights);
  } catch (cause) {
    throw new ConfigError('file_unreadable', `The weights of Smart Turn cannot be read: ${weights}`, {
      param: 'weights',
      cause,
    });
  }
}
