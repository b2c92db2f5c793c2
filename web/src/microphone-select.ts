import { listMicrophones, type MicrophoneChoice, type MicrophoneInfo } from 'repartee/client';

/** The list of microphones. Browsers give names only once a microphone was allowed. */
export class MicrophoneSelect {
  readonly #select: HTMLSelectElement;

  constructor(select: HTMLSelectElement, onChange: (deviceId: string) => void) {
    this.#select = select;
    select.addEventListener('change', () => onChange(select.value));
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.refresh());
  }

  get choice(): MicrophoneChoice {
    return this.#select.value === '' ? {} : { deviceId: this.#select.value };
  }

  /** Reads the list anew; `inUse` becomes the one chosen, if it is a choice of its own. */
  async refresh(inUse?: MicrophoneInfo | null): Promise<void> {
    const microphones = (await listMicrophones()).filter(
      ({ deviceId, label }) => deviceId !== 'default' && label !== '',
    );
    const wanted = inUse?.deviceId ?? this.#select.value;
    this.#select.replaceChildren(
      new Option('Default microphone', ''),
      ...microphones.map(({ deviceId, label }) => new Option(label, deviceId)),
    );
    this.#select.value = microphones.some(({ deviceId }) => deviceId === wanted) ? wanted : '';
  }

  /** Back to the browser's own choice. */
  async forget(): Promise<void> {
    this.#select.value = '';
    await this.refresh();
  }
}
