import { ConfigError, type Ms } from '../../core/index.js';
import { type Language, languages } from './languages.js';
import { phrase } from './phrases.js';

/**
 * When the caller's voice stops the agent. All has a default; `{}` is a good choice. What only words can tell needs a
 * transcript, the model's or that of an STT beside it.
 */
export interface InterruptionOptions {
  /** A voice that lasts this long stops the agent, whatever it says; a shorter one by two words, or a command. Default 480. */
  minDurationMs?: Ms;
  /** So many words (backchannels do not count) stop it, and without them no voice does. Default 0: the voice is enough. */
  minWords?: number;
  /** Whose backchannels and commands are known. Default all: `en`, `no`, `de`, `fr`, `es`. */
  languages?: readonly Language[];
  /** Further words and phrases that mean no more than "go on". */
  backchannels?: readonly string[];
  /** Further words and phrases that stop the agent at once, whatever else holds. */
  commands?: readonly string[];
  /** Backchannels that go on for so long are an interruption after all. Default 1500. */
  maxBackchannelMs?: Ms;
  /** Sound that is what the far end has just played does not count. Default true. */
  echo?: boolean;
  /** A voice that is so much softer than the caller's own speaks to somebody else. Default 7 dB; `null`: it counts as well. */
  sideSpeechDb?: number | null;
  /** While a tool runs only commands stop the agent; what else was said is answered later. Default true. */
  toolShield?: boolean;
  /**
   * The agent first only pauses, where no word has been understood yet, and goes on from where it stopped if none follows. Default
   * true; false: it is stopped for good.
   */
  resumeFalseInterruption?: boolean;
  /** How long after the voice the words of a pause, or of a turn, are waited for. Default 2000. */
  falseInterruptionTimeoutMs?: Ms;
  /** A voice that lasts this long needs no words. Default 1500. */
  confirmMs?: Ms;
}

/** The options, whole; plain JSON. */
export interface PolicySettings {
  minDurationMs: Ms;
  minWords: number;
  languages: readonly Language[];
  backchannels: readonly string[];
  commands: readonly string[];
  maxBackchannelMs: Ms;
  echo: boolean;
  sideSpeechDb: number | null;
  toolShield: boolean;
  resumes: boolean;
  timeoutMs: Ms;
  confirmMs: Ms;
}

/** ConfigError `option_invalid` for what is none of what the options say. */
export function policySettings(options: InterruptionOptions = {}): PolicySettings {
  const settings: PolicySettings = {
    minDurationMs: number('minDurationMs', options.minDurationMs, 480, 5_000),
    minWords: number('minWords', options.minWords, 0, 20),
    languages: options.languages ?? languages,
    backchannels: (options.backchannels ?? []).map(phrase),
    commands: (options.commands ?? []).map(phrase),
    maxBackchannelMs: number('maxBackchannelMs', options.maxBackchannelMs, 1_500, 60_000),
    echo: options.echo ?? true,
    sideSpeechDb: options.sideSpeechDb === null ? null : number('sideSpeechDb', options.sideSpeechDb, 7, 60),
    toolShield: options.toolShield ?? true,
    resumes: options.resumeFalseInterruption ?? true,
    timeoutMs: number('falseInterruptionTimeoutMs', options.falseInterruptionTimeoutMs, 2_000, 60_000),
    confirmMs: number('confirmMs', options.confirmMs, 1_500, 60_000),
  };
  if (!Number.isInteger(settings.minWords)) throw invalid('minWords', 'a whole number', settings.minWords);
  const unknown = settings.languages.find((language) => !languages.includes(language));
  if (unknown !== undefined) throw invalid('languages', `some of ${languages.join(', ')}`, unknown);
  return settings;
}

function number(name: string, value: number | undefined, otherwise: number, most: number): number {
  if (value === undefined) return otherwise;
  if (!(value >= 0 && value <= most)) throw invalid(name, `from 0 to ${most}`, value);
  return value;
}

function invalid(name: string, wanted: string, got: unknown): ConfigError {
  const message = `interruption.${name} is ${wanted}, not ${String(got)}`;
  return new ConfigError('option_invalid', message, { param: `interruption.${name}` });
}
