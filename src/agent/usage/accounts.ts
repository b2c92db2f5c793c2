import { type Clock, ConfigError, type Ms } from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import type { RealtimeSession, UsageReport } from '../../realtime/index.js';
import { costOf, type MicroUsd, priceOf, usd } from './cost.js';
import { addCounts, type Counts, countsOf, noCounts } from './counts.js';
import { listPrices, type Price, type Prices } from './prices.js';

/** What was used of one model, for one thing. */
export interface ModelUsage extends Counts {
  /** `provider/model`; of a pipeline's part its own name. */
  model: string;
  of: 'realtime' | 'transcription' | 'stt' | 'llm' | 'tts';
  /** Integer millionths of a dollar; null: not known. */
  costMicroUsd: MicroUsd | null;
  /** What it was computed by. */
  price?: Price;
}

/** What was used of one model before, as another process counted it. */
export interface UsedOf {
  model: string;
  of: ModelUsage['of'];
  counts: Counts;
}

/** What a call has used so far. A snapshot: it does not change. */
export interface SessionUsage {
  models: ModelUsage[];
  /** Of all models. */
  total: Counts;
  /** In and out. */
  totalTokens: number;
  /** Of the caller, and what the caller has heard. */
  audio: { inMs: Ms; outMs: Ms };
  /** All of it, in dollars, to the cent; null while something used has no known price. */
  costUsd: number | null;
  costMicroUsd: MicroUsd | null;
  /** The part of it that is known. */
  pricedMicroUsd: MicroUsd;
  /** Models without a known price. */
  unpriced: string[];
}

export interface AccountsOptions {
  clock: Clock;
  prices: Prices;
  /** Milliseconds of audio each way so far. */
  audio(): { inMs: Ms; outMs: Ms };
  updated(): void;
}

interface Entry {
  model: string;
  of: ModelUsage['of'];
  counts: Counts;
  /** Of the response that ended last. */
  last: Counts | undefined;
  /** Of the connection so far, where its vendor counts so. */
  connection: Counts | undefined;
}

/** Keeps the books of a call: who reports what was used finds its place, and what it costs is computed when asked. */
export class Accounts {
  readonly #options: AccountsOptions;
  #entries: readonly Entry[] = none;
  /** Models that are connected, since when. */
  #open: readonly { realtime: RealtimeSession; since: Ms }[] = none;

  /** ConfigError `option_invalid` for a price that is none. */
  constructor(options: AccountsOptions) {
    this.#options = options;
    for (const [name, price] of Object.entries(options.prices)) checkPrice(name, price);
  }

  /** From now on it is paid for. */
  opened(realtime: RealtimeSession): void {
    this.#open = this.#open.concat({ realtime, since: this.#options.clock.now() });
  }

  /** It is let go. Twice does nothing. */
  closed(realtime: RealtimeSession): void {
    const open = this.#open.find((one) => one.realtime === realtime);
    if (open === undefined) return;
    this.#entry(labelOf(realtime), 'realtime').counts.sessionMs += this.#options.clock.now() - open.since;
    this.#open = allBut(this.#open, open);
  }

  /** What the call had used before it came here. */
  carryOver(used: readonly UsedOf[]): void {
    for (const { model, of, counts } of used) addCounts(this.#entry(model, of).counts, counts);
  }

  /** Something was used: of the model's session, or of a recogniser or voice beside it. */
  report({ of, model, mode, usage }: UsageReport): void {
    const counts = countsOf(usage);
    // One that only writes need not say that it is text.
    if (of === 'llm') counts.unsplit = 0;
    const kind = of === 'response' || of === 'session' ? 'realtime' : of;
    const entry = this.#entry(model, kind);
    if (of === 'response') {
      if (mode === 'total' && entry.last !== undefined) addCounts(entry.counts, entry.last, -1);
      entry.last = counts;
      addCounts(entry.counts, counts);
    } else if (of === 'session' && mode === 'total') {
      // A lower sum is another connection's.
      const before = entry.connection;
      if (before !== undefined && tokensOf(counts) >= tokensOf(before)) addCounts(entry.counts, before, -1);
      entry.connection = counts;
      addCounts(entry.counts, counts);
    } else addCounts(entry.counts, counts);
    this.#options.updated();
  }

  /** A synthesiser beside the model was given text. */
  spoke(model: string, characters: number): void {
    this.report({ of: 'tts', model, mode: 'delta', usage: { characters } });
  }

  /** A recogniser beside the model was given audio. */
  heard(model: string, inputAudioMs: Ms): void {
    this.report({ of: 'stt', model, mode: 'delta', usage: { inputAudioMs } });
  }

  get usage(): SessionUsage {
    const models = this.#models();
    const total = noCounts();
    let priced: MicroUsd = 0;
    const unpriced: string[] = [];
    for (const model of models) {
      addCounts(total, model);
      if (model.costMicroUsd !== null) priced += model.costMicroUsd;
      else if (!unpriced.includes(model.model)) unpriced.push(model.model);
    }
    const cost = unpriced.length === 0 ? priced : null;
    return {
      models,
      total,
      totalTokens: tokensOf(total),
      audio: this.#options.audio(),
      costUsd: cost === null ? null : usd(cost),
      costMicroUsd: cost,
      pricedMicroUsd: priced,
      unpriced,
    };
  }

  #models(): ModelUsage[] {
    const { clock, prices } = this.#options;
    const live = new Map<string, Ms>();
    for (const { realtime, since } of this.#open) {
      const label = labelOf(realtime);
      this.#entry(label, 'realtime');
      live.set(label, (live.get(label) ?? 0) + clock.now() - since);
    }
    return this.#entries.flatMap(({ model, of, counts: kept }) => {
      const counts = noCounts();
      addCounts(counts, kept);
      if (of === 'realtime') counts.sessionMs += live.get(model) ?? 0;
      const price = priceOf(model, prices, listPrices);
      // A pipeline's own line has nothing but its time: its parts have theirs.
      const isIdle = tokensOf(counts) === 0 && counts.inputAudioMs === 0 && counts.characters === 0;
      const costMicroUsd = isIdle && price?.perSessionMinute === undefined ? 0 : costOf(counts, price);
      return [{ model, of, ...counts, costMicroUsd, ...(price === undefined ? {} : { price }) }];
    });
  }

  #entry(model: string, of: ModelUsage['of']): Entry {
    const known = this.#entries.find((one) => one.of === of && one.model === model);
    if (known !== undefined) return known;
    const entry = { model, of, counts: noCounts(), last: undefined, connection: undefined };
    this.#entries = this.#entries.concat(entry);
    return entry;
  }
}

function labelOf({ model }: RealtimeSession): string {
  return `${model.provider}/${model.model}`;
}

/** In and out. */
export function tokensOf({ input, output }: Counts): number {
  return input.text + input.audio + input.image + output.text + output.audio;
}

function checkPrice(name: string, price: Price): void {
  const { perMillionTokens = {}, perInputMinute, perSessionMinute, perMillionCharacters } = price;
  const dollars = { ...perMillionTokens, perInputMinute, perSessionMinute, perMillionCharacters };
  for (const [field, value] of Object.entries(dollars)) {
    if (value === undefined || (Number.isFinite(value) && value >= 0)) continue;
    const param = `prices.${name}.${field}`;
    throw new ConfigError('option_invalid', `${param} is dollars, 0 or more, not ${value}.`, { param });
  }
}
