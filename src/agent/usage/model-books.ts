import type { Listeners } from '../../core/index.js';
import type { RealtimeEvents, RealtimeSession } from '../../realtime/index.js';
import type { Accounts } from './accounts.js';
import type { CallMeter } from './meter/call-meter.js';

/**
 * What a model's session tells of what is paid for and what is measured, taken down. An object to be attached, so that it costs a
 * session no closures.
 */
export class ModelBooks implements Listeners<RealtimeEvents> {
  readonly #model: RealtimeSession;
  readonly #accounts: Accounts;
  readonly #meter: CallMeter;

  constructor(model: RealtimeSession, { accounts, meter }: { accounts: Accounts; meter: CallMeter }) {
    this.#model = model;
    this.#accounts = accounts;
    this.#meter = meter;
  }

  usage_reported(report: RealtimeEvents['usage_reported']): void {
    this.#accounts.report(report);
  }

  input_speech_started({ turnId, atMs }: RealtimeEvents['input_speech_started']): void {
    if (atMs !== undefined) this.#meter.voiceBegan(turnId, this.#model.inputMs - atMs);
  }

  input_audio_committed({ turnId: turn }: RealtimeEvents['input_audio_committed']): void {
    this.#meter.told({ t: 'committed', turn });
  }

  input_audio_dropped({ droppedMs }: RealtimeEvents['input_audio_dropped']): void {
    this.#meter.told({ t: 'dropped', droppedMs });
  }

  remote_item_truncated({ itemId: item, heardMs }: RealtimeEvents['remote_item_truncated']): void {
    this.#meter.told({ t: 'truncated', item, heardMs });
  }
}
