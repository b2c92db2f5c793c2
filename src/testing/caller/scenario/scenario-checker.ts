import { Checker } from '../../../cascade/check.js';
import { callerVoices } from '../sound/index.js';
import { wherePattern } from './where.js';

/** The checks that a scenario needs beside the common ones. */
export class ScenarioChecker extends Checker {
  ms(value: unknown, path: string): number {
    if (value === undefined) this.fail(path, 'is missing: a number of milliseconds');
    this.optionalMs(value, path);
    return value as number;
  }

  optionalNumber(value: unknown, path: string): void {
    if (value !== undefined && !Number.isFinite(value)) this.fail(path, 'must be a number');
  }

  optionalWithin(value: unknown, from: number, to: number, path: string): void {
    if (value === undefined) return;
    if (typeof value === 'number' && value >= from && value <= to) return;
    this.fail(path, `must be a number from ${from} to ${to}`);
  }

  optionalCount(value: unknown, path: string): void {
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= 0)) return;
    this.fail(path, 'must be a whole number, 0 or more');
  }

  optionalFlag(value: unknown, path: string): void {
    if (value !== undefined && typeof value !== 'boolean') this.fail(path, 'must be true or false');
  }

  manner(fields: Record<string, unknown>, path: string): void {
    this.oneOf(fields.voice, callerVoices, `${path}.voice`);
    this.optionalWithin(fields.rate, 0.5, 2, `${path}.rate`);
    this.optionalWithin(fields.pitch, 0.7, 1.4, `${path}.pitch`);
    this.optionalWithin(fields.levelDb, -90, 0, `${path}.levelDb`);
  }

  /** Fields to compare with; a regular expression among them must be one. */
  where(value: unknown, path: string): void {
    for (const [name, wanted] of Object.entries(this.object(value, path))) {
      try {
        wherePattern(wanted);
      } catch (thrown) {
        this.fail(`${path}.${name}`, `is no regular expression (${(thrown as Error).message})`);
      }
    }
  }
}
