import type { AgentSession } from '../agent/index.js';
import type { DataChannel } from '../core/index.js';

/** Texts kept for an agent that is not ready yet. */
const maxEarlyTexts = 10;

/** What a page is told about whom it talks to. */
export interface Greeting {
  /** The model, in words a person understands. */
  model: string;
  agent: string;
  /** The dialogue is a script and no language model: the page says so. */
  scripted: boolean;
  notice?: string;
}

/**
 * Tells a page what happens in its call: one JSON message per event, `type` first. Takes typed text and `interrupt` from the
 * page. Call it before `session.start`.
 */
export function publish(session: AgentSession, data: DataChannel, greeting: Greeting): void {
  data.send({ type: 'hello', ...greeting });
  const state = () => data.send({ type: 'state', agent: session.agentState, user: session.userState });
  session.on('agent_state_changed', state);
  session.on('user_state_changed', state);
  session.on('conversation_item_reserved', ({ itemId, role }) => {
    if (role === 'user') data.send({ type: 'user_transcript', itemId, text: '', final: false });
    else
      data.send({ type: 'agent_transcript', itemId, heard: '', rest: '', interrupted: false, final: false });
  });
  session.on('user_input_transcribed', ({ turnId, itemId = turnId, transcript, isFinal, isRecord }) => {
    if (isRecord) data.send({ type: 'user_transcript', itemId, text: transcript, final: isFinal });
  });
  session.on('agent_output_transcribed', ({ itemId, heard, rest, interrupted, isFinal }) =>
    data.send({ type: 'agent_transcript', itemId, heard, rest, interrupted, final: isFinal }),
  );
  session.on('conversation_item_added', ({ item }) => {
    if (item.kind !== 'message' || item.role !== 'user') return;
    const typed = item.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
    if (typed.length > 0)
      data.send({ type: 'user_transcript', itemId: item.id, text: typed.join(' '), final: true });
  });
  session.on('tool_started', ({ callId, name, args }) =>
    data.send({ type: 'tool', callId, name, args, phase: 'started' }),
  );
  session.on('function_tools_executed', ({ calls }) => {
    for (const { callId, name, output, isError } of calls) {
      data.send({ type: 'tool', callId, name, phase: isError ? 'failed' : 'done', output });
    }
  });
  session.on('speech_interrupted', ({ by, epoch }) => data.send({ type: 'interrupted', by, epoch }));
  session.on('metrics_collected', (metrics) => {
    if (metrics.type === 'turn') {
      data.send({ type: 'latency', turnId: metrics.turnId, v2vMs: Math.round(metrics.voiceToVoiceMs) });
    }
  });
  session.on('error', ({ code, message }) => data.send({ type: 'error', code, message, fatal: false }));
  session.on('close', ({ reason, error }) => {
    if (error !== undefined) data.send({ type: 'error', code: error.code, message: reason, fatal: true });
  });
  hearPage(session, data);
}

/** The page may type before the model is ready: that waits until the agent has been let in. */
function hearPage(session: AgentSession, data: DataChannel): void {
  let early: string[] | undefined = [];
  const say = (text: string) => void session.sendText(text);
  session.on('agent_state_changed', ({ from }) => {
    if (from !== 'initializing') return;
    // After the agent's own greeting, which the text then interrupts as it would later.
    queueMicrotask(() => {
      const texts = early ?? [];
      early = undefined;
      if (texts.length > 0 && !session.isClosed) say(texts.join('\n'));
    });
  });
  data.onMessage((message) => {
    if (session.isClosed) return;
    if (message.type === 'text' && typeof message.text === 'string' && message.text.trim() !== '') {
      if (early === undefined) say(message.text.trim());
      else if (early.length < maxEarlyTexts) early.push(message.text.trim());
    } else if (message.type === 'interrupt' && early === undefined) session.interrupt();
  });
}
