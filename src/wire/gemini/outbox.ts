import type { Port, WireMachine } from '../../realtime/contract.js';

type Create<In, Out> = (port: Port<Out>, ids: (kind: string) => string) => WireMachine<In>;

/**
 * The same machine, but what it emits is handed on only when the input at hand is done with: whoever hears of it may
 * answer within the call, and must meet a machine at rest. Order is kept.
 */
export function withOutbox<In, Out>(create: Create<In, Out>): Create<In, Out> {
  return (port, ids) => {
    const waiting: Out[] = [];
    let draining = false;
    const inner: Port<Out> = {
      frame: (frame) => port.frame(frame),
      emit: (out) => void waiting.push(out),
      wakeAt: (ms) => port.wakeAt(ms),
      close: (code, reason) => port.close(code, reason),
    };
    const machine = create(inner, ids);
    const run = (step: () => void) => {
      step();
      if (draining) return;
      draining = true;
      try {
        for (let out = waiting.shift(); out !== undefined; out = waiting.shift()) port.emit(out);
      } finally {
        draining = false;
      }
    };
    return {
      local: (input, nowMs) => run(() => machine.local(input, nowMs)),
      frame: (frame, nowMs) => run(() => machine.frame(frame, nowMs)),
      wake: (nowMs) => run(() => machine.wake(nowMs)),
      closed: (code, reason, nowMs) => run(() => machine.closed(code, reason, nowMs)),
    };
  };
}
