import { type Tool, type ToolContext, type ToolPolicy, tool } from '../../../src/agent/index.js';
import type { Thought, Words } from './scene.js';

export interface HandTool {
  tool: Tool;
  calls: {
    args: unknown;
    context: ToolContext;
    end: (result: unknown) => void;
    fail: (error: unknown) => void;
  }[];
}

/** A tool whose calls end when the test says so. */
export function handTool(
  policy: ToolPolicy & { needsApproval?: boolean | ((args: unknown) => boolean) } = {},
  name = 'look',
): HandTool {
  const calls: HandTool['calls'] = [];
  return {
    calls,
    tool: tool<unknown>({
      ...policy,
      name,
      description: name,
      parameters: { type: 'object', properties: {} },
      execute: (args, context) =>
        new Promise((end, fail) => {
          calls.push({ args, context, end, fail });
        }),
    }),
  };
}

/** A model that calls `look` once for each thing that the user says, and says what came of it. */
export function looks(before = ''): (thought: Thought) => Words {
  return ({ user, results, notes }) => {
    if (notes.length > 0) return { says: `News about ${user}.` };
    if (results.length > 0) return { says: `${results.join(' and ')} for ${user}.` };
    return user === 'stop' ? { says: 'All right.' } : { says: before, calls: [{ name: 'look' }] };
  };
}
