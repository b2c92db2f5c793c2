/** One message of a wire: text frames are strings, binary frames are bytes. */
export type Frame = string | Uint8Array;

/**
 * An open message socket, seen from one end. It is open when you get it. Frames arrive in order; `onClose` is called
 * exactly once, after the last frame, also when this end closed. Listeners are set once, synchronously after creation.
 */
export interface Socket {
  /** Queues a frame. After `close` it does nothing. The frame's bytes must not be changed afterwards. */
  send(frame: Frame): void;
  /** Closes with a code (1000 by default) and a reason of at most 123 bytes (longer ones are cut). Twice does nothing. */
  close(code?: number, reason?: string): void;
  onFrame(listener: (frame: Frame) => void): void;
  onClose(listener: (close: SocketClose) => void): void;
  /**
   * Asks the far end for a sign of life; `onPong` is called when it comes. Absent where the medium has no such thing
   * (browsers). After `close` it does nothing.
   */
  ping?(): void;
  onPong?(listener: () => void): void;
  /** Bytes accepted by `send` and not yet handed to the network. */
  readonly bufferedBytes: number;
}

/** Why a socket ended. 1006 = no close frame came; `error` then says what the network said. */
export interface SocketClose {
  code: number;
  reason: string;
  error?: Error;
}
