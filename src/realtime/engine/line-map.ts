import type { Ms } from '../../core/index.js';
import { none } from '../../core/none.js';

/** A stretch in which both lines run alike. */
interface Piece {
  linkMs: Ms;
  sessionMs: Ms;
  /** Where it ends, on the session's line. */
  endMs: Ms;
}

/** Where a link's input line and the session's run beside each other. Each replay or gap begins another piece. */
export class LineMap {
  #pieces: readonly Piece[] = none;
  #linkMs: Ms = 0;

  /** Length of what the link was sent. */
  get linkMs(): Ms {
    return this.#linkMs;
  }

  /** Audio of the session's line is sent now; gives its place on the link's. */
  send(sessionMs: Ms, durationMs: Ms): Ms {
    const atMs = this.#linkMs;
    const endMs = sessionMs + durationMs;
    const last = this.#pieces.at(-1);
    const goesOn = last !== undefined && Math.abs(last.sessionMs + atMs - last.linkMs - sessionMs) < 0.5;
    if (goesOn) last.endMs = endMs;
    else this.#pieces = this.#pieces.concat({ linkMs: atMs, sessionMs, endMs });
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
    return Math.min(Math.max(piece.sessionMs, piece.sessionMs + linkMs - piece.linkMs), piece.endMs);
  }
}
