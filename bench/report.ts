import type { ClientEntry } from './clients/table.js';
import type { LagName, Measured } from './contender.js';
import { median } from './measure/statistics.js';
import { type Plan, rows } from './plan.js';

export interface Results {
  entry: ClientEntry;
  measured: Measured;
}

/** The values of all rounds; a round that failed is undefined. */
type Pick = (measured: Measured) => readonly (number | undefined)[];

/** The tables, as Markdown. Each ratio is taken within a round and the median is over the rounds. */
export function report(results: readonly Results[], plan: Plan): string {
  const { sessions, skip } = plan;
  const floor = results.find(({ entry }) => entry.name === 'floor');
  const cell = (result: Results, pick: Pick, digits: number): string => {
    const value = middle(result, pick);
    if (Number.isNaN(value)) return '-';
    const ratio = ratioTo(result, floor, pick);
    const times = Number.isNaN(ratio) || result === floor ? '' : ` (${ratio.toFixed(2)}x)`;
    return `${value.toFixed(digits)}${times}`;
  };
  const table = (title: string, columns: [head: string, pick: Pick][], digits: number): string =>
    [
      `### ${title}`,
      '',
      `| client | ${columns.map(([head]) => head).join(' | ')} |`,
      `|---|${columns.map(() => '---:').join('|')}|`,
      ...results.map(
        (result) =>
          `| ${label(result)} | ${columns.map(([, pick]) => cell(result, pick, digits)).join(' | ')} |`,
      ),
      '',
    ].join('\n');
  const cpu = (pace: 'paced' | 'burst', how: string): string =>
    table(
      `CPU per second of audio, ${sessions} sessions, ${how} (ms; in brackets: times the floor)`,
      rows
        .filter((row) => row.pace === pace && !skip.includes(row.name))
        .map((row) => [`${row.direction}, ${row.frameMs} ms`, ({ cpuMs }) => cpuMs[row.name] ?? []]),
      3,
    );
  const lags = (title: string, alone: LagName, many: LagName): string => {
    const pick =
      (name: LagName, share: 'p50' | 'p99'): Pick =>
      ({ lag }) =>
        (lag[name] ?? []).map((round) => round?.[share]);
    return table(
      title,
      [
        ['p50, 1 session', pick(alone, 'p50')],
        ['p99, 1 session', pick(alone, 'p99')],
        [`p50, ${sessions}`, pick(many, 'p50')],
        [`p99, ${sessions}`, pick(many, 'p99')],
      ],
      2,
    );
  };

  return [
    cpu('paced', 'frames on their own times, as calls have them'),
    cpu('burst', 'frames back to back'),
    'User and system time of the client process; what the bench itself costs there is taken off.',
    '* sends 100 ms messages whatever it is given: compare it with the floor in the columns of 100 ms.\n',
    lags('Latency added on the way to the server (ms)', 'in1', 'in50'),
    lags('Latency added on the way to the application (ms)', 'out1', 'out50'),
    table(
      'Memory per session (KB, after garbage collection)',
      [
        ['idle, heap', ({ idle }) => idle.map(({ heapKb }) => heapKb)],
        ['after audio, heap', ({ active }) => active.map(({ heapKb }) => heapKb)],
        ['after audio, RSS', ({ active }) => active.map(({ rssKb }) => rssKb)],
      ],
      0,
    ),
    table(
      'Cold import',
      [
        ['time, ms', ({ imports }) => imports.map(({ importMs }) => importMs)],
        ['CPU, ms', ({ imports }) => imports.map(({ importCpuMs }) => importCpuMs)],
        ['RSS, MB', ({ imports }) => imports.map(({ importRssKb }) => importRssKb / 1024)],
      ],
      0,
    ),
    ...results.flatMap(({ entry, measured }) =>
      [...new Set(measured.notes)].map((note) => `- ${entry.label}: ${note}`),
    ),
  ].join('\n');
}

/** Our aims, as lines that say yes or no: below the peers on every row, and at most 1.5 times the floor. */
export function aims(results: readonly Results[], plan: Plan): string[] {
  const find = (name: string) => results.find(({ entry }) => entry.name === name);
  const ours = find('repartee-agent');
  if (ours === undefined) return [];
  return rows
    .filter((row) => !plan.skip.includes(row.name))
    .map((row) => {
      const pick: Pick = ({ cpuMs }) => cpuMs[row.name] ?? [];
      const toFloor = ratioTo(ours, find('floor'), pick);
      if (Number.isNaN(toFloor)) return `${row.title}: AgentSession was not measured`;
      const peers = ['agents-realtime', 'livekit-session', 'livekit-agent']
        .map(find)
        .filter((peer) => peer !== undefined && !Number.isNaN(middle(peer, pick)));
      const worse = peers.filter((peer) => ratioTo(ours, peer, pick) >= 1).map((peer) => peer!.entry.label);
      const below =
        worse.length > 0 ? `NOT below ${worse.join(', ')}` : `below all ${peers.length} peers measured`;
      const verdict = toFloor <= 1.5 ? 'yes' : 'NO';
      return `${row.title}: AgentSession at most 1.5x the floor: ${verdict} (${toFloor.toFixed(2)}x); ${below}`;
    });
}

function middle({ measured }: Results, pick: Pick): number {
  return median(pick(measured).filter((value) => value !== undefined));
}

function ratioTo(result: Results, base: Results | undefined, pick: Pick): number {
  if (base === undefined) return Number.NaN;
  const units = pick(base.measured);
  const ratios: number[] = [];
  pick(result.measured).forEach((value, round) => {
    const unit = units[round];
    if (value !== undefined && unit !== undefined && unit > 0) ratios.push(value / unit);
  });
  return median(ratios);
}

function label({ entry }: Results): string {
  return entry.batchesMs === undefined ? entry.label : `${entry.label} *`;
}
