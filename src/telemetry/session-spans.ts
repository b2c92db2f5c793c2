import type { AgentEvents, AgentSession, TurnReport } from '../agent/index.js';
import type { Listeners, ReparteeError } from '../core/index.js';
import type { Attributes, OtelApi, OtelSpan, OtelTracer } from './peer.js';

/** Codes of the API: `SpanKind.CLIENT`, `SpanStatusCode.ERROR`. */
const client = 2;
const failed = 2;
/** Of words on a span. */
const textLimit = 8_000;

export interface SpanOptions {
  /** Both sides' words, and what tools were given, on the spans. */
  words: boolean;
  /** On the span of the call. */
  attributes: Attributes;
}

/** The spans of one call: the call; in it connections, turns and tools; in it or in a turn, replies; in those, what the model did. */
export class SessionSpans implements Listeners<AgentEvents> {
  readonly #api: OtelApi;
  readonly #tracer: OtelTracer;
  readonly #session: AgentSession;
  readonly #words: boolean;
  readonly #call: OtelSpan;
  readonly #inCall: unknown;
  #connection: OtelSpan | undefined;
  #turn: OtelSpan | undefined;
  /** The turn before, until its report. */
  #last: OtelSpan | undefined;
  #inTurn: unknown;
  #reply: OtelSpan | undefined;
  #inReply: unknown;
  readonly #open = new Set<OtelSpan>();
  readonly #tools = new Map<string, OtelSpan>();

  constructor(api: OtelApi, tracer: OtelTracer, session: AgentSession, { words, attributes }: SpanOptions) {
    this.#api = api;
    this.#tracer = tracer;
    this.#session = session;
    this.#words = words;
    this.#call = tracer.startSpan('repartee.call', { attributes }, api.context.active());
    this.#inCall = api.trace.setSpan(api.context.active(), this.#call);
    this.#connection = this.#start('repartee.connection', { 'repartee.connection.attempt': 1 });
  }

  agent_state_changed({ from }: AgentEvents['agent_state_changed']): void {
    if (from !== 'initializing') return;
    const { provider, model } = this.#session.realtime.model;
    const of = { 'gen_ai.provider.name': provider, 'gen_ai.request.model': model };
    this.#call.setAttributes(of);
    this.#connection?.setAttributes(of);
    this.#end(this.#connection);
    this.#connection = undefined;
  }

