import type { Event, RateLimit } from '../../../realtime/contract.js';
import type { ServerEventType } from '../events.js';
import {
  onItemAdded,
  onItemCreated,
  onItemDeleted,
  onItemDone,
  onItemRetrieved,
  onItemTruncated,
} from './conversation.js';
import type { ClientCore } from './core.js';
import { onError } from './errors.js';
import { onCleared, onCommitted, onSpeechStarted, onSpeechStopped } from './input.js';
import {
  onMcpArgumentsDelta,
  onMcpArgumentsDone,
  onMcpCallFailed,
  onMcpCallInProgress,
  onMcpListFailed,
} from './mcp.js';
import { onSessionUpdated } from './opening.js';
import {
  onArgumentsDelta,
  onArgumentsDone,
  onAudioDelta,
  onOutputItemAdded,
  onOutputItemDone,
  onPartAdded,
  onPartDone,
  onTextDelta,
  onTextDone,
  onTranscriptDelta,
  onTranscriptDone,
} from './output.js';
import { type Fields, listOf, optionalId, optionalMs } from './read.js';
import { onResponseCreated, onResponseDone } from './response-events.js';
import { onHeardCompleted, onHeardDelta, onHeardFailed, onHeardSegment } from './transcripts.js';

/** May give the last event that it has to tell, instead of emitting it: the core is spared the queue then. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler need not return anything.
export type Handler = (core: ClientCore, event: Fields, name: string) => Event | undefined | void;

/**
 * What each event of the server does. Events that are not here are told as `unknown`: DTMF, `conversation.created`,
 * the idle timeout (the commit that follows it says all), and whatever is invented later.
 */
const table = {
  'session.updated': onSessionUpdated,
  'conversation.item.added': onItemAdded,
  'conversation.item.done': onItemDone,
  'conversation.item.created': onItemCreated,
  'conversation.item.retrieved': onItemRetrieved,
  'conversation.item.deleted': onItemDeleted,
  'conversation.item.truncated': onItemTruncated,
  'conversation.item.input_audio_transcription.delta': onHeardDelta,
  'conversation.item.input_audio_transcription.completed': onHeardCompleted,
  'conversation.item.input_audio_transcription.segment': onHeardSegment,
  'conversation.item.input_audio_transcription.failed': onHeardFailed,
  'input_audio_buffer.speech_started': onSpeechStarted,
  'input_audio_buffer.speech_stopped': onSpeechStopped,
  'input_audio_buffer.committed': onCommitted,
  'input_audio_buffer.cleared': onCleared,
  'output_audio_buffer.cleared': onOutputCleared,
  'response.created': onResponseCreated,
  'response.done': onResponseDone,
  'response.output_item.added': onOutputItemAdded,
  'response.output_item.done': onOutputItemDone,
  'response.content_part.added': onPartAdded,
  'response.content_part.done': onPartDone,
  'response.output_text.delta': onTextDelta,
  'response.output_text.done': onTextDone,
  'response.output_audio_transcript.delta': onTranscriptDelta,
  'response.output_audio_transcript.done': onTranscriptDone,
  'response.output_audio.delta': onAudioDelta,
  // The part's end says it too, after the last words.
  'response.output_audio.done': () => {},
  'response.function_call_arguments.delta': onArgumentsDelta,
  'response.function_call_arguments.done': onArgumentsDone,
  // Their items tell the same, and what the tools are.
  'mcp_list_tools.in_progress': () => {},
  'mcp_list_tools.completed': () => {},
  'mcp_list_tools.failed': onMcpListFailed,
  'response.mcp_call_arguments.delta': onMcpArgumentsDelta,
  'response.mcp_call_arguments.done': onMcpArgumentsDone,
  'response.mcp_call.in_progress': onMcpCallInProgress,
  // The end of its item says it too, with the result.
  'response.mcp_call.completed': () => {},
  'response.mcp_call.failed': onMcpCallFailed,
  'rate_limits.updated': onRateLimits,
  error: onError,
} satisfies Partial<Record<ServerEventType, Handler>>;

/** A map: a type named like a member of Object is unknown like any other. */
export const handlers: ReadonlyMap<string, Handler> = new Map(Object.entries(table));

function onOutputCleared(core: ClientCore, event: Fields, name: string): void {
  const response = optionalId(event, 'response_id');
  const known =
    response !== undefined &&
    (core.responses.get(response) !== undefined || core.responses.hasEnded(response));
  if (!known) return core.note(name, event);
  core.emit({ t: 'drop', response, raw: event });
}

function onRateLimits(core: ClientCore, event: Fields): void {
  const limits = listOf(event, 'rate_limits').flatMap((row): RateLimit[] => {
    const name = optionalId(row, 'name');
    const limit = optionalMs(row, 'limit');
    const remaining = optionalMs(row, 'remaining');
    const reset = optionalMs(row, 'reset_seconds');
    if (name === undefined || limit === undefined || remaining === undefined || reset === undefined)
      return [];
    return [{ name, limit, remaining, resetMs: reset * 1000 }];
  });
  core.emit({ t: 'limits', limits, raw: event });
}
