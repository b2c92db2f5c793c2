/** The `wasi_snapshot_preview1` calls that flite imports, in memory: arguments in, text and one written file out. */
export interface WasiHost {
  imports: { wasi_snapshot_preview1: Record<string, WebAssembly.ImportValue> };
  attach(memory: WebAssembly.Memory): void;
  /** Sets the arguments and forgets what the last program wrote. */
  begin(args: readonly string[]): void;
  stdout(): string;
  /** A copy of the file that was written. */
  file(): Uint8Array;
}

const badDescriptor = 8;
const notSeekable = 29;
const preopened = 3;
const written = 4;
/** More than an hour of 16 kHz PCM16 is a program that does not stop. */
const fileLimit = 128 * 2 ** 20;

/** File descriptors: 1 is text, 3 the folder ".", 4 the file (any path opens it). */
export function wasiHost(): WasiHost {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let memory: WebAssembly.Memory | undefined;
  let args: Uint8Array[] = [];
  let text: string[] = [];
  let file = new Uint8Array(256 * 1024);
  let position = 0;
  let length = 0;

  const bytes = () => new Uint8Array(memory!.buffer);
  const view = () => new DataView(memory!.buffer);

  function append(chunk: Uint8Array): void {
    const end = position + chunk.length;
    if (end > fileLimit) throw new Error('flite wrote more than 128 MiB');
    if (end > file.length) {
      const larger = new Uint8Array(Math.max(end, 2 * file.length));
      larger.set(file.subarray(0, length));
      file = larger;
    }
    file.set(chunk, position);
    position = end;
    length = Math.max(length, end);
  }

  const calls = {
    args_sizes_get(countAt: number, sizeAt: number): number {
      const out = view();
      out.setUint32(countAt, args.length, true);
      out.setUint32(
        sizeAt,
        args.reduce((sum, arg) => sum + arg.length, 0),
        true,
      );
      return 0;
    },
    args_get(pointersAt: number, at: number): number {
      args.forEach((arg, i) => {
        view().setUint32(pointersAt + 4 * i, at, true);
        bytes().set(arg, at);
        at += arg.length;
      });
      return 0;
    },
    clock_time_get(_id: number, _precision: bigint, at: number): number {
      view().setBigUint64(at, 0n, true);
      return 0;
    },
    fd_close: () => 0,
    fd_fdstat_set_flags: () => 0,
    fd_read: () => badDescriptor,
    fd_prestat_get(fd: number, at: number): number {
      if (fd !== preopened) return badDescriptor;
      view().setUint32(at, 0, true);
      view().setUint32(at + 4, 1, true);
      return 0;
    },
    fd_prestat_dir_name(_fd: number, at: number): number {
      bytes()[at] = 0x2e;
      return 0;
    },
    fd_fdstat_get(fd: number, at: number): number {
      // File types: 2 character device, 3 directory, 4 regular file; then flags, and all rights.
      const type = fd === preopened ? 3 : fd < preopened ? 2 : 4;
      bytes().fill(0, at, at + 8);
      bytes()[at] = type;
      bytes().fill(255, at + 8, at + 24);
      return 0;
    },
    path_open(...params: number[]): number {
      view().setUint32(params[8]!, written, true);
      return 0;
    },
    fd_seek(fd: number, offset: bigint, whence: number, at: number): number {
      if (fd !== written) return notSeekable;
      position = Number(offset) + [0, position, length][whence]!;
      view().setBigUint64(at, BigInt(position), true);
      return 0;
    },
    fd_write(fd: number, vectors: number, count: number, at: number): number {
      let total = 0;
      for (let i = 0; i < count; i++) {
        const from = view().getUint32(vectors + 8 * i, true);
        const chunk = bytes().subarray(from, from + view().getUint32(vectors + 8 * i + 4, true));
        if (fd === written) append(chunk);
        else if (fd === 1) text.push(decoder.decode(chunk));
        total += chunk.length;
      }
      view().setUint32(at, total, true);
      return 0;
    },
    proc_exit(code: number): never {
      throw new Error(`flite ended with code ${code}`);
    },
  };

  return {
    imports: { wasi_snapshot_preview1: calls },
    attach(given) {
      memory = given;
    },
    begin(given) {
      args = given.map((arg) => encoder.encode(`${arg}\0`));
      text = [];
      position = 0;
      length = 0;
    },
    stdout: () => text.join(''),
    file: () => file.slice(0, length),
  };
}