  session_reconnected({ attempt, gapMs, resumed }: AgentEvents['session_reconnected']): void {
    const span = this.#start(
      'repartee.connection',
      { 'repartee.connection.attempt': attempt, 'repartee.connection.resumed': resumed },
      this.#inCall,
      Date.now() - gapMs,
    );
    this.#end(span);
  }

  user_state_changed({ to }: AgentEvents['user_state_changed']): void {
    if (to !== 'speaking') return;
    // The report of the turn before follows in this very moment, or never: it may have been none.
    const last = this.#turn;
    this.#last = last;
    queueMicrotask(() => {
      this.#end(last);
      if (this.#last === last) this.#last = undefined;
    });
    this.#turn = this.#start('repartee.turn', {});
    this.#inTurn = this.#api.trace.setSpan(this.#inCall, this.#turn);
  }

  user_input_transcribed({ transcript, isFinal, isRecord }: AgentEvents['user_input_transcribed']): void {
    if (!this.#words || !isFinal || !isRecord) return;
    this.#turn?.setAttributes({ 'gen_ai.input.messages': messages('user', transcript) });
  }

  conversation_item_added({ item }: AgentEvents['conversation_item_added']): void {
    if (!this.#words || item.kind !== 'message' || item.role !== 'assistant') return;
    const [part] = item.parts;
    const said = item.heardText ?? (part?.kind === 'audio' ? (part.transcript ?? '') : '');
    this.#reply?.setAttributes({ 'gen_ai.output.messages': messages('assistant', said) });
  }

  speech_created({ speech, source }: AgentEvents['speech_created']): void {
    const attributes = { 'repartee.reply.id': speech.replyId, 'repartee.reply.source': source };
    const span = this.#start('repartee.reply', attributes, this.#inTurn ?? this.#inCall);
    this.#reply = span;
    this.#inReply = this.#api.trace.setSpan(this.#inTurn ?? this.#inCall, span);
    void speech.waitForPlayout().then(() => {
      span.setAttributes({ 'repartee.reply.interrupted': speech.interrupted });
      // What the model's side has to say of it comes in the same moment.
      queueMicrotask(() => this.#end(span));
    });
  }

  metrics_collected(metrics: AgentEvents['metrics_collected']): void {
    if (metrics.type === 'turn') {
      const { commitMs, modelMs, playMs, leadSilenceMs } = metrics.waterfall;
      this.#turn?.setAttributes({
        'repartee.voice_to_voice_ms': metrics.voiceToVoiceMs,
        'repartee.commit_ms': commitMs,
        'repartee.model_ms': modelMs,
        'repartee.play_ms': playMs,
        'repartee.lead_silence_ms': leadSilenceMs,
      });
    } else if (metrics.type === 'turn_completed') this.#completeTurn(metrics);
    else if (metrics.type === 'realtime_model') this.#inferred(metrics);
  }

  tool_started({ callId, name, args }: AgentEvents['tool_started']): void {
    const attributes: Attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.id': callId,
      'gen_ai.tool.type': 'function',
    };
    if (this.#words) attributes['gen_ai.tool.call.arguments'] = args.slice(0, textLimit);
    this.#tools.set(callId, this.#start(`execute_tool ${name}`, attributes, this.#inTurn ?? this.#inCall));
  }

  tool_ended({ callId, outcome, output }: AgentEvents['tool_ended']): void {
    const span = this.#tools.get(callId);
    this.#tools.delete(callId);
    span?.setAttributes({
      'repartee.tool.outcome': outcome,
      ...(this.#words && output !== undefined
        ? { 'gen_ai.tool.call.result': output.slice(0, textLimit) }
        : {}),
    });
    if (outcome === 'failed' || outcome === 'timed_out') span?.setStatus({ code: failed, message: outcome });
    this.#end(span);
  }

  error(error: ReparteeError): void {
    this.#call.recordException({ name: `${error.name} ${error.code}`, message: error.message });
  }

  close({ reason, error }: AgentEvents['close']): void {
    const { costUsd, totalTokens } = this.#session.usage;
    this.#call.setAttributes({
      'repartee.close.reason': reason,
      'repartee.tokens': totalTokens,
      ...(costUsd === null ? {} : { 'repartee.cost_usd': costUsd }),
    });
    if (error !== undefined) {
      this.#call.setAttributes({ 'error.type': error.code });
      this.#call.setStatus({ code: failed, message: error.message });
    }
    for (const span of [...this.#open]) this.#end(span);
    this.#call.end();
  }

  #completeTurn({ turnId, answered, transcriptLagMs, toolWaitMs, overlapMs }: TurnReport): void {
    const turn = this.#last ?? this.#turn;
    turn?.setAttributes({
      'repartee.turn.id': turnId,
      'repartee.turn.answered': answered,
      'repartee.tool_wait_ms': toolWaitMs,
      'repartee.overlap_ms': overlapMs,
      ...(transcriptLagMs === undefined ? {} : { 'repartee.transcript_lag_ms': transcriptLagMs }),
    });
    this.#end(turn);
    this.#last = undefined;
    if (turn !== this.#turn) return;
    this.#turn = undefined;
    this.#inTurn = undefined;
  }

  #inferred(metrics: Extract<AgentEvents['metrics_collected'], { type: 'realtime_model' }>): void {
    const { provider, model, responseId, timestampMs, durationMs, ttftMs, usage, cancelled } = metrics;
    const attributes: Attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': provider,
      'gen_ai.request.model': model,
      'gen_ai.response.id': responseId,
      'repartee.cancelled': cancelled,
    };
    const put = (name: string, value: number | undefined) => {
      if (value !== undefined) attributes[name] = value;
    };
    put('gen_ai.usage.input_tokens', usage?.inputTokens);
    put('gen_ai.usage.output_tokens', usage?.outputTokens);
    put('gen_ai.usage.cache_read.input_tokens', usage?.cachedTokens);
    put('repartee.usage.input_audio_tokens', usage?.inputAudioTokens);
    put('repartee.usage.output_audio_tokens', usage?.outputAudioTokens);
    put('repartee.ttft_ms', ttftMs);
    const within = this.#inReply ?? this.#inTurn ?? this.#inCall;
    const span = this.#tracer.startSpan(
      `chat ${model}`,
      { kind: client, attributes, startTime: timestampMs },
      within,
    );
    span.end(timestampMs + durationMs);
  }

  #start(name: string, attributes: Attributes, within: unknown = this.#inCall, startTime?: number): OtelSpan {
    const at = startTime === undefined ? {} : { startTime };
    const span = this.#tracer.startSpan(name, { attributes, ...at }, within);
    this.#open.add(span);
    return span;
  }

  /** Once for each. */
  #end(span: OtelSpan | undefined): void {
    if (span !== undefined && this.#open.delete(span)) span.end();
  }
}

/** As the conventions for generative models have them. */
function messages(role: 'user' | 'assistant', content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content: content.slice(0, textLimit) }] }]);
}
