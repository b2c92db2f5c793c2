import type { TurnRule } from '../../../realtime/contract.js';
import type { TurnDetection } from '../events.js';

/** `null`: the client commits. */
export function turnsToWire(rule: TurnRule): TurnDetection | null {
  if (rule.owner === 'caller') return null;
  const both = { create_response: rule.autoReply, interrupt_response: rule.autoCut };
  if (rule.kind === 'semantic_vad') {
    return {
      type: 'semantic_vad',
      ...both,
      ...(rule.eagerness === undefined ? {} : { eagerness: rule.eagerness }),
    };
  }
  return {
    type: 'server_vad',
    ...both,
    ...(rule.threshold === undefined ? {} : { threshold: rule.threshold }),
    ...(rule.prefixMs === undefined ? {} : { prefix_padding_ms: Math.round(rule.prefixMs) }),
    ...(rule.silenceMs === undefined ? {} : { silence_duration_ms: Math.round(rule.silenceMs) }),
    ...(rule.idleTimeoutMs === undefined
      ? {}
      : { idle_timeout_ms: rule.idleTimeoutMs === null ? null : Math.round(rule.idleTimeoutMs) }),
  };
}

/** Absent booleans are true, as the vendor has it. */
export function turnsFromWire(detection: TurnDetection | null): TurnRule {
  if (detection === null) return { owner: 'caller' };
  const autoReply = detection.create_response ?? true;
  const autoCut = detection.interrupt_response ?? true;
  if (detection.type === 'semantic_vad') {
    return {
      owner: 'wire',
      kind: 'semantic_vad',
      autoReply,
      autoCut,
      ...(detection.eagerness === undefined ? {} : { eagerness: detection.eagerness }),
    };
  }
  return {
    owner: 'wire',
    kind: 'server_vad',
    autoReply,
    autoCut,
    ...(detection.threshold === undefined ? {} : { threshold: detection.threshold }),
    ...(detection.prefix_padding_ms === undefined ? {} : { prefixMs: detection.prefix_padding_ms }),
    ...(detection.silence_duration_ms === undefined ? {} : { silenceMs: detection.silence_duration_ms }),
    ...(detection.idle_timeout_ms === undefined ? {} : { idleTimeoutMs: detection.idle_timeout_ms }),
  };
}
