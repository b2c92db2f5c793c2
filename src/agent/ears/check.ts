import { ConfigError } from '../../core/index.js';
import type { TurnRule } from '../../realtime/index.js';
import type { ListeningOptions } from './listening-options.js';
import { turnModes, turnPresets } from './turn-rule.js';

/** ConfigError `option_invalid` or `options_conflict`. `turns`: the rule that was given for the model, if any. */
export function checkListening(options: ListeningOptions, turns: TurnRule | null | undefined): void {
  const { preset, turnDetection, pushToTalk, endpointing = {} } = options;
  if (preset !== undefined && turns != null) {
    throw new ConfigError('options_conflict', 'preset and session.config.turns say the same: give one', {
      param: 'preset',
    });
  }
  if (pushToTalk === true && turnDetection !== 'manual') {
    throw new ConfigError('options_conflict', "pushToTalk needs turnDetection 'manual'", {
      param: 'pushToTalk',
    });
  }
  if (preset !== undefined) oneOf('preset', preset, Object.keys(turnPresets));
  if (typeof turnDetection === 'string') oneOf('turnDetection', turnDetection, turnModes);
  notNegative('minEndpointingDelayMs', options.minEndpointingDelayMs);
  notNegative('maxEndpointingDelayMs', options.maxEndpointingDelayMs);
  notNegative('endpointing.digitsDelayMs', endpointing.digitsDelayMs);
  notNegative('transcripts.timeoutMs', options.transcripts?.timeoutMs);
}

function oneOf(param: string, value: string, names: readonly string[]): void {
  if (names.includes(value)) return;
  throw new ConfigError('option_invalid', `${param} is one of ${names.join(', ')}, not ${value}`, { param });
}

function notNegative(param: string, value: number | undefined): void {
  if (value === undefined || value >= 0) return;
  throw new ConfigError('option_invalid', `${param} must be 0 or more, not ${value}`, { param });
}
