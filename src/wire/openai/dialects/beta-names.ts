/**
 * Events of the server that the beta dialect has under other names. Everything about calls, the input buffer, transcripts
 * of the user, errors and limits has the same name in both, and all events of the client do.
 */
const renamed: readonly (readonly [ga: string, beta: string])[] = [
  ['response.output_text.delta', 'response.text.delta'],
  ['response.output_text.done', 'response.text.done'],
  ['response.output_audio.delta', 'response.audio.delta'],
  ['response.output_audio.done', 'response.audio.done'],
  ['response.output_audio_transcript.delta', 'response.audio_transcript.delta'],
  ['response.output_audio_transcript.done', 'response.audio_transcript.done'],
];

export const gaNames: ReadonlyMap<string, string> = new Map(renamed.map(([ga, beta]) => [beta, ga]));
export const betaNames: ReadonlyMap<string, string> = new Map(renamed);

/** Events that came with the GA wire; a beta client is not told of them. */
export const gaOnly: ReadonlySet<string> = new Set([
  'conversation.item.input_audio_transcription.segment',
  'input_audio_buffer.timeout_triggered',
  'input_audio_buffer.dtmf_event_received',
  'mcp_list_tools.in_progress',
  'mcp_list_tools.completed',
  'mcp_list_tools.failed',
  'response.mcp_call_arguments.delta',
  'response.mcp_call_arguments.done',
  'response.mcp_call.in_progress',
  'response.mcp_call.completed',
  'response.mcp_call.failed',
]);
