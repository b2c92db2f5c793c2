import { bytesToBase64 } from '../../core/index.js';
import type { ClientMachine, Command } from '../../realtime/contract.js';
import { activity, audio } from './client/audio.js';
import { configure } from './client/configure.js';
import { answer, itemAdd, reply } from './client/conversation.js';
import { serverFrame } from './client/frames.js';
import { send } from './client/send.js';
import { type Client, clientState, emit, refuse, sent } from './client/state.js';
import { wordsOverdue } from './client/turns.js';
import { closingOf } from './close-codes.js';
import { setupFromConfig } from './convert/setup.js';
import { type ModelTraits, type PerTool, type ToolBehavior, traitsOf } from './models.js';
import { withOutbox } from './outbox.js';

export interface GeminiClientOptions {
  /** Bare name, `models/…`, or a publisher's long name. */
  model: string;
  /** What differs from the model's known traits. */
  traits?: Partial<ModelTraits>;
  /** Whether the model waits for the result of a call. Default: as `traits` say. */
  toolBehavior?: PerTool<ToolBehavior>;
  /** When results of calls that it does not wait for are spoken of. Default: the service's `WHEN_IDLE`. */
  toolScheduling?: PerTool<'WHEN_IDLE' | 'INTERRUPT'>;
  /**
   * How long after an interruption the model's output may still be of the interrupted turn, where the server does not
   * say that the turn is over. Default 500: no model answers a new turn that fast.
   */
  lateOutputMs?: number;
}

/**
 * Our side of a Gemini Live connection. The wire confirms nothing and names nothing: acks are of basis `sent`, ids of
 * turns, items and responses are minted, a turn is committed when its answer begins, and speech edges come only where
 * `config.vendor.explicitVadSignal` asks for them. It has no cancel, no cut and no removal: those are refused. Where the
 * caller owns the turns, one begins with `activity start`, or by itself with the first audio once the floor is free.
 */
export function geminiClientMachine(options: GeminiClientOptions): ClientMachine {
  return withOutbox((port, ids) => {
    const client: Client = {
      port,
      ids,
      model: options.model,
      traits: { ...traitsOf(options.model), ...options.traits },
      toolBehavior: options.toolBehavior,
      toolScheduling: options.toolScheduling,
      lateOutputMs: options.lateOutputMs ?? 500,
      state: clientState(),
      nowMs: 0,
      raw: undefined,
    };
    const { state } = client;
    return {
      local(command, nowMs) {
        client.nowMs = nowMs;
        if (state.phase !== 'closed') perform(client, command);
      },
      frame(frame, nowMs) {
        client.nowMs = nowMs;
        if (state.phase !== 'closed') serverFrame(client, frame);
      },
      wake(nowMs) {
        client.nowMs = nowMs;
        if (state.phase === 'live') wordsOverdue(client);
      },
      closed(code, reason, nowMs) {
        client.nowMs = nowMs;
        if (state.phase === 'closed') return;
        const live = state.phase === 'live';
        const closing = state.closedByUs
          ? { t: 'closing' as const, code: 'closed', disposition: 'done' as const, message: 'Closed by us' }
          : closingOf(code, reason, live);
        state.phase = 'closed';
        emit(client, closing);
      },
    };
  });
}

function perform(client: Client, command: Command): void {
  const { state } = client;
  if (command.t === 'open') return open(client, command);
  if (command.t === 'close') {
    state.closedByUs = true;
    client.port.close(1000, command.reason ?? '');
    return;
  }
  if (state.phase !== 'live') {
    if ('cmd' in command) refuse(client, command.cmd, 'The link is not ready', { code: 'illegal_command' });
    return;
  }
  switch (command.t) {
    case 'audio':
      return audio(client, command.pcm);
    case 'image': {
      const { data, mime, cmd } = command;
      send(client, { realtimeInput: { video: { data: bytesToBase64(data), mimeType: mime } } });
      return sent(client, cmd);
    }
    case 'activity':
      return activity(client, command.cmd, command.edge);
    case 'item.add':
      return itemAdd(client, command);
    case 'reply':
      return reply(client, command);
    case 'answer':
      return answer(client, command);
    case 'raw':
      return raw(client, command.wire, command.frame);
    case 'configure':
      return configure(client, command);
    case 'say':
    case 'approve':
    case 'stop':
    case 'item.remove':
    case 'item.cut':
    case 'item.fetch':
      return refuse(client, command.cmd, `Gemini Live has no '${command.t}'`);
  }
}

function open(client: Client, { config, history, resume }: Extract<Command, { t: 'open' }>): void {
  const { state, model, traits, toolBehavior } = client;
  if (state.phase !== 'new') return;
  state.phase = 'setup';
  state.config = config;
  // Who resumes goes on after items that only the service knows.
  state.history = resume === undefined ? history : [];
  state.lastItem = resume === undefined ? null : undefined;
  if (config.turns.owner === 'wire' && !config.turns.autoReply) {
    cannot(client, 'turns.autoReply', 'This wire answers every turn that it hears');
  }
  if (config.toolChoice !== 'auto' && config.toolChoice !== 'none') {
    cannot(client, 'toolChoice', 'This wire lets the model choose its tools');
  }
  send(client, {
    setup: setupFromConfig({
      config,
      model,
      traits,
      toolBehavior,
      hasHistory: state.history.length > 0,
      resume,
    }),
  });
}

/** A setting that cannot hold. The session goes on without it, and says so. */
function cannot(client: Client, param: string, message: string): void {
  emit(client, { t: 'refused', code: 'unsupported', message, param, benign: false });
}

function raw(client: Client, wire: string, frame: unknown): void {
  if (wire === 'gemini') {
    client.port.frame(JSON.stringify(frame));
    return;
  }
  emit(client, {
    t: 'refused',
    code: 'unsupported',
    message: `A frame of the '${wire}' wire cannot be sent on 'gemini'`,
    benign: false,
  });
}
