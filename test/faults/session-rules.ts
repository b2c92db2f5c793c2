import type { Happening } from './talker.js';

/** The legal orders of a session's public events, whatever becomes of its links. */
export function sessionBreaches(happenings: readonly Happening[]): string[] {
  const breaches: string[] = [];
  const started = new Set<string>();
  const responses = new Map<string, 'running' | 'ended'>();
  const transcribed = new Set<string>();
  const calls = new Set<string>();
  let speaking: string | undefined;
  let state = 'connecting';
  let closed = false;
  const breach = (what: string) => breaches.push(`illegal session event: ${what}`);
  for (const { name, event } of happenings) {
    if (closed) breach(`${name} after closed`);
    switch (name) {
      case 'state_changed':
        if (event.from !== state) breach(`state ${event.from} -> ${event.to} while ${state}`);
        state = event.to;
        break;
      case 'input_speech_started':
        if (speaking !== undefined) breach(`speech of ${event.turnId} starts in that of ${speaking}`);
        if (started.has(event.turnId)) breach(`speech of ${event.turnId} starts twice`);
        started.add(event.turnId);
        speaking = event.turnId;
        break;
      case 'input_speech_stopped':
        if (speaking !== event.turnId && !event.discarded)
          breach(`speech of ${event.turnId} stops unstarted`);
        speaking = undefined;
        break;
      case 'input_audio_transcription_completed':
        if (transcribed.has(event.itemId)) breach(`${event.itemId} is transcribed twice`);
        transcribed.add(event.itemId);
        break;
      case 'generation_created':
        if (responses.has(event.responseId)) breach(`${event.responseId} is created twice`);
        responses.set(event.responseId, 'running');
        break;
      case 'generation_ended':
        if (responses.get(event.responseId) !== 'running') breach(`${event.responseId} ends and did not run`);
        responses.set(event.responseId, 'ended');
        break;
      case 'generation_call':
        if (calls.has(event.callId)) breach(`call ${event.callId} comes twice`);
        calls.add(event.callId);
        break;
      case 'closed':
        closed = true;
    }
  }
  for (const [response, is] of responses) if (is === 'running') breach(`${response} never ended`);
  return breaches;
}
