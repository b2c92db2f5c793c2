import { ConnectionError, type Socket, type SocketClose } from '../core/index.js';

/** A browser's WebSocket as a `Socket`, open when it resolves. The server is given `timeoutMs` to accept. */
export function openBrowserSocket(url: string, timeoutMs = 10_000): Promise<Socket> {
  return new Promise((resolve, reject) => {
    let ws: WebSocket;
    try {
      ws = new WebSocket(url);
    } catch (cause) {
      reject(new ConnectionError('connect_failed', `'${url}' is not an address of a server.`, { cause }));
      return;
    }
    ws.binaryType = 'arraybuffer';
    const timer = setTimeout(() => ws.close(), timeoutMs);
    ws.onopen = () => {
      clearTimeout(timer);
      resolve(wrap(ws));
    };
    // A browser tells a page nothing about why; `error` is always followed by `close`.
    ws.onclose = () => {
      clearTimeout(timer);
      const message = `The server at ${new URL(url).host} does not answer. Is it running?`;
      reject(new ConnectionError('connect_failed', message));
    };
  });
}

function wrap(ws: WebSocket): Socket {
  let closed: SocketClose | undefined;
  let onClose: ((close: SocketClose) => void) | undefined;
  const end = (close: SocketClose) => {
    if (closed !== undefined) return;
    closed = close;
    onClose?.(close);
  };
  ws.onclose = (event) => end({ code: event.code, reason: event.reason });
  return {
    send(frame) {
      if (ws.readyState !== WebSocket.OPEN) return;
      ws.send(typeof frame === 'string' ? frame : new Uint8Array(frame));
    },
    close(code = 1000, reason = '') {
      ws.close(code, reason);
    },
    onFrame(listener) {
      ws.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
        if (closed === undefined) listener(typeof data === 'string' ? data : new Uint8Array(data));
      };
    },
    onClose(listener) {
      onClose = listener;
    },
    get bufferedBytes() {
      return ws.bufferedAmount;
    },
  };
}
