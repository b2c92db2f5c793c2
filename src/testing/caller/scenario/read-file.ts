import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from '../../../core/index.js';
import { loadPeer } from '../../../core/load-peer.js';
import { loadScenario } from './load.js';
import type { Scenario } from './scenario.js';

/** What we use of the optional peer `yaml`. */
interface YamlEntry {
  parse(text: string, options: { prettyErrors: boolean }): unknown;
}

/** Endings of files that hold a scenario. */
export const scenarioEndings = ['.yaml', '.yml', '.json'] as const;

/**
 * Reads a scenario from a YAML or JSON file; its name is the file's where it has none. ConfigError `file_unreadable`,
 * `option_invalid` with the path at fault, or `peer_missing` where a YAML file needs the package `yaml`.
 */
export async function readScenario(file: string): Promise<Scenario> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError('file_unreadable', `The file ${file} cannot be read.`, { cause });
  }
  const ending = path.extname(file).toLowerCase();
  const data = ending === '.json' ? parse(file, 'JSON', () => JSON.parse(text)) : await yaml(file, text);
  return loadScenario(data, path.basename(file, path.extname(file)));
}

async function yaml(file: string, text: string): Promise<unknown> {
  const { parse: parseYaml }: YamlEntry = await loadPeer('yaml', 'A scenario in YAML', () => import('yaml'));
  return parse(file, 'YAML', () => parseYaml(text, { prettyErrors: true }));
}

function parse(file: string, language: string, run: () => unknown): unknown {
  try {
    return run();
  } catch (cause) {
    const [sentence] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new ConfigError('file_unreadable', `The file ${file} is not ${language}: ${sentence}`, { cause });
  }
}
