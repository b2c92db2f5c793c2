import { ConfigError, type Ms } from '../../core/index.js';
import type { Filler } from './filler.js';

/** What becomes of a running call when the caller, or the application, interrupts. */
export type OnInterrupt = 'continue' | 'cancel' | 'detach';

/** What becomes of a result that comes after the caller has gone on to something else. */
export type Late = 'speak' | 'keep' | 'drop';

export type OnDuplicate = 'allow' | 'reject' | 'replace';

/** What is the same for all tools of a session, unless a tool says otherwise. */
export interface ToolDefaults {
  /**
   * How long a tool may run; then it is aborted, and the model told so. `null`: as long as it likes. Default 30,000; of a
   * long-running one 600,000.
   */
  timeoutMs?: Ms | null;
  /** How long an approval is waited for; then the call counts as refused. Default 30,000. */
  approvalTimeoutMs?: Ms;
  /**
   * When somebody interrupts while the tool runs, or the user says something else: `continue` (default), `cancel` (it is
   * aborted and the model told so), or `detach` (the model is told that it goes on, and gets the result later, as text).
   */
  onInterrupt?: OnInterrupt;
  /**
   * A result that comes after that: `speak` (default): the agent speaks of it as soon as nobody else speaks; `keep`: the
   * model knows it and says nothing by itself; `drop`: the model is only told that there was one.
   */
  late?: Late;
  /** What is said while the caller waits in silence; `null`: nothing. Default `null`. */
  filler?: Filler | null;
}

/** What `tool()` takes beside name, description, parameters and function. */
export interface ToolPolicy extends ToolDefaults {
  /** While a call of the same thing runs: `allow` (default) both, `reject` the new one in words, `replace` the old one. */
  onDuplicate?: OnDuplicate;
  /** What makes two calls the same: the tool (`name`, default), or the tool with equal arguments. */
  duplicateBy?: 'name' | 'arguments';
  /**
   * The model is answered at once that it takes a while (or with these words); the result follows as text, and is spoken of.
   */
  longRunning?: boolean | string;
}

/** ConfigError `option_invalid` with the option's name. */
export function checkPolicy(policy: ToolPolicy, path = ''): void {
  const fail = (name: string, wants: string): never => {
    throw new ConfigError('option_invalid', `${path}${name} must be ${wants}`, { param: `${path}${name}` });
  };
  const oneOf = <T>(name: string, value: T | undefined, values: readonly T[]) => {
    if (value !== undefined && !values.includes(value)) fail(name, `one of ${values.join(', ')}`);
  };
  const isDuration = (ms: unknown) => typeof ms === 'number' && Number.isFinite(ms) && ms > 0;
  const { timeoutMs, approvalTimeoutMs, filler } = policy;
  if (timeoutMs != null && !isDuration(timeoutMs)) fail('timeoutMs', 'a number above 0, or null');
  if (approvalTimeoutMs !== undefined && !isDuration(approvalTimeoutMs))
    fail('approvalTimeoutMs', 'a number above 0');
  oneOf('onInterrupt', policy.onInterrupt, ['continue', 'cancel', 'detach']);
  oneOf('late', policy.late, ['speak', 'keep', 'drop']);
  oneOf('onDuplicate', policy.onDuplicate, ['allow', 'reject', 'replace']);
  oneOf('duplicateBy', policy.duplicateBy, ['name', 'arguments']);
  if (filler == null || typeof filler === 'string' || typeof filler === 'function' || isTexts(filler)) return;
  const { text, afterMs, everyMs, times } = filler;
  if (typeof text !== 'string' && typeof text !== 'function' && !isTexts(text))
    fail('filler.text', 'a text, a list of texts, or a function');
  if (afterMs !== undefined && !(afterMs >= 0)) fail('filler.afterMs', 'a number, 0 or above');
  if (everyMs !== undefined && !isDuration(everyMs)) fail('filler.everyMs', 'a number above 0');
  if (times !== undefined && !(Number.isInteger(times) && times > 0))
    fail('filler.times', 'a whole number above 0');
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string');
}
