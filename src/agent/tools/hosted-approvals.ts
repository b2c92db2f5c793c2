import type { ReparteeError, Timer } from '../../core/index.js';
import type { RealtimeEvents, RealtimeSession } from '../../realtime/index.js';
import type { SessionHost } from '../session-host.js';

/** Calls that the provider runs by itself once somebody has said yes. It waits for an answer; it gets one. */
export class HostedApprovals {
  readonly #host: SessionHost;
  readonly #withinMs: number;
  #open: Map<string, { model: RealtimeSession; timer: Timer }> | undefined;

  constructor(host: SessionHost, withinMs: number) {
    this.#host = host;
    this.#withinMs = withinMs;
  }

  asked({ approvalId, server, name, args }: RealtimeEvents['mcp_approval_requested']): void {
    const { clock, emit } = this.#host;
    const withinMs = this.#withinMs;
    const model = this.#host.model();
    const refuse = () => this.#answer(approvalId, false, 'Nobody approved it in time');
    this.#open ??= new Map();
    // Asked once more: its time begins anew.
    this.#open.get(approvalId)?.timer.cancel();
    this.#open.set(approvalId, { model, timer: clock.at(clock.now() + withinMs, refuse) });
    emit('tool_approval_requested', { callId: approvalId, name, args, withinMs, server });
  }

  /** False: it is none of these. */
  approve(approvalId: string, approved: boolean, reason: string): boolean {
    if (this.#open?.has(approvalId) !== true) return false;
    this.#answer(approvalId, approved, reason);
    return true;
  }

  /** Nobody is asked any more. */
  close(): void {
    for (const { timer } of this.#open?.values() ?? []) timer.cancel();
    this.#open = undefined;
  }

  #answer(approvalId: string, approved: boolean, reason: string): void {
    const open = this.#open?.get(approvalId);
    if (open === undefined) return;
    const { model, timer } = open;
    this.#open?.delete(approvalId);
    timer.cancel();
    if (model.state === 'closed') return;
    model.approve(approvalId, approved, reason === '' ? undefined : reason).catch((error: ReparteeError) => {
      // Refused: whoever speaks to the model himself has answered it.
      if (model.state !== 'closed' && error.code !== 'provider_refused') this.#host.emit('error', error);
    });
  }
}
