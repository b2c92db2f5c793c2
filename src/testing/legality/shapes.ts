import type { Fail } from './state.js';

export function checkPcm(pcm: unknown, fail: Fail): void {
  if (!(pcm instanceof Int16Array)) fail('pcm', 'pcm is not an Int16Array');
  if ((pcm as Int16Array).length === 0) fail('pcm', 'pcm is empty');
}

/** Positions and durations: finite, not negative; absent is fine. */
export function checkMs(name: string, value: number | undefined, fail: Fail): void {
  if (value !== undefined && !(Number.isFinite(value) && value >= 0)) {
    fail('milliseconds', `${name} is ${value}; it must be finite and not negative`);
  }
}

export function checkId(name: string, value: string, fail: Fail): void {
  if (typeof value !== 'string' || value === '') fail('ids', `${name} is empty`);
}

export function checkWords(words: readonly { fromMs: number; toMs: number }[] | undefined, fail: Fail): void {
  for (const word of words ?? []) {
    checkMs('words.fromMs', word.fromMs, fail);
    checkMs('words.toMs', word.toMs, fail);
    if (word.toMs < word.fromMs) fail('milliseconds', 'a word ends before it begins');
  }
}

/** Token counts: finite, not negative; absent is fine. */
export function checkUsage(usage: object | undefined, fail: Fail): void {
  for (const [name, count] of Object.entries(usage ?? {})) {
    if (!(typeof count === 'number' && Number.isFinite(count) && count >= 0)) {
      fail('usage', `usage.${name} is ${String(count)}; absent says unknown`);
    }
  }
}
