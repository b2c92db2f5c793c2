import type { Ms } from '../../core/index.js';

/** Speech on a mixed line: where a stretch of it stands. */
interface Span {
  mixMs: Ms;
  speechMs: Ms;
  durationMs: Ms;
}

/** A piece of the line between two clears; positions in it count from its beginning. */
interface Piece {
  mixLengthMs: Ms;
  speechLengthMs: Ms;
  spans: Span[];
}

const toleranceMs: Ms = 0.5;

/**
 * Where speech stands on a line that carries something else beneath and between it: positions on the one as positions on
 * the other. A clear cuts both lines; until it is answered nobody knows where they go on.
 */
export class LineMap {
  /** Positions at which the first piece begins. */
  #mixBaseMs: Ms = 0;
  #speechBaseMs: Ms = 0;
  /** The first is what plays; each of the others stands behind a clear that is not answered. */
  #pieces: Piece[] = [{ mixLengthMs: 0, speechLengthMs: 0, spans: [] }];

  /** End of the mixed line; undefined while a clear is not answered. */
  get mixMs(): Ms | undefined {
    return this.isClearing ? undefined : this.#mixBaseMs + this.#pieces[0]!.mixLengthMs;
  }

  /** End of the line of speech; undefined while a clear is not answered. */
  get speechMs(): Ms | undefined {
    return this.isClearing ? undefined : this.#speechBaseMs + this.#pieces[0]!.speechLengthMs;
  }

  get isClearing(): boolean {
    return this.#pieces.length > 1;
  }

  /** So much was written to the end, with or without speech. */
  wrote(durationMs: Ms, isSpeech: boolean): void {
    const piece = this.#pieces.at(-1)!;
    if (isSpeech) {
      const last = piece.spans.at(-1);
      const goesOn = last !== undefined && last.mixMs + last.durationMs > piece.mixLengthMs - toleranceMs;
      if (goesOn) last.durationMs += durationMs;
      else piece.spans.push({ mixMs: piece.mixLengthMs, speechMs: piece.speechLengthMs, durationMs });
      piece.speechLengthMs += durationMs;
    }
    piece.mixLengthMs += durationMs;
  }

  /** How much speech was played when the mixed line was played up to there. */
  speechAt(mixMs: Ms): Ms {
    const [piece] = this.#pieces;
    const at = mixMs - this.#mixBaseMs;
    let speechMs = 0;
    for (const span of piece!.spans) {
      if (span.mixMs > at) break;
      speechMs = span.speechMs + Math.min(span.durationMs, at - span.mixMs);
    }
    return this.#speechBaseMs + speechMs;
  }

  /** Speech is being played there, or begins. */
  isSpeechAt(mixMs: Ms): boolean {
    const at = mixMs - this.#mixBaseMs;
    return this.#pieces[0]!.spans.some(
      (span) => span.mixMs <= at && at < span.mixMs + span.durationMs - toleranceMs,
    );
  }

  /** What was played is not asked for again. */
  forget(mixMs: Ms): void {
    const piece = this.#pieces[0]!;
    const at = mixMs - this.#mixBaseMs;
    // The last one stays: more of it may follow.
    while (piece.spans.length > 1 && piece.spans[1]!.mixMs <= at) piece.spans.shift();
  }

  clear(): void {
    this.#pieces.push({ mixLengthMs: 0, speechLengthMs: 0, spans: [] });
  }

  /** The oldest clear was answered: gives how much speech had been played. */
  cleared(mixMs: Ms): Ms {
    const speechMs = this.speechAt(mixMs);
    if (this.#pieces.length > 1) this.#pieces.shift();
    this.#mixBaseMs = mixMs;
    this.#speechBaseMs = speechMs;
    return speechMs;
  }
}
