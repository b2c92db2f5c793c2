import type { Config, Patch } from '../../../realtime/contract.js';
import type {
  AudioFormat,
  AudioInputUpdate,
  AudioOutput,
  InputTranscription,
  RealtimeSessionUpdate,
  Voice,
} from '../events.js';
import { toolChoiceFromWire, toolChoiceToWire, toolsFromWire, toolToWire } from './tools.js';
import { turnsFromWire, turnsToWire } from './turns.js';
import { type OpenAIVendor, renamed, topLevel } from './vendor.js';

/** Formats are the link's own business, so a `Config` has no field for them. */
export interface Formats {
  input?: AudioFormat;
  output?: AudioFormat;
}

/** A whole `session.update`. An empty voice is left to the server. */
export function configToSession(config: Config, formats: Formats = {}): RealtimeSessionUpdate {
  return patchToSession(config, formats);
}

/**
 * A `session.update` of what the patch names; `null` is sent as the wire's own word for off. `vendor.mcpTools` goes with
 * `tools` and `vendor.transcriptionOptions` with `transcription`: on the wire each pair is one field.
 */
export function patchToSession(patch: Patch, formats: Formats = {}): RealtimeSessionUpdate {
  const vendor: OpenAIVendor = patch.vendor ?? {};
  const session: RealtimeSessionUpdate = { type: 'realtime' };
  if (patch.output !== undefined) session.output_modalities = [patch.output ?? 'audio'];
  if (patch.instructions !== undefined) session.instructions = patch.instructions ?? '';
  if (patch.tools !== undefined) {
    session.tools = [...(patch.tools ?? []).map(toolToWire), ...(vendor.mcpTools ?? [])];
  }
  if (patch.toolChoice !== undefined) session.tool_choice = toolChoiceToWire(patch.toolChoice ?? 'auto');
  Object.assign(session, renamed(vendor, topLevel));
  // The server shows `null` for none, and takes a list.
  if (session.include === null) session.include = [];

  const input: AudioInputUpdate = {};
  if (formats.input !== undefined) input.format = formats.input;
  if (vendor.noiseReduction !== undefined) input.noise_reduction = vendor.noiseReduction;
  if (patch.transcription !== undefined) {
    input.transcription =
      patch.transcription === null ? null : { ...vendor.transcriptionOptions, ...patch.transcription };
  }
  if (patch.turns !== undefined) input.turn_detection = turnsToWire(patch.turns ?? { owner: 'caller' });

  const output: Partial<AudioOutput> = {};
  if (formats.output !== undefined) output.format = formats.output;
  if (patch.voice) output.voice = voiceToWire(patch.voice);
  if (vendor.speed !== undefined) output.speed = vendor.speed;

  const hasInput = Object.keys(input).length > 0;
  const hasOutput = Object.keys(output).length > 0;
  if (hasInput || hasOutput) {
    session.audio = { ...(hasInput ? { input } : {}), ...(hasOutput ? { output } : {}) };
  }
  return session;
}

/** What a session object or an update says, in our words; absent stays absent. */
export function sessionToConfig(session: Partial<RealtimeSessionUpdate>): Partial<Config> {
  const config: Partial<Config> = {};
  const vendor: OpenAIVendor = {};
  const { input, output } = session.audio ?? {};

  if (session.instructions !== undefined) config.instructions = session.instructions;
  if (session.tools !== undefined) {
    config.tools = toolsFromWire(session.tools);
    const mcpTools = session.tools.filter((tool) => tool.type === 'mcp');
    if (mcpTools.length > 0) vendor.mcpTools = mcpTools;
  }
  if (session.tool_choice !== undefined) config.toolChoice = toolChoiceFromWire(session.tool_choice);
  if (session.output_modalities !== undefined) {
    config.output = session.output_modalities.includes('audio') ? 'audio' : 'text';
  }
  Object.assign(vendor, renamed(session, wireToVendor));
  if (output?.voice !== undefined) config.voice = voiceFromWire(output.voice);
  if (output?.speed !== undefined) vendor.speed = output.speed;
  if (input?.turn_detection !== undefined) config.turns = turnsFromWire(input.turn_detection);
  if (input?.noise_reduction !== undefined) vendor.noiseReduction = input.noise_reduction;
  if (input?.transcription !== undefined) {
    config.transcription = input.transcription === null ? null : transcriptionFromWire(input.transcription);
    const options = input.transcription === null ? undefined : transcriptionOptions(input.transcription);
    if (options !== undefined) vendor.transcriptionOptions = options;
  }
  if (Object.keys(vendor).length > 0) config.vendor = { ...vendor };
  return config;
}

/** What changed between two configs, or `null` where nothing did. A field that is now absent is not named. */
export function configPatch(before: Partial<Config>, after: Partial<Config>): Patch | null {
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(after)) {
    if (!sameJson(before[key as keyof Config], value)) patch[key] = value;
  }
  // The halves that `patchToSession` sends only together.
  if (!sameJson(before.vendor?.mcpTools, after.vendor?.mcpTools)) patch.tools = after.tools ?? [];
  if (!sameJson(before.vendor?.transcriptionOptions, after.vendor?.transcriptionOptions)) {
    patch.transcription = after.transcription ?? null;
  }
  return Object.keys(patch).length === 0 ? null : (patch as Patch);
}

/** Custom voices are objects on the wire; their ids begin with `voice_`. */
export function voiceToWire(voice: string): Voice {
  return voice.startsWith('voice_') ? { id: voice } : voice;
}

export function voiceFromWire(voice: Voice): string {
  return typeof voice === 'string' ? voice : voice.id;
}

const wireToVendor: Record<string, string> = Object.fromEntries(
  Object.entries(topLevel).map(([ours, theirs]) => [theirs, ours]),
);

function transcriptionFromWire(wire: InputTranscription): NonNullable<Config['transcription']> {
  return {
    ...(wire.model === undefined ? {} : { model: wire.model }),
    ...(wire.language ? { language: wire.language } : {}),
    ...(wire.prompt ? { prompt: wire.prompt } : {}),
  };
}

function transcriptionOptions(wire: InputTranscription): OpenAIVendor['transcriptionOptions'] {
  const { languages, keywords, delay } = wire;
  const options = {
    ...(languages ? { languages } : {}),
    ...(keywords ? { keywords } : {}),
    ...(delay ? { delay } : {}),
  };
  return Object.keys(options).length === 0 ? undefined : options;
}

/** Equal as JSON, whatever the order of the keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => sameJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}
