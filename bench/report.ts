import type { ClientEntry } from './clients/table.js';
import { median } from './measure/statistics.js';
import { type Plan, rows } from './plan.js';
import type { Measured } from './round.js';

/** One list of rounds per client; a round in which the client failed is undefined. */
export interface Results {
  entry: ClientEntry;
  rounds: (Measured | undefined)[];
}

type Pick = (measured: Measured) => number | undefined;

/** The tables, as Markdown. Each ratio is taken within a round and the median is over the rounds. */
export function report(results: readonly Results[], { sessions, skip }: Plan): string {
  const floor = results.find(({ entry }) => entry.name === 'floor');
  const cell = (result: Results, pick: Pick, digits: number): string => {
    const value = middle(result, pick);
    if (Number.isNaN(value)) return '-';
    const ratio = ratioTo(result, floor, pick);
    const times = Number.isNaN(ratio) || result === floor ? '' : ` (${ratio.toFixed(2)}x)`;
    return `${value.toFixed(digits)}${times}`;
  };
  const table = (title: string, heads: string[], picks: Pick[], digits: number): string =>
    [
      `### ${title}`,
      '',
      `| client | ${heads.join(' | ')} |`,
      `|---|${heads.map(() => '---:').join('|')}|`,
      ...results.map(
        (result) => `| ${label(result)} | ${picks.map((pick) => cell(result, pick, digits)).join(' | ')} |`,
      ),
      '',
    ].join('\n');
  const lag =
    (name: keyof Measured['latency'], share: 'p50' | 'p99'): Pick =>
    (measured) =>
      measured.latency[name]?.[share];

  return [
    ...(['paced', 'burst'] as const).map((pace) => {
      const those = rows.filter((row) => row.pace === pace && !skip.includes(row.name));
      const how = pace === 'paced' ? 'frames on their own times, as calls have them' : 'frames back to back';
      return table(
        `CPU per second of audio, ${sessions} sessions, ${how} (ms; in brackets: times the floor)`,
        those.map((row) => `${row.direction}, ${row.frameMs} ms`),
        those.map((row) => (measured) => measured.cpuMs[row.name]),
        3,
      );
    }),
    'User and system time of the client process; what the bench itself costs there is taken off.',
    '* sends 100 ms messages whatever it is given: compare it with the floor in the column of 100 ms.\n',
    table(
      'Latency added on the way to the server (ms)',
      ['p50, 1', 'p99, 1', `p50, ${sessions}`, `p99, ${sessions}`],
      [lag('in1', 'p50'), lag('in1', 'p99'), lag('in50', 'p50'), lag('in50', 'p99')],
      2,
    ),
    table(
      'Latency added on the way to the application (ms)',
      ['p50, 1', 'p99, 1', `p50, ${sessions}`, `p99, ${sessions}`],
      [lag('out1', 'p50'), lag('out1', 'p99'), lag('out50', 'p50'), lag('out50', 'p99')],
      2,
    ),
    table(
      'Memory per session (KB, after garbage collection)',
      ['idle, heap', 'after audio, heap', 'after audio, RSS'],
      [(m) => m.idleKb?.heapKb, (m) => m.activeKb?.heapKb, (m) => m.activeKb?.rssKb],
      0,
    ),
    table(
      'Cold import',
      ['time, ms', 'CPU, ms', 'RSS, MB'],
      [(m) => m.hello.importMs, (m) => m.hello.importCpuMs, (m) => m.hello.importRssKb / 1024],
      0,
    ),
    ...notes(results),
  ].join('\n');
}

/** Our aims, as lines that say `yes` or `no`: below both peers on every row, and at most 1.5 times the floor. */
export function aims(results: readonly Results[], plan: Plan): string[] {
  const find = (name: string) => results.find(({ entry }) => entry.name === name);
  const ours = find('repartee-agent');
  if (ours === undefined || !ours.rounds.some(Boolean)) return [];
  const lines: string[] = [];
  for (const row of rows) {
    if (plan.skip.includes(row.name)) continue;
    const pick: Pick = (measured) => measured.cpuMs[row.name];
    const toFloor = ratioTo(ours, find('floor'), pick);
    const peers = ['agents-realtime', 'livekit-session', 'livekit-agent']
      .map(find)
      .filter((peer) => peer !== undefined && !Number.isNaN(middle(peer, pick)));
    const worse = peers.filter((peer) => ratioTo(ours, peer, pick) >= 1).map((peer) => peer!.entry.label);
    lines.push(
      `${row.title}: AgentSession ${toFloor.toFixed(2)}x the floor (aim 1.5: ${toFloor <= 1.5 ? 'yes' : 'no'}); ` +
        (worse.length > 0
          ? `NOT below ${worse.join(', ')}`
          : `below ${peers.length} peers of ${peers.length}`),
    );
  }
  return lines;
}

function middle(result: Results, pick: Pick): number {
  return median(result.rounds.flatMap((measured) => (measured && pick(measured)) ?? []));
}

function ratioTo(result: Results, base: Results | undefined, pick: Pick): number {
  const ratios: number[] = [];
  result.rounds.forEach((measured, round) => {
    const other = base?.rounds[round];
    const value = measured && pick(measured);
    const unit = other && pick(other);
    if (value !== undefined && unit !== undefined && unit > 0) ratios.push(value / unit);
  });
  return median(ratios);
}

function label({ entry }: Results): string {
  return entry.batchesMs === undefined ? entry.label : `${entry.label} *`;
}

function notes(results: readonly Results[]): string[] {
  const lines = new Set<string>();
  for (const { entry, rounds } of results) {
    for (const note of rounds.flatMap((measured) => measured?.notes ?? []))
      lines.add(`- ${entry.label}: ${note}`);
  }
  return [...lines];
}
