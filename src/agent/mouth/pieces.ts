import { ConfigError } from '../../core/index.js';

/** Anything that brings values one after the other. */
export type Source<T> = Iterable<T> | AsyncIterable<T> | ReadableStream<T>;

/** Takes what a source brings, one by one; whoever gives up in the middle lets the source go. */
export interface Pieces<T> {
  next(): Promise<T | undefined>;
  /** Nothing more is wanted. What the source throws at that is of no interest. */
  release(): void;
}

/** ConfigError `option_invalid` for what is no source. */
export function piecesOf<T>(source: Source<T>, param: string): Pieces<T> {
  if (typeof source === 'object' && source !== null) {
    // Not every browser can iterate over a stream.
    if ('getReader' in source) return ofReader(source.getReader());
    if (Symbol.asyncIterator in source) return ofIterator(source[Symbol.asyncIterator]());
    if (Symbol.iterator in source) return ofIterator(source[Symbol.iterator]());
  }
  throw new ConfigError('option_invalid', `${param} is neither iterable nor a stream`, { param });
}

function ofReader<T>(reader: ReadableStreamDefaultReader<T>): Pieces<T> {
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? undefined : value;
    },
    release: () => void reader.cancel().catch(() => {}),
  };
}

function ofIterator<T>(iterator: Iterator<T> | AsyncIterator<T>): Pieces<T> {
  return {
    async next() {
      const { done, value } = await iterator.next();
      return done === true ? undefined : value;
    },
    release() {
      void Promise.resolve()
        .then(() => iterator.return?.())
        .catch(() => {});
    },
  };
}
