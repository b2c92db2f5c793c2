import { contentToItems, outputOf, textOf } from '../convert/content.js';
import { toolsFromWire } from '../convert/tools.js';
import type { ClientContent, Content, ContextUpdate, FunctionResponse, ToolResponse } from '../messages.js';
import { closeWith, command, invalidArgument, type Server } from './context.js';
import { cutForClient } from './turn.js';

/** Turns of the client. While the opening history is being read, no reply starts. */
export function clientContent(server: Server, { turns = [], turnComplete }: ClientContent): void {
  const { state } = server;
  if (state.phase === 'seeding') {
    addTurns(server, turns);
    if (turnComplete === true) state.phase = 'live';
    return;
  }
  contentTurn(server, turns, turnComplete === true);
}

/** Adds turns in order; `complete` interrupts without condition and asks for a reply. */
export function contentTurn(server: Server, turns: readonly Content[], complete: boolean): void {
  if (complete) cutForClient(server);
  addTurns(server, turns);
  if (complete) command(server, 'reply', (cmd) => ({ t: 'reply', cmd }));
}

function addTurns(server: Server, turns: readonly Content[]): void {
  for (const item of turns.flatMap(contentToItems)) {
    command(server, 'item', (cmd) => ({ t: 'item.add', cmd, item }));
  }
}

/** Answers may come one at a time; the model goes on when it has them all. */
export function toolResponse(server: Server, { functionResponses = [] }: ToolResponse): void {
  for (const response of functionResponses) {
    if (server.state.phase === 'closed') return;
    answer(server, response);
  }
}

function answer(server: Server, response: FunctionResponse): void {
  const { state, options } = server;
  const { name, willContinue } = response;
  const id = response.id ?? (options.surface === 'vertex' ? oldestCall(server, name) : undefined);
  const cancelled = id === undefined ? -1 : state.cancelledCalls.indexOf(id);
  // It had been sent when the cancellation came.
  if (cancelled >= 0) return void state.cancelledCalls.splice(cancelled, 1);
  if (id === undefined) return closeWith(server, 1007, invalidArgument);
  const known = state.openCalls.get(id);
  if (known === undefined) return closeWith(server, 1008, 'Requested entity was not found.');
  // A generator's interim results: the contract has one outcome per call, the last one.
  if (willContinue === true) return;
  state.openCalls.delete(id);
  const scheduling = response.scheduling ?? response.response?.scheduling;
  const silent = scheduling === 'SILENT';
  if (scheduling === 'INTERRUPT') cutForClient(server);
  const more = state.openCalls.size > 0;
  command(server, 'answer', (cmd) => ({
    t: 'answer',
    cmd,
    call: id,
    name: name || known,
    ...outputOf(response),
    more,
    then: silent ? 'wait' : 'auto',
  }));
  if (!more && !silent && options.toolReply === 'asked')
    command(server, 'reply', (cmd) => ({ t: 'reply', cmd }));
}

/** On Vertex calls have no ids: the first that waits under this name is meant. */
function oldestCall({ state }: Server, name: string | undefined): string | undefined {
  for (const [call, known] of state.openCalls) if (known === name) return call;
  return undefined;
}

export function contextUpdate(server: Server, { systemInstruction, tools }: ContextUpdate): void {
  const patch = {
    ...(systemInstruction === undefined ? {} : { instructions: textOf(systemInstruction) }),
    ...(tools === undefined ? {} : { tools: toolsFromWire(tools.tools) }),
  };
  if (Object.keys(patch).length > 0) command(server, 'configure', (cmd) => ({ t: 'configure', cmd, patch }));
}
