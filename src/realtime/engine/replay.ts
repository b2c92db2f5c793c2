import { diffItems, type Item } from '../../chat/index.js';
import type { Ids, Ms } from '../../core/index.js';
import type { Capabilities } from '../capabilities.js';
import type { Command, TurnRule } from '../contract.js';
import type { Connection } from './connection.js';
import type { Early } from './early.js';
import type { Journal } from './journal.js';
import type { Ledger } from './ledger.js';
import type { EngineState } from './state.js';

export interface Replay {
  state: EngineState;
  connection: Connection;
  journal: Journal;
  ledger: Ledger;
  /** The commands that waited. */
  early: Early;
  ids: Ids;
  turns: TurnRule;
  rateHz: number;
  edits: Pick<Capabilities, 'history' | 'remove'>;
  /** The first link: all that was said before waits in the commands. */
  isFirst: boolean;
}

type Placed = { atMs: Ms; command: Command };

/** Where the window of silence is not known. */
const defaultSilenceMs = 800;

/**
 * A new link gets what it needs: what has changed since its opening was made, the input line from `fromMs` on, and the
 * commands that waited, each at its place. Gives how much of the line was not there any more.
 */
export function replay(on: Replay, fromMs: Ms): Ms {
  const { state, connection, journal, ledger } = on;
  const early = on.early.take();
  if (!on.isFirst) sendChanges(on);
  const commits: Placed[] = [];
  if (state.byHand) {
    const waiting = new Set(early.map(({ command }) => ('cmd' in command ? command.cmd : undefined)));
    for (const { commit, commitMs } of state.turns) {
      if (commitMs === null || (commit !== null && waiting.has(commit))) continue;
      const cmd = commit ?? on.ids('own');
      commits.push({ atMs: commitMs, command: { t: 'activity', cmd, edge: 'end' } });
    }
  }
  let placeMs = Math.max(fromMs, journal.fromMs);
  const audioTo = (ms: Ms) => {
    for (const { atMs, pcm } of journal.read(placeMs, ms)) {
      connection.audio(pcm, atMs, (pcm.length * 1000) / on.rateHz);
    }
    placeMs = Math.max(placeMs, ms);
  };
  for (const { atMs, command } of [...commits, ...early].toSorted((a, b) => a.atMs - b.atMs)) {
    audioTo(atMs);
    // It broke in the middle of this: the rest waits for the next one.
    if (connection.isOver) {
      if (!commits.some((commit) => commit.command === command)) on.early.add(command, atMs);
      continue;
    }
    ledger.sent(command);
    connection.send(command, atMs);
  }
  audioTo(journal.toMs);
  sendSilence(on);
  return Math.max(0, journal.fromMs - fromMs);
}

/** The server ends a turn only after silence: where the line has none behind the last turn, it gets some. */
function sendSilence({ state, connection, journal, turns, rateHz }: Replay): void {
  const last = state.turns.at(-1);
  if (turns.owner !== 'wire' || last === undefined || last.endMs === null) return;
  const wantedMs = (turns.silenceMs ?? defaultSilenceMs) + 300;
  const missingMs = wantedMs - (journal.toMs - last.endMs);
  if (missingMs <= 0) return;
  connection.pad(new Int16Array(Math.round((missingMs * rateHz) / 1000)), missingMs);
}

/** What has happened since the opening was made. */
function sendChanges({ connection, journal, ledger, state, ids, edits }: Replay): void {
  const { opening } = connection;
  if (opening === undefined || opening.resume !== undefined || edits.history === 'opening') return;
  const spoken = new Set(state.turns.map(({ item }) => item ?? ''));
  const now = ledger.seeds(spoken);
  const { remove, create, changed } = diffItems(opening.history, now, isSame);
  const items = new Map(now.map((item) => [item.id, item]));
  if (edits.remove) {
    for (const item of [...remove, ...changed]) {
      connection.send({ t: 'item.remove', cmd: ids('own'), item }, journal.toMs);
      connection.absorbRemoval(item);
    }
  }
  const previous = new Map(now.map(({ id }, index) => [id, index === 0 ? null : now[index - 1]!.id]));
  const isChanged = new Set(changed);
  const isNew = new Set(create.map(({ id }) => id));
  for (const { id } of now) {
    if (!isNew.has(id) && !(edits.remove && isChanged.has(id))) continue;
    // Servers refuse the id of an item that they may not have removed yet.
    const theirs = isChanged.has(id) ? ids('item') : id;
    const after = edits.history === 'any' ? { after: previous.get(id) ?? null } : {};
    const item = { ...items.get(id)!, id: theirs };
    connection.send({ t: 'item.add', cmd: ids('own'), item, ...after }, journal.toMs);
    connection.names.bind(theirs, id);
    connection.knows(id);
  }
}

function isSame(before: Item, after: Item): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}
