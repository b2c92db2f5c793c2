import type { Link } from '../realtime/index.js';

/** A link in front of another one: it hears and says by its own `send` and `onEvent`, and knows of the far end what the other does. */
export function overLink(inner: Link, { send, onEvent }: Pick<Link, 'send' | 'onEvent'>): Link {
  return {
    send,
    onEvent,
    get heardFromMs() {
      return inner.heardFromMs;
    },
    get reachedMs() {
      return inner.reachedMs;
    },
  };
}
