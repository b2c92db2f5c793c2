import type { AgentEvents, AgentSession } from '../agent/index.js';
import type { Listeners } from '../core/index.js';
import { MetricRegistry } from './metric-registry.js';

const latencyBounds = [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];
const lengthBounds = [10, 30, 60, 120, 300, 600, 1_800, 3_600];

/** What a server tells Prometheus of its calls. One for all of them. */
export class PrometheusMetrics {
  readonly #registry = new MetricRegistry();
  readonly #to = metricsOf(this.#registry);

  /** From now on the session's call counts; call it before `start`. */
  watch(session: AgentSession): void {
    session.attach(new CallCounts(this.#to, session));
  }

  /** In the text format, version 0.0.4. */
  text(): string {
    return this.#registry.text();
  }
}

function metricsOf(registry: MetricRegistry) {
  return {
    active: registry.gauge('repartee_calls_active', 'Calls under way.'),
    calls: registry.counter(
      'repartee_calls_total',
      'Calls that have ended, by how (ok, or the code of an error).',
    ),
    length: registry.histogram('repartee_call_seconds', 'Length of calls.', lengthBounds),
    turns: registry.counter('repartee_turns_total', 'Turns of callers, answered or not.'),
    voiceToVoice: registry.histogram(
      'repartee_voice_to_voice_seconds',
      'From the end of the caller’s voice to the audible answer.',
      latencyBounds,
    ),
    stop: registry.histogram(
      'repartee_interruption_stop_seconds',
      'From the beginning of the caller’s voice to the silence of the agent.',
      latencyBounds,
    ),
    interruptions: registry.counter('repartee_interruptions_total', 'Interruptions of the agent, by whom.'),
    tools: registry.counter('repartee_tools_total', 'Tools that have ended, by how.'),
    tool: registry.histogram('repartee_tool_seconds', 'From a call of a tool to its end.', latencyBounds),
    reconnects: registry.counter(
      'repartee_reconnects_total',
      'Connections to models that took the place of others.',
    ),
    limits: registry.counter('repartee_limits_reached_total', 'Calls that were ended by a limit.'),
    errors: registry.counter('repartee_errors_total', 'Errors, by code.'),
    tokens: registry.counter(
      'repartee_tokens_total',
      'Tokens of calls that have ended, by model and direction.',
    ),
    cost: registry.counter(
      'repartee_cost_usd_total',
      'What calls that have ended have cost, by model, where it is known.',
    ),
  };
}

class CallCounts implements Listeners<AgentEvents> {
  readonly #to: ReturnType<typeof metricsOf>;
  readonly #session: AgentSession;
  #began = false;

  constructor(to: ReturnType<typeof metricsOf>, session: AgentSession) {
    this.#to = to;
    this.#session = session;
  }

  agent_state_changed({ from }: AgentEvents['agent_state_changed']): void {
    if (from !== 'initializing' || this.#began) return;
    this.#began = true;
    this.#to.active(1);
  }

  metrics_collected(metrics: AgentEvents['metrics_collected']): void {
    const to = this.#to;
    switch (metrics.type) {
      case 'turn':
        return to.voiceToVoice(metrics.voiceToVoiceMs / 1_000, { tools: String(metrics.withTools) });
      case 'turn_completed':
        return to.turns({ answered: String(metrics.answered) });
      case 'interruption':
        if (metrics.stopMs !== undefined) to.stop(metrics.stopMs / 1_000);
        return to.interruptions({ by: metrics.by });
      case 'tool':
        to.tools({ outcome: metrics.outcome });
        return to.tool(metrics.waitMs / 1_000);
    }
  }

  session_reconnected(): void {
    this.#to.reconnects();
  }

  limit_reached({ limit }: AgentEvents['limit_reached']): void {
    this.#to.limits({ limit });
  }

  error({ code }: AgentEvents['error']): void {
    this.#to.errors({ code });
  }

  close({ error }: AgentEvents['close']): void {
    const to = this.#to;
    if (this.#began) to.active(-1);
    to.calls({ outcome: error?.code ?? 'ok' });
    to.length(this.#session.metrics.durationMs / 1_000);
    for (const { model, input, output, costMicroUsd } of this.#session.usage.models) {
      const [tokensIn, tokensOut] = [input.text + input.audio + input.image, output.text + output.audio];
      if (tokensIn > 0) to.tokens({ model, direction: 'in' }, tokensIn);
      if (tokensOut > 0) to.tokens({ model, direction: 'out' }, tokensOut);
      if (costMicroUsd !== null && costMicroUsd > 0) to.cost({ model }, costMicroUsd / 1_000_000);
    }
  }
}
