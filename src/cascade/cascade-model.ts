import { ConnectionError, ReparteeError } from '../core/index.js';
import type { Capabilities, Config, DialContext, Dialler, Link, Ms } from '../realtime/index.js';
import { cascadeCapabilities, cascadeDefaults } from './capabilities.js';
import { type CascadeParts, cascadeLink } from './cascade-link.js';

export interface CascadeModelOptions extends CascadeParts {
  /** One of the synthesiser's; empty or absent = its default. */
  voice?: string;
  /** What `model` says. Default: the names of the parts. */
  name?: string;
  /** Rate of the audio that comes in. Default 16 000, which most recognisers want. */
  inputRateHz?: number;
  /** Over the defaults of every session. */
  defaults?: Partial<Config>;
  /** Audio kept for `item.fetch`, in each link. Default 60 000. */
  maxAudioKeptMs?: Ms;
}

/**
 * A pipeline as a realtime model: `dial` warms the parts up and gives a link over new streams of them. One model serves any
 * number of sessions; its parts stay the caller's to close. A turn in which the recogniser understood nothing, or failed, gets no
 * reply; its item stays. Audio in the `input` of a reply is not recognised: give its transcript. ConfigError `option_invalid` for a rate it cannot convert;
 * `dial` rejects with ConnectionError `connect_failed` when a part cannot be warmed up, unless the part's own error is a ConfigError.
 */
export function cascadeModel(options: CascadeModelOptions): Dialler {
  const { stt, llm, tts, vad, voice = '', maxAudioKeptMs } = options;
  const capabilities: Capabilities = cascadeCapabilities(options.inputRateHz);
  const defaults: Config = { ...cascadeDefaults(voice), ...options.defaults };
  const { inputRateHz, outputRateHz } = capabilities;
  return {
    provider: 'cascade',
    model: options.name ?? [stt.name, llm.name, tts.name].join('+'),
    capabilities,
    defaults,
    async dial({ clock, ids, signal }: DialContext): Promise<Link> {
      await warmUp([stt, tts]);
      if (signal.aborted) {
        throw new ConnectionError(
          'connect_failed',
          'The session was closed while its pipeline was starting.',
        );
      }
      const kept = maxAudioKeptMs === undefined ? {} : { maxAudioKeptMs };
      return cascadeLink(
        { stt, llm, tts, vad },
        { clock, ids, config: defaults, inputRateHz, outputRateHz, ...kept },
      );
    },
  };
}

async function warmUp(parts: { name: string; warmUp(): Promise<void> }[]): Promise<void> {
  await Promise.all(
    parts.map(async (part) => {
      try {
        await part.warmUp();
      } catch (thrown) {
        // By name: an error that crossed a worker's border has lost its class.
        if (thrown instanceof ReparteeError && /^Con(fig|nection)Error$/.test(thrown.name)) throw thrown;
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        throw new ConnectionError('connect_failed', `${part.name} cannot start: ${why}`, { cause: thrown });
      }
    }),
  );
}
