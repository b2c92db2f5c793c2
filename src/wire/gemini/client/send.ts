import type { ClientMessage } from '../messages.js';
import type { Client } from './state.js';

/** Clients send text; the service takes bytes as well. */
export function send(client: Client, message: ClientMessage): void {
  client.port.frame(JSON.stringify(message));
}
