import { readFile } from 'node:fs/promises';
import { type WasiHost, wasiHost } from './wasi.js';

export interface FliteResult {
  stdout: string;
  /** The WAV file, when one was asked for. */
  wav: Uint8Array;
}

/**
 * The flite program (CMU, BSD-like licence) as a function. A program may run only once per instance, and making one costs
 * 10 to 50 ms, so the memory is put back to its first image between runs instead (3 ms): `_start` returns in order, which
 * leaves the machine stack balanced. After a trap it is not, and a new instance is made.
 */
export class Flite {
  readonly #module: WebAssembly.Module;
  #instance: { start: () => void; memory: WebAssembly.Memory; host: WasiHost } | undefined;
  #image: Uint8Array | undefined;
  #dirty = false;

  private constructor(module: WebAssembly.Module) {
    this.#module = module;
  }

  /** `file` is what `findFlite` found. */
  static async load(file: string): Promise<Flite> {
    return new Flite(await WebAssembly.compile(await readFile(file)));
  }

  /** Runs the program to its end, in this thread. Throws what it died of; the next run is not affected. */
  run(args: readonly string[]): FliteResult {
    this.tidy();
    const { start, host } = (this.#instance ??= this.#make());
    host.begin(['flite', ...args]);
    this.#dirty = true;
    try {
      start();
    } catch (error) {
      this.#instance = undefined;
      throw error;
    }
    return { stdout: host.stdout(), wav: host.file() };
  }

  /** Makes ready for the next run; a call between runs saves that one 3 ms. */
  tidy(): void {
    if (!this.#dirty || this.#instance === undefined || this.#image === undefined) return;
    const bytes = new Uint8Array(this.#instance.memory.buffer);
    bytes.set(this.#image);
    bytes.fill(0, this.#image.length);
    this.#dirty = false;
  }

  #make() {
    const host = wasiHost();
    const { memory, _start } = new WebAssembly.Instance(this.#module, host.imports).exports;
    if (!(memory instanceof WebAssembly.Memory) || typeof _start !== 'function')
      throw new Error('flite.wasm exports no program');
    host.attach(memory);
    this.#image ??= new Uint8Array(memory.buffer.slice(0));
    this.#dirty = false;
    return { start: () => void _start(), memory, host };
  }
}
