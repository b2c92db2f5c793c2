import { ReparteeError, toReparteeError } from '../core/index.js';

/** What `getUserMedia` threw, as one sentence that says what to do. Names: W3C Media Capture and Streams, 10.1 and 10.2. */
export function microphoneError(thrown: unknown): ReparteeError {
  if (thrown instanceof ReparteeError) return thrown;
  const details = { cause: thrown };
  switch (thrown instanceof Error ? thrown.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return new ReparteeError(
        'microphone_denied',
        'This page may not use the microphone. Allow it in the browser’s settings for this site, then start again.',
        details,
      );
    case 'NotFoundError':
      return new ReparteeError(
        'microphone_missing',
        'No microphone was found. Plug one in, then start again.',
        details,
      );
    case 'OverconstrainedError':
      return new ReparteeError(
        'microphone_missing',
        'The chosen microphone is not there any more. Choose another one.',
        details,
      );
    case 'NotReadableError':
    case 'AbortError':
      return new ReparteeError(
        'microphone_missing',
        'The microphone does not answer. Close other programs that use it, then start again.',
        details,
      );
    default:
      return toReparteeError(thrown, 'microphone_missing', 'The microphone could not be opened: ');
  }
}

/** Browsers hide the microphone from pages that are not secure contexts. */
export function insecurePageError(): ReparteeError {
  return new ReparteeError(
    'microphone_denied',
    'The browser gives the microphone only to pages served over https or from localhost. Open this page that way.',
  );
}
