/** Label sets of one metric beyond this many are counted together, as `other`. */
const seriesLimit = 100;

export type Labels = Readonly<Record<string, string>>;

interface Series {
  labels: Labels;
  value: number;
  /** Of histograms: how many were at most the bound of the same place. */
  counts?: number[];
  count?: number;
}

interface Metric {
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  bounds: readonly number[];
  series: Map<string, Series>;
}

/** Counters, gauges and histograms in Prometheus' text format (version 0.0.4). */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();

  counter(name: string, help: string): (labels?: Labels, by?: number) => void {
    const metric = this.#metric(name, 'counter', help);
    return (labels = {}, by = 1) => {
      if (by >= 0) series(metric, labels).value += by;
    };
  }

  gauge(name: string, help: string): (by: number) => void {
    const metric = this.#metric(name, 'gauge', help);
    series(metric, {});
    return (by) => {
      series(metric, {}).value += by;
    };
  }

  /** `bounds`: upper bounds of the buckets, rising. */
  histogram(name: string, help: string, bounds: readonly number[]): (value: number, labels?: Labels) => void {
    const metric = this.#metric(name, 'histogram', help, bounds);
    return (value, labels = {}) => {
      const of = series(metric, labels);
      of.counts ??= bounds.map(() => 0);
      of.count = (of.count ?? 0) + 1;
      of.value += value;
      bounds.forEach((bound, at) => {
        if (value <= bound) of.counts![at]! += 1;
      });
    };
  }

  /** All of it. */
  text(): string {
    const lines: string[] = [];
    for (const [name, { kind, help, bounds, series: all }] of this.#metrics) {
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`);
      for (const one of all.values()) {
        const { labels, value } = one;
        if (kind !== 'histogram') {
          lines.push(`${name}${shown(labels)} ${value}`);
          continue;
        }
        bounds.forEach((bound, at) => {
          lines.push(`${name}_bucket${shown({ ...labels, le: String(bound) })} ${one.counts?.[at] ?? 0}`);
        });
        lines.push(`${name}_bucket${shown({ ...labels, le: '+Inf' })} ${one.count ?? 0}`);
        lines.push(`${name}_sum${shown(labels)} ${value}`, `${name}_count${shown(labels)} ${one.count ?? 0}`);
      }
    }
    return `${lines.join('\n')}\n`;
  }

  #metric(name: string, kind: Metric['kind'], help: string, bounds: readonly number[] = []): Metric {
    const metric: Metric = { kind, help, bounds, series: new Map() };
    this.#metrics.set(name, metric);
    return metric;
  }
}

function series({ series: all }: Metric, labels: Labels): Series {
  const key = JSON.stringify(labels);
  const known = all.get(key);
  if (known !== undefined) return known;
  const isFull = all.size >= seriesLimit && Object.keys(labels).length > 0;
  if (!isFull) {
    const fresh: Series = { labels, value: 0 };
    all.set(key, fresh);
    return fresh;
  }
  const other = Object.fromEntries(Object.keys(labels).map((name) => [name, 'other']));
  const otherKey = JSON.stringify(other);
  const rest = all.get(otherKey) ?? { labels: other, value: 0 };
  all.set(otherKey, rest);
  return rest;
}

function shown(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${quoted(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function quoted(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
