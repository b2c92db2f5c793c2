import type { Ms } from '../../core/index.js';
import { fillerPlan } from './filler.js';
import type { CallPlan } from './machine/state.js';
import type { ToolDefaults, ToolPolicy } from './policy.js';
import type { Tool } from './tool.js';
import * as words from './words.js';

/** What its tool's policy and the session's defaults say about a call. `tool`: undefined where there is none of that name. */
export function planOf(tool: Tool | undefined, name: string, args: string, defaults: ToolDefaults): CallPlan {
  const policy = { ...defaults, ...tool?.policy };
  const { longRunning = false, duplicateBy = 'name' } = policy;
  return {
    key: duplicateBy === 'name' ? name : `${name} ${sorted(args)}`,
    timeoutMs: timeoutOf(tool?.policy ?? {}, defaults),
    approvalTimeoutMs: policy.approvalTimeoutMs ?? 30_000,
    onInterrupt: policy.onInterrupt ?? 'continue',
    late: policy.late ?? 'speak',
    onDuplicate: policy.onDuplicate ?? 'allow',
    placeholder:
      tool === undefined || longRunning === false
        ? null
        : longRunning === true
          ? words.longRunning(name)
          : longRunning,
    filler: fillerPlan(policy.filler ?? null),
  };
}

/** The session's default is for tools that the model waits for. */
function timeoutOf(
  { timeoutMs: own, longRunning = false }: ToolPolicy,
  { timeoutMs: usual }: ToolDefaults,
): Ms | null {
  if (own !== undefined) return own;
  if (longRunning !== false) return 600_000;
  return usual === undefined ? 30_000 : usual;
}

/** Equal arguments have equal texts, in whatever order and spacing the model writes them. */
function sorted(args: string): string {
  try {
    return JSON.stringify(JSON.parse(args), (_, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  } catch {
    return args;
  }
}
