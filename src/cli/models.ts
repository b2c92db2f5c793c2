import { type Script, scriptedModel } from '../cascade/index.js';
import { ConfigError } from '../core/index.js';
import type { Dialler } from '../realtime/index.js';
import type { VAD } from '../speech/index.js';
import { readJsonFile } from './json-file.js';
import type { ServeArgs } from './serve-args.js';

/** A model to serve, and what comes with it. */
export interface ServedModel {
  model: Dialler;
  /** Ears for a model that reports no speech itself. */
  vad?: VAD;
  close(): Promise<void>;
}

const nothing = async () => {};

/** Opens what `--model` names; each kind is loaded only when it is asked for. ConfigError in one sentence. */
export async function openModel(args: ServeArgs): Promise<ServedModel> {
  const colon = args.model.indexOf(':');
  const kind = colon === -1 ? args.model : args.model.slice(0, colon);
  const rest = colon === -1 ? undefined : args.model.slice(colon + 1);
  if (kind !== 'cascade' && (args.dialogue !== undefined || args.llm !== undefined)) {
    throw new ConfigError('options_conflict', '--dialogue and --llm-url go with --model cascade only.');
  }
  switch (kind) {
    case 'scripted':
      if (!rest) throw invalid("--model scripted needs a file: 'scripted:FILE'.");
      // `scriptedModel` checks it, and names the path at fault.
      return { model: scriptedModel((await readJsonFile(rest)) as Script), close: nothing };
    case 'cascade': {
      if (rest !== undefined) throw invalid('--model cascade takes nothing after it.');
      const { openCascade } = await import('./cascade.js');
      return openCascade(args);
    }
    case 'openai': {
      const { RealtimeModel } = await import('../providers/openai/index.js');
      return { model: new RealtimeModel(rest ? { model: rest } : {}), close: nothing };
    }
    case 'gemini': {
      const { RealtimeModel } = await import('../providers/gemini/index.js');
      const { sileroVad } = await import('../speech/embedded/index.js');
      const vad = sileroVad();
      return { model: new RealtimeModel(rest ? { model: rest } : {}), vad, close: async () => vad.close() };
    }
    default:
      throw invalid(`--model takes scripted:FILE, cascade, openai or gemini, not '${args.model}'.`);
  }
}

function invalid(message: string): ConfigError {
  return new ConfigError('option_invalid', message, { param: 'model' });
}
