import type { Ms } from '../../core/index.js';

/**
 * Where a link's input line and the session's run beside each other. Each replay, gap or injected silence begins another
 * piece; in each both run alike.
 */
export class LineMap {
  readonly #pieces: { linkMs: Ms; sessionMs: Ms }[] = [];
  #linkMs: Ms = 0;

  /** Length of what the link was sent. */
  get linkMs(): Ms {
    return this.#linkMs;
  }

  /** Audio of the session's line is sent now; gives its place on the link's. */
  send(sessionMs: Ms, durationMs: Ms): Ms {
    const atMs = this.#linkMs;
    const last = this.#pieces.at(-1);
    const goesOn = last !== undefined && Math.abs(last.sessionMs + atMs - last.linkMs - sessionMs) < 0.5;
    if (!goesOn) this.#pieces.push({ linkMs: atMs, sessionMs });
    this.#linkMs += durationMs;
    return atMs;
  }

  /** Silence that is on no session's line: its positions are all where the line stood. */
  pad(durationMs: Ms): Ms {
    const atMs = this.#linkMs;
    this.#linkMs += durationMs;
    return atMs;
  }

  toSession(linkMs: Ms): Ms {
    let piece = this.#pieces[0];
    if (piece === undefined) return linkMs;
    let next = 1;
    while (next < this.#pieces.length && this.#pieces[next]!.linkMs <= linkMs) piece = this.#pieces[next++]!;
    const following = this.#pieces[next];
    const sessionMs = Math.max(0, piece.sessionMs + linkMs - piece.linkMs);
    // Inside a pad: no further than where the line goes on.
    return following === undefined
      ? sessionMs
      : Math.min(sessionMs, Math.max(piece.sessionMs, following.sessionMs));
  }
}
