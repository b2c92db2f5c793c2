import type { ClientRequest } from 'node:http';
import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { FrameEnds } from './frame-ends.js';

const bufferBytes = 65_536;
/** Into which all sockets of this thread are read: what one has brought is taken apart before the next one is read. */
let shared: Buffer | undefined;

/**
 * How a client's socket is read without memory of its own for each read. Node takes 64 KiB for one and gives back what was
 * not needed: with speech that is a frame of some kilobytes fifty times a second, by far the most of what a call allocates, and the
 * engine collects its garbage earlier for it. Here whole text messages are handed to `ws` where they were read, because it takes
 * those apart at once and whoever hears them makes a string of them; all else is handed over as a copy.
 */
export class LeanReader {
  readonly #isSecure: boolean;
  readonly #ends = new FrameEnds();
  #socket: Socket | undefined;
  /** The rest of the stream is frames. */
  #isUpgraded = false;

  constructor(isSecure: boolean) {
    this.#isSecure = isSecure;
  }

  /** `createConnection` of a request: its socket, as `ws` would make it. */
  readonly connect = (options: Target): Socket => {
    shared ??= Buffer.allocUnsafeSlow(bufferBytes);
    const callback = (bytes: number, buffer: Uint8Array) => this.#take(buffer as Buffer, bytes);
    const onread = { buffer: shared, callback };
    this.#socket = this.#isSecure ? openTls(options, onread) : openTcp(options, onread);
    return this.#socket;
  };

  /** `finishRequest` of a WebSocket: sends the request, and notes where the frames begin. */
  readonly finish = (request: ClientRequest): void => {
    request.prependListener('upgrade', (_response, _socket, head) => {
      this.#ends.pass(head, 0);
      this.#isUpgraded = true;
    });
    request.end();
  };

  /** False: nothing more is read until the stream asks for it. */
  #take(buffer: Buffer, bytes: number): boolean {
    const chunk = buffer.subarray(0, bytes);
    if (!this.#isUpgraded) return this.#giveCopy(chunk);
    const ends = this.#ends;
    const from = ends.finish(chunk);
    const to = this.#isFree ? ends.whole(chunk, from) : from;
    if (to < bytes) ends.pass(chunk, to);
    if (from === 0 && to === bytes) return this.#give(chunk);
    let goesOn = true;
    if (from > 0) goesOn = this.#giveCopy(chunk.subarray(0, from));
    if (to > from) goesOn = this.#give(chunk.subarray(from, to));
    if (to < bytes) goesOn = this.#giveCopy(chunk.subarray(to));
    return goesOn;
  }

  /** Nothing waits in the stream: what is emitted now comes in its turn. */
  get #isFree(): boolean {
    const socket = this.#socket;
    return socket?.readableFlowing === true && socket.readableLength === 0;
  }

  /** Whole messages: nothing of them is kept, unless whoever hears them has paused the stream meanwhile. */
  #give(messages: Buffer): boolean {
    if (!this.#isFree) return this.#giveCopy(messages);
    this.#socket?.emit('data', messages);
    return true;
  }

  #giveCopy(bytes: Buffer): boolean {
    return this.#socket?.push(Buffer.from(bytes)) ?? true;
  }
}

/** Of the options of a request. */
interface Target {
  path?: string | undefined;
  host?: string | undefined;
}

type OnRead = NonNullable<TcpNetConnectOpts['onread']>;

/** The path among the options is the request's; a socket would take it for that of a pipe. */
function openTcp({ path: _, ...options }: Target, onread: OnRead): Socket {
  return connectTcp({ ...options, onread } as TcpNetConnectOpts);
}

function openTls({ path: _, ...options }: Target, onread: OnRead): Socket {
  const { host = '' } = options;
  // A certificate is for a name, never for an address.
  return connectTls({ servername: isIP(host) === 0 ? host : '', ...options, onread } as ConnectionOptions);
}
