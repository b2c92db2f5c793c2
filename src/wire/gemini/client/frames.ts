import type { Frame } from '../../../core/index.js';
import { itemsToContents } from '../convert/content.js';
import { durationToMs } from '../convert/duration.js';
import { parseObject } from '../convert/json.js';
import { normaliseKeys } from '../convert/keys.js';
import { usageFromMetadata } from '../convert/usage.js';
import { serverProblem } from '../fields-server.js';
import type { ServerMessage, UsageMetadata } from '../messages.js';
import { releaseHeld } from './audio.js';
import { toolCall, withdrawCalls } from './calls.js';
import { content, contentEnd } from './content.js';
import { send } from './send.js';
import { addItem, type Client, emit } from './state.js';
import { activity } from './voice-activity.js';

const knownKeys = new Set([
  'setupComplete',
  'serverContent',
  'toolCall',
  'toolCallCancellation',
  'usageMetadata',
  'goAway',
  'sessionResumptionUpdate',
  'voiceActivity',
  'voiceActivityDetectionSignal',
]);

/** One frame of the server, text or bytes. What is not JSON leaves a note; the session goes on. */
export function serverFrame(client: Client, frame: Frame): void {
  const object = parseObject(frame);
  const known = normaliseKeys(object);
  const path = serverProblem(known);
  if (object === undefined || path !== undefined) {
    const what = object === undefined ? 'that is not a JSON object' : `with a wrong value at '${path}'`;
    const message = `The server sent a frame ${what}`;
    emit(client, { t: 'refused', code: 'frame_malformed', message, benign: false });
    return;
  }
  client.raw = object;
  try {
    message(client, known as ServerMessage);
  } finally {
    client.raw = undefined;
  }
}

function message(client: Client, message: ServerMessage): void {
  const { state } = client;
  for (const key of Object.keys(message)) {
    if (!knownKeys.has(key)) emit(client, { t: 'unknown', name: key });
  }
  if (message.setupComplete !== undefined) setupComplete(client, message.setupComplete);
  if (state.phase !== 'live') return;
  const { serverContent, usageMetadata } = message;
  // Before the end marks of the same frame, whose counts these are.
  if (usageMetadata !== undefined) usage(client, usageMetadata, serverContent);
  if (serverContent !== undefined) content(client, serverContent);
  if (message.toolCall?.functionCalls !== undefined) toolCall(client, message.toolCall.functionCalls);
  if (message.toolCallCancellation?.ids !== undefined) {
    withdrawCalls(client, message.toolCallCancellation.ids);
    releaseHeld(client);
  }
  if (serverContent !== undefined) contentEnd(client, serverContent);
  if (message.voiceActivity !== undefined) activity(client, message.voiceActivity);
  const update = message.sessionResumptionUpdate;
  if (update !== undefined) {
    const handle = update.resumable === true && update.newHandle ? update.newHandle : null;
    emit(client, { t: 'resumable', handle });
  }
  if (message.goAway !== undefined) {
    client.state.endsMs = client.nowMs + (durationToMs(message.goAway.timeLeft) ?? 0);
    if (client.state.isReady) tellEnd(client);
  }
}

function tellEnd(client: Client): void {
  const { endsMs } = client.state;
  if (endsMs !== null) emit(client, { t: 'expiring', inMs: Math.max(0, endsMs - client.nowMs) });
}

/** History goes between `setupComplete` and `ready`: nothing else may come before it. */
function setupComplete(client: Client, { sessionId }: { sessionId?: string }): void {
  const { state, traits } = client;
  if (state.phase !== 'setup') return;
  state.phase = 'live';
  const turns = itemsToContents(state.history, traits.seedCalls);
  if (traits.seedEndsWithUser && turns.at(-1)?.role === 'model') {
    turns.push({ role: 'user', parts: [{ text: ' ' }] });
  }
  if (turns.length > 0) {
    send(client, { clientContent: { turns, turnComplete: traits.seeding === 'history-config' } });
    state.openContent = traits.seeding === 'content';
  }
  emit(client, { t: 'ready', ...(sessionId === undefined ? {} : { sessionId }) });
  state.isReady = true;
  // It may have been said before.
  tellEnd(client);
  for (const item of state.history) {
    addItem(client, item, 'sent');
    emit(client, { t: 'item', phase: 'done', item, basis: 'sent' });
  }
  state.history = [];
}

/**
 * Counts come before, in or after the turn they are of, and empty ones say nothing: later fields win within a turn.
 * Counts of output with no response under way are of the one that has ended.
 */
function usage(client: Client, metadata: UsageMetadata, content: ServerMessage['serverContent']): void {
  const { state } = client;
  const counts = usageFromMetadata(metadata);
  if (Object.keys(counts).length === 0) return;
  const marks = content?.turnComplete === true || content?.interrupted === true;
  if (state.response === null && counts.outputTokens !== undefined && content?.modelTurn === undefined) {
    const all = { ...state.usage, ...counts };
    state.usage = {};
    emit(client, { t: 'usage', scope: 'response', mode: 'total', usage: all });
    return;
  }
  // The counts of a prompt alone come when a new turn is about to be answered.
  if (!marks && counts.outputTokens === undefined) state.lateUntilMs = null;
  Object.assign(state.usage, counts);
}
