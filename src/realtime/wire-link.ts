import type { Clock, Ids, Socket, Timer } from '../core/index.js';
import type { ClientMachine, Command, Event, Link } from './contract.js';
import type { FrameTap } from './model.js';

export interface WireLinkOptions {
  clock: Clock;
  ids: Ids;
  tap?: FrameTap | undefined;
}

/** A client machine over a socket. The socket is open; nothing has been sent. */
export function wireLink(socket: Socket, createMachine: ClientMachine, options: WireLinkOptions): Link {
  const { clock, ids, tap } = options;
  let listener: (event: Event) => void = () => {};
  let timer: Timer | undefined;
  let done = false;

  const machine = createMachine(
    {
      frame(frame) {
        tap?.('out', frame);
        socket.send(frame);
      },
      emit(event) {
        if (done) return;
        if (event.t === 'closing') {
          done = true;
          timer?.cancel();
        }
        listener(event);
      },
      wakeAt(ms) {
        timer?.cancel();
        timer = ms === null ? undefined : clock.at(ms, () => machine.wake(clock.now()));
      },
      close(code, reason) {
        socket.close(code, reason);
      },
    },
    ids,
  );
  socket.onFrame((frame) => {
    if (done) return;
    tap?.('in', frame);
    machine.frame(frame, clock.now());
  });
  socket.onClose(({ code, reason }) => {
    if (!done) machine.closed(code, reason, clock.now());
    timer?.cancel();
  });
  return {
    send(command: Command) {
      if (!done) machine.local(command, clock.now());
    },
    onEvent(next) {
      listener = next;
    },
  };
}
