import { readFile } from 'node:fs/promises';
import { ConfigError } from '../core/index.js';

/** What a JSON file holds; ConfigError `file_unreadable` names the file. */
export async function readJsonFile(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError('file_unreadable', `The file ${file} cannot be read.`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError('file_unreadable', `The file ${file} is not JSON.`, { cause });
  }
}
