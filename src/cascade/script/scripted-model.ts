import type { Config, Dialler } from '../../realtime/index.js';
import { cascadeCapabilities, cascadeDefaults } from '../capabilities.js';
import { cascadeLink } from '../cascade-link.js';
import { energyVad } from './energy-vad.js';
import { loadScript, type Script } from './script.js';
import { scriptLlm } from './script-llm.js';
import { scriptStt } from './script-stt.js';
import { toneTts } from './tone-tts.js';

export interface ScriptedModelOptions {
  /** Rate of the audio that comes in. Default 24 000, as on OpenAI's wire. */
  inputRateHz?: number;
  /** Over the defaults of every session. */
  defaults?: Partial<Config>;
}

/**
 * A script as a realtime model, for tests and simulation: the pipeline's own brain over a VAD that measures loudness, a
 * recogniser that hears the next line, a language model that plays the next turn, and a synthesiser of tones. No package, no
 * network and no chance: the same input at the same times gives the same events. Each link plays the script from its beginning.
 * ConfigError `option_invalid` for a script or rate that is none.
 */
export function scriptedModel(script: Script, options: ScriptedModelOptions = {}): Dialler {
  loadScript(script);
  const capabilities = cascadeCapabilities(options.inputRateHz ?? 24_000);
  const { inputRateHz, outputRateHz } = capabilities;
  const defaults = { ...cascadeDefaults(), ...options.defaults };
  const { clausePauseMs = 0, voices = [] } = script;
  const msPerWord = (clause: string) => paceOf(script, clause);
  const muted = script.turns.flatMap((turn) => (turn.faults?.response === 'mute' ? (turn.says ?? []) : []));
  return {
    provider: 'scripted',
    model: script.name ?? 'script',
    capabilities,
    defaults,
    async dial({ clock, ids }) {
      const parts = {
        stt: scriptStt(script.turns, clock),
        llm: scriptLlm(script, clock),
        tts: toneTts({ msPerWord, pauseMs: clausePauseMs, clock, voices, muted }),
        vad: energyVad(),
      };
      return cascadeLink(parts, { clock, ids, config: defaults, inputRateHz, outputRateHz });
    },
  };
}

/** The pace of the turn in which a clause is said, or of the script. */
function paceOf({ turns, audioMsPerWord = 200 }: Script, clause: string): number {
  const said = clause.trim();
  const turn = turns.find(({ says = '', thenSays = '' }) => says.includes(said) || thenSays.includes(said));
  return turn?.audioMsPerWord ?? audioMsPerWord;
}
