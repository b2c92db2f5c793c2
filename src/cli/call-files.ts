import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../core/index.js';
import { type CallResult, recordingWav } from '../testing/index.js';

/**
 * Writes what a call left: `<name>.wav` (channel 0 the caller as the agent heard it, 1 the agent as the caller heard it),
 * `<name>.log.jsonl` and `<name>.report.json`. Gives their common beginning. ConfigError `file_unwritable`.
 */
export async function writeCall(folder: string, name: string, result: CallResult): Promise<string> {
  const start = path.join(folder, fileName(name));
  const { scenario, seed, passed, failures, labels, report } = result;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(`${start}.wav`, recordingWav(result.recording));
    await writeFile(`${start}.log.jsonl`, result.log.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    const whole = { scenario, seed, passed, failures, labels, report };
    await writeFile(`${start}.report.json`, `${JSON.stringify(whole, null, 2)}\n`);
  } catch (cause) {
    throw new ConfigError('file_unwritable', `The folder ${folder} cannot be written to.`, { cause });
  }
  return start;
}

/** Letters, digits and dashes of a name. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|-+$/g, '') || 'call';
}
