import type { AgentEvents, AgentSession } from '../agent/index.js';
import type { Listeners, ReparteeError } from '../core/index.js';
import type { OtelMeter } from './peer.js';

const second = 's';
/** As the conventions for generative models have them, as far as a conversation goes. */
const tokenBuckets = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144];
const buckets = [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];

/** One set for all calls: what is counted and measured of them. */
export function instruments(meter: OtelMeter) {
  const time = (name: string, description: string) =>
    meter.createHistogram(name, {
      description,
      unit: second,
      advice: { explicitBucketBoundaries: buckets },
    });
  return {
    active: meter.createUpDownCounter('repartee.calls.active', {
      description: 'Calls under way',
      unit: '{call}',
    }),
    calls: meter.createCounter('repartee.calls', { description: 'Calls that have ended', unit: '{call}' }),
    callDuration: meter.createHistogram('repartee.call.duration', {
      description: 'Length of calls',
      unit: second,
    }),
    turns: meter.createCounter('repartee.turns', { description: 'Turns of callers', unit: '{turn}' }),
    voiceToVoice: time('repartee.voice_to_voice', 'From the end of a voice to the answer'),
    ack: time('repartee.ack', 'From the end of a voice to any sound of the agent'),
    stop: time('repartee.interruption.stop', 'From the beginning of a voice to silence of the agent'),
    interruptions: meter.createCounter('repartee.interruptions', { unit: '{interruption}' }),
    tool: time('repartee.tool.duration', 'From a call of a tool to its end'),
    reconnects: meter.createCounter('repartee.reconnects', { unit: '{connection}' }),
    errors: meter.createCounter('repartee.errors', { unit: '{error}' }),
    cost: meter.createCounter('repartee.cost', { description: 'What calls have cost', unit: '{usd}' }),
    inference: time('gen_ai.client.operation.duration', 'From the start of a response to its end'),
    firstToken: time('gen_ai.client.operation.time_to_first_chunk', 'To its first output'),
    tokens: meter.createHistogram('gen_ai.client.token.usage', {
      description: 'Tokens in and out of each response',
      unit: '{token}',
      advice: { explicitBucketBoundaries: tokenBuckets },
    }),
  };
}

/** Of one call. Attributes are from small sets: models, outcomes, codes. */
export class SessionInstruments implements Listeners<AgentEvents> {
  readonly #to: ReturnType<typeof instruments>;
  readonly #session: AgentSession;
  #began = false;

  constructor(to: ReturnType<typeof instruments>, session: AgentSession) {
    this.#to = to;
    this.#session = session;
  }

  agent_state_changed({ from }: AgentEvents['agent_state_changed']): void {
    if (from !== 'initializing' || this.#began) return;
    this.#began = true;
    this.#to.active.add(1);
  }

  metrics_collected(metrics: AgentEvents['metrics_collected']): void {
    const to = this.#to;
    switch (metrics.type) {
      case 'turn':
        to.voiceToVoice.record(metrics.voiceToVoiceMs / 1_000, { 'repartee.tools': metrics.withTools });
        return to.ack.record(metrics.ackMs / 1_000);
      case 'turn_completed':
        return to.turns.add(1, { 'repartee.turn.answered': metrics.answered });
      case 'interruption':
        if (metrics.stopMs !== undefined) to.stop.record(metrics.stopMs / 1_000);
        return to.interruptions.add(1, { 'repartee.interrupted_by': metrics.by });
      case 'tool':
        return to.tool.record(metrics.waitMs / 1_000, { 'repartee.tool.outcome': metrics.outcome });
      case 'realtime_model':
        return this.#inferred(metrics);
    }
  }

  session_reconnected(): void {
    this.#to.reconnects.add(1);
  }

  error({ code }: ReparteeError): void {
    this.#to.errors.add(1, { 'error.type': code });
  }

  close({ error }: AgentEvents['close']): void {
    const to = this.#to;
    if (this.#began) to.active.add(-1);
    to.calls.add(1, error === undefined ? {} : { 'error.type': error.code });
    to.callDuration.record(this.#session.metrics.durationMs / 1_000);
    for (const { model, costMicroUsd } of this.#session.usage.models) {
      if (costMicroUsd !== null && costMicroUsd > 0)
        to.cost.add(costMicroUsd / 1_000_000, { 'gen_ai.request.model': model });
    }
  }

  #inferred(metrics: Extract<AgentEvents['metrics_collected'], { type: 'realtime_model' }>): void {
    const to = this.#to;
    const { provider, model, durationMs, ttftMs, usage } = metrics;
    const of = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': provider,
      'gen_ai.request.model': model,
    };
    to.inference.record(durationMs / 1_000, of);
    if (ttftMs !== undefined) to.firstToken.record(ttftMs / 1_000, of);
    for (const [type, count] of [
      ['input', usage?.inputTokens],
      ['output', usage?.outputTokens],
    ] as const) {
      if (count !== undefined) to.tokens.record(count, { ...of, 'gen_ai.token.type': type });
    }
  }
}
