import type { ReparteeError } from '../../core/index.js';
import type { SessionHost } from '../session-host.js';
import type { CallState, ToolEffect } from './machine/state.js';

type EffectOf<T extends ToolEffect['t']> = Extract<ToolEffect, { t: T }>;

/** What the model is told of its calls, and asked to say about them. */
export class ModelTold {
  readonly #host: SessionHost;
  #closed = false;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  /** Nobody waits for anything any more. */
  close(): void {
    this.#closed = true;
  }

  answer({ call: callId, name, args, output, isError, more, then }: EffectOf<'answer'>): void {
    this.#told(this.#host.cast.models.answer({ callId, name, args, output, isError, more, then }));
  }

  /** A system's message: nobody has said it. */
  asText(text: string): void {
    const id = this.#host.conversation.noted(text);
    const parts = [{ kind: 'text', text } as const];
    this.#told(this.#host.model().addItem({ kind: 'message', id, role: 'system', parts }));
  }

  /** The calls of one response have been answered. */
  executed(calls: readonly CallState[]): void {
    this.#host.conversation.toolsExecuted(calls);
    const told = calls.flatMap(({ call, name, result }) =>
      result === undefined ? [] : [{ callId: call, name, ...result }],
    );
    this.#host.emit('function_tools_executed', { calls: told });
  }

  followUp({ reply, tools }: EffectOf<'follow_up'>): void {
    const model = this.#host.model();
    const canRefuse = model.capabilities.perReply.includes('toolChoice');
    const asked = model.generateReply({
      ...(reply === null ? {} : { continues: reply }),
      ...(tools || !canRefuse ? {} : { toolChoice: 'none' }),
    });
    void this.#expectOk(asked);
  }

  /** Whether it arrived or was refused, there is nothing more to wait for. */
  #told(done: Promise<void>): void {
    void this.#expectOk(done).then(() => {
      if (!this.#closed && this.#host.state.owed === 'telling') this.#host.input({ t: 'tool_told' });
    });
  }

  /** Never rejects. Superseded: an interruption was faster. Of a model that is gone the end was told. */
  #expectOk(done: Promise<unknown>): Promise<unknown> {
    const model = this.#host.model();
    return done.catch((error: ReparteeError) => {
      const isNews = !this.#closed && model.state !== 'closed' && error.vendorCode !== 'superseded';
      if (isNews) this.#host.emit('error', error);
    });
  }
}
