/** A level bar. Loudness is shown in decibels, as ears hear it; it falls slower than it rises, as eyes like it. */
export class Meter {
  readonly #element: HTMLElement;
  /** For those who cannot see the bar. */
  readonly #meter: HTMLMeterElement;
  #shown = 0;
  #told = -1;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#meter = element.querySelector('meter')!;
  }

  /** `rms` from 0 to 1; call once per animation frame. */
  show(rms: number): void {
    const target = loudness(rms);
    this.#shown = target > this.#shown ? target : Math.max(target, this.#shown * 0.88 - 0.002);
    this.#element.style.setProperty('--level', this.#shown.toFixed(3));
    const percent = Math.round(this.#shown * 10) * 10;
    if (percent === this.#told) return;
    this.#told = percent;
    this.#meter.value = percent;
  }
}

/** -55 dB is nothing, -10 dB is full. */
export function loudness(rms: number): number {
  if (!(rms > 0)) return 0;
  return Math.min(1, Math.max(0, (20 * Math.log10(rms) + 55) / 45));
}
