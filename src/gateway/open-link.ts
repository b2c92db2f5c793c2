import type { DialContext, Dialler, Link } from '../realtime/index.js';

/** The model's side of one connection: open, and nothing sent yet. Rejects with the model's own typed errors. */
export function openLink(model: Dialler, context: DialContext): Promise<Link> {
  return model.dial(context);
}
