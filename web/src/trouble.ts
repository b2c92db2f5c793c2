/** An error as a person sees it: what is wrong, what to do, and a button where the page itself can help. */
export interface Trouble {
  title: string;
  advice: string;
  /** `retry`: start again; `type`: go on without a microphone; `reconnect`: do not wait. */
  actions: ('retry' | 'type' | 'reconnect')[];
}

/** `code` and `message` as in `ReparteeError`; the messages of the client say what to do by themselves. */
export function trouble(error: { code: string; message: string }): Trouble {
  switch (error.code) {
    case 'microphone_denied':
      return { title: 'The microphone is not allowed', advice: error.message, actions: ['retry', 'type'] };
    case 'microphone_missing':
      return { title: 'No microphone', advice: error.message, actions: ['retry', 'type'] };
    case 'connect_failed':
    case 'connect_timeout':
      return { title: 'There is no connection', advice: error.message, actions: ['retry'] };
    case 'transport_lost':
    case 'connection_lost':
      return { title: 'The connection was lost', advice: error.message, actions: ['retry'] };
    case 'session_expired':
      return { title: 'The voice model has gone', advice: error.message, actions: ['retry'] };
    case 'auth_refused':
    case 'model_not_found':
    case 'quota_exhausted':
      return { title: 'The voice model refuses the call', advice: error.message, actions: ['retry'] };
    case 'playback_failed':
      return { title: 'No sound', advice: error.message, actions: ['retry'] };
    default:
      return { title: 'Something went wrong', advice: error.message, actions: [] };
  }
}

export const reconnectingTrouble: Trouble = {
  title: 'The connection was lost',
  advice: 'Trying to get it back. What was said so far stays here; a new conversation will begin.',
  actions: ['reconnect'],
};
