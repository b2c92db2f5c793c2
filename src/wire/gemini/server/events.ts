import type { Event } from '../../../realtime/contract.js';
import { msToDuration } from '../convert/duration.js';
import type { Setup } from '../messages.js';
import { closeWith, type EventOf, invalidArgument, rearm, type Server, send } from './context.js';
import { audio, call, heard, response, said } from './output.js';
import { cancelCalls, interruptTurn } from './turn.js';

/** One event of the link. Items, acks and parts have no place on this wire. */
export function linkEvent(server: Server, event: Event): void {
  const { state } = server;
  if (event.t === 'closing') return closing(server, event);
  if (event.t === 'ready') return ready(server, event);
  switch (event.t) {
    case 'ack':
      server.purposes.delete(event.cmd);
      return;
    case 'refused':
      return refused(server, event);
    case 'speech':
      return speech(server, event);
    case 'heard':
      return heard(server, event);
    case 'response':
      return response(server, event);
    case 'audio':
      return audio(server, event);
    case 'said':
      return said(server, event);
    case 'call':
      return call(server, event);
    case 'drop':
      // A running response's own end tells of it.
      if (state.response === null && state.completeAtMs !== null) interruptTurn(server);
      return;
    case 'usage':
      if (event.scope === 'response') Object.assign(state.usage, event.usage);
      return;
    case 'expiring':
      return send(server, { goAway: { timeLeft: msToDuration(event.inMs) } });
    case 'resumable':
      if (state.setup?.sessionResumption === undefined) return;
      return send(server, {
        sessionResumptionUpdate:
          event.handle === null ? { resumable: false } : { newHandle: event.handle, resumable: true },
      });
  }
}

function ready(server: Server, { sessionId }: EventOf<'ready'>): void {
  const { state } = server;
  if (state.phase !== 'opening') return;
  state.phase = state.setup?.historyConfig?.initialHistoryInClientContent === true ? 'seeding' : 'live';
  state.readyByMs = null;
  rearm(server);
  send(server, { setupComplete: sessionId === undefined ? {} : { sessionId } });
}

/**
 * While a response runs, its own end says whether it was cut. Once it has ended, the client still plays: then the first
 * sound of the user is the interruption.
 */
function speech(server: Server, event: EventOf<'speech'>): void {
  const { state } = server;
  const { setup } = state;
  if (setup?.explicitVadSignal === true && event.edge !== 'discarded') {
    const type = event.edge === 'start' ? 'ACTIVITY_START' : 'ACTIVITY_END';
    const audioOffset = event.atMs === undefined ? {} : { audioOffset: msToDuration(event.atMs) };
    send(server, { voiceActivity: { type, ...audioOffset } });
  }
  const cuts = setup?.realtimeInputConfig?.activityHandling !== 'NO_INTERRUPTION';
  if (event.edge !== 'start' || !cuts || state.response !== null) return;
  if (state.completeAtMs !== null) interruptTurn(server);
  // What the model does not wait for goes on.
  else if (waitsForCalls(setup)) cancelCalls(server);
}

function waitsForCalls(setup: Setup | null): boolean {
  const functions = (setup?.tools ?? []).flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  return functions.some(({ behavior }) => behavior === 'BLOCKING');
}

/** There is no message for errors: what the client cannot do without closes the connection, the rest is left alone. */
function refused(server: Server, { cmd, code, benign, message }: EventOf<'refused'>): void {
  const purpose = cmd === undefined ? undefined : server.purposes.get(cmd);
  if (cmd === undefined || purpose === undefined) return;
  server.purposes.delete(cmd);
  switch (purpose) {
    case 'reply':
      if (code === 'conversation_already_has_active_response' && server.state.response !== null) {
        server.state.owesReply = true;
      } else if (!benign) closeWith(server, 1011, message);
      return;
    case 'commit':
      return closeWith(server, 1007, 'Precondition check failed.');
    case 'answer':
      return closeWith(server, 1008, 'Requested entity was not found.');
    case 'item':
    case 'configure':
      return closeWith(server, 1007, `${invalidArgument} ${message}`);
    case 'other':
      return;
  }
}

function closing(server: Server, { code, disposition, message }: EventOf<'closing'>): void {
  const resumes = server.state.setup?.sessionResumption?.handle !== undefined;
  if (resumes && server.state.phase === 'opening' && code === 'session_expired') {
    closeWith(server, 1008, 'BidiGenerateContent session not found');
  } else if (disposition === 'done') closeWith(server, 1000, '');
  else closeWith(server, 1011, message || 'Internal error occurred.');
}
