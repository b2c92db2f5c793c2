import type { Fields } from '../scenario/scenario.js';

/** What a message of a voice server tells, by the session's own names for it; undefined: it is no event of a session. */
export function sessionEvent(message: Fields): { event: string; data: Fields } | undefined {
  switch (message.type) {
    case 'user_transcript':
      return {
        event: 'user_input_transcribed',
        data: { itemId: message.itemId, transcript: message.text, isFinal: message.final },
      };
    case 'agent_transcript': {
      const { itemId, heard, rest, interrupted, final: isFinal } = message;
      return { event: 'agent_output_transcribed', data: { itemId, heard, rest, interrupted, isFinal } };
    }
    case 'tool': {
      const { callId, name, args, output, phase } = message;
      if (phase === 'started') return { event: 'tool_started', data: { callId, name, args } };
      return {
        event: 'function_tools_executed',
        data: { calls: [{ callId, name, output, isError: phase === 'failed' }] },
      };
    }
    case 'interrupted':
      return { event: 'speech_interrupted', data: { by: message.by, epoch: message.epoch } };
    case 'latency':
      return {
        event: 'metrics_collected',
        data: { type: 'turn', turnId: message.turnId, voiceToVoiceMs: message.v2vMs },
      };
    case 'error':
      return { event: 'error', data: { code: message.code, message: message.message, fatal: message.fatal } };
    default:
      return undefined;
  }
}
