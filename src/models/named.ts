import { ConfigError } from '../core/index.js';
import type { Row, Rows } from './table.js';

/** The row for `'vendor/name'`, and the name; undefined where the table has none that serves it. */
export function rowOf<Part>(rows: Rows<Part>, text: string): { row: Row<Part>; name: string } | undefined {
  const slash = text.indexOf('/');
  const vendor = slash < 0 ? text : text.slice(0, slash);
  const name = slash < 0 ? '' : text.slice(slash + 1);
  const row = Object.hasOwn(rows, vendor) ? rows[vendor] : undefined;
  return row !== undefined && row.serves?.(name) !== false ? { row, name } : undefined;
}

/** A part by its name. ConfigError `option_invalid` for an unknown one, which names those that exist; `peer_missing`. */
export async function named<Part>(rows: Rows<Part>, text: string, param: string): Promise<Part> {
  const found = rowOf(rows, text);
  if (found === undefined) throw unknown(text, param, Object.keys(rows));
  return found.row.make(found.name);
}

export function unknown(text: string, param: string, vendors: readonly string[]): ConfigError {
  const known = [...new Set(vendors)].map((vendor) => `'${vendor}/…'`).join(', ');
  const message = `There is no '${text}' for ${param}: it takes ${known}, or an object of another adapter.`;
  return new ConfigError('option_invalid', message, { param });
}
