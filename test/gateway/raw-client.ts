import { type ClientOptions, WebSocket } from 'ws';
import type { ServerEvent, ServerEventOf, ServerEventType } from '../../src/wire/openai/events.js';

/** A client without manners: sends anything, keeps what comes. */
export class RawClient {
  readonly events: ServerEvent[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #waiting: (() => void)[] = [];

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data) => {
      this.events.push(JSON.parse(String(data)));
      this.#wake();
    });
    // A socket that breaks also closes; the close says how.
    ws.on('error', () => {});
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#wake();
      });
    });
  }

  /** Rejects where the upgrade is refused, with the status. */
  static open(url: string, options: ClientOptions = {}, protocols: string[] = []): Promise<RawClient> {
    const ws = new WebSocket(url, protocols, options);
    const client = new RawClient(ws);
    return new Promise((resolve, reject) => {
      ws.once('open', () => resolve(client));
      ws.once('unexpected-response', (_request, response) => {
        response.resume();
        reject(new Error(`HTTP ${response.statusCode}`));
      });
      ws.once('error', reject);
    });
  }

  send(event: unknown): void {
    this.ws.send(typeof event === 'string' || Buffer.isBuffer(event) ? event : JSON.stringify(event));
  }

  async until<T extends ServerEventType>(type: T, count = 1): Promise<ServerEventOf<T>> {
    for (;;) {
      const found = this.events.filter((event) => event.type === type);
      if (found.length >= count) return found[count - 1] as ServerEventOf<T>;
      if (this.ws.readyState !== WebSocket.OPEN) throw new Error(`closed before ${type}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  get isOpen(): boolean {
    return this.ws.readyState === WebSocket.OPEN;
  }

  close(): void {
    this.ws.terminate();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
