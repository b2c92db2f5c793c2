import type { VoiceStatus } from 'repartee/client';
import type { AgentState, UserState } from './messages.js';

/** What the page shows as its one state. */
export type ShownState =
  | 'idle'
  | 'preparing'
  | 'connecting'
  | 'initializing'
  | 'listening'
  | 'hearing'
  | 'thinking'
  | 'speaking'
  | 'reconnecting'
  | 'ended'
  | 'failed';

export interface Situation {
  status: VoiceStatus | null;
  agent: AgentState;
  user: UserState;
  muted: boolean;
  /** Whole seconds until the next attempt to reconnect; null while one is under way. */
  retryInSeconds: number | null;
}

export function shownState(s: Situation): ShownState {
  switch (s.status?.phase) {
    case undefined:
      return 'idle';
    case 'preparing':
    case 'connecting':
    case 'reconnecting':
      return s.status.phase;
    case 'closed':
      return s.status.error === undefined ? 'ended' : 'failed';
    case 'live':
      // Who barges in is heard at once, whatever the agent is still saying.
      return s.user === 'speaking' ? 'hearing' : s.agent;
  }
}

export function stateWords(s: Situation): string {
  const state = shownState(s);
  switch (state) {
    case 'idle':
      return 'Not connected';
    case 'preparing':
      return 'Asking for the microphone';
    case 'connecting':
      return 'Connecting';
    case 'initializing':
      return 'Getting ready';
    case 'listening':
      return s.muted ? 'Muted' : 'Listening';
    case 'hearing':
      return 'Hearing you';
    case 'thinking':
      return 'Thinking';
    case 'speaking':
      return 'Speaking';
    case 'reconnecting':
      return s.retryInSeconds === null ? 'Reconnecting' : `Reconnecting in ${s.retryInSeconds} s`;
    case 'ended':
      return 'Ended';
    case 'failed':
      return 'Not connected';
  }
}

/** Between the first press of the button and the end. */
export function isOpen(status: VoiceStatus | null): boolean {
  return status !== null && status.phase !== 'closed';
}
