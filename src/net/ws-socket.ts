import { type Frame, type Socket, type SocketClose, WireError } from '../core/index.js';
import { closeCodeOrNormal, cutReason } from './close.js';
import { Inbox } from './inbox.js';

/** What is used of a WebSocket of the `ws` package, from either end. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  send(data: string | Uint8Array, options: { binary: boolean }): void;
  close(code?: number, reason?: string): void;
  pause(): void;
  resume(): void;
  on(event: 'message', listener: (data: unknown, isBinary: boolean) => void): unknown;
  on(event: 'close', listener: (code: number, reason: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'pong', listener: () => void): unknown;
  ping(): void;
}

const open = 1;

/** A socket that a server has accepted. Call it inside the server's `connection` event, so that no frame is missed. */
export function acceptedSocket(ws: WebSocketLike): Socket {
  return new WsSocket(ws);
}

export class WsSocket implements Socket {
  readonly #inbox: Inbox;
  #error: Error | undefined;

  constructor(readonly ws: WebSocketLike) {
    this.#inbox = new Inbox(ws);
    ws.on('message', (data, isBinary) => {
      this.#inbox.frame(toFrame(data, isBinary));
    });
    ws.on('error', (error) => {
      this.#error ??= typedError(error);
    });
    ws.on('close', (code, reason) => {
      const close: SocketClose = { code, reason: Buffer.from(reason).toString() };
      if (this.#error !== undefined) close.error = this.#error;
      this.#inbox.end(close);
    });
  }

  get bufferedBytes(): number {
    return this.ws.bufferedAmount;
  }

  send(frame: Frame): void {
    if (this.ws.readyState !== open) return;
    this.ws.send(frame, { binary: typeof frame !== 'string' });
  }

  close(code = 1000, reason = ''): void {
    if (this.ws.readyState !== open) return;
    this.ws.close(closeCodeOrNormal(code), cutReason(reason));
  }

  ping(): void {
    if (this.ws.readyState === open) this.ws.ping();
  }

  onPong(listener: () => void): void {
    this.ws.on('pong', listener);
  }

  onFrame(listener: (frame: Frame) => void): void {
    this.#inbox.setOnFrame(listener);
  }

  onClose(listener: (close: SocketClose) => void): void {
    this.#inbox.setOnClose(listener);
  }
}

function toFrame(data: unknown, isBinary: boolean): Frame {
  if (isBinary) return data instanceof Uint8Array ? data : joined(data);
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(joined(data)).toString();
}

/** `binaryType` 'arraybuffer' and 'fragments' give other shapes than one Buffer. */
function joined(data: unknown): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return Buffer.concat(data as Uint8Array[]);
}

function typedError(error: Error): Error {
  const vendorCode = 'code' in error ? String(error.code) : '';
  if (vendorCode === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return new WireError('frame_too_large', 'The far end sent a frame over the limit.', {
      cause: error,
      vendorCode,
    });
  }
  if (vendorCode.startsWith('WS_ERR_')) {
    const message = `The far end broke the WebSocket protocol: ${error.message}`;
    return new WireError('frame_malformed', message, { cause: error, vendorCode });
  }
  return error;
}
