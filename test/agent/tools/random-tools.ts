import fc from 'fast-check';
import { type ToolPolicy, tool } from '../../../src/agent/index.js';
import type { AgentMachineState } from '../../../src/agent/machine/state.js';
import type { LinkEntry } from '../../../src/testing/index.js';
import { watchRunners } from '../calls/call.js';
import { scene, type Via } from './scene.js';

/** What happens in a call, and after how long the next thing does. */
interface Moment {
  do: 'speak' | 'interrupt' | 'ask' | 'say' | 'approve' | 'refuse' | 'break' | 'wait';
  ms: number;
}

export interface ToolStory {
  via: Via;
  policies: (ToolPolicy & { needsApproval: boolean })[];
  /** How each call goes on, in the order of calling. */
  fates: ('fast' | 'slow' | 'very slow' | 'fails' | 'hangs' | 'updates' | 'speaks')[];
  /** Tools of each thought, in the order of thinking. */
  calls: number[][];
  moments: Moment[];
  maxToolSteps: number;
}

const policy = fc.record(
  {
    timeoutMs: fc.constantFrom(700, 4_000, 12_000),
    approvalTimeoutMs: fc.constantFrom(500, 5_000),
    onInterrupt: fc.constantFrom('continue' as const, 'cancel' as const, 'detach' as const),
    late: fc.constantFrom('speak' as const, 'keep' as const, 'drop' as const),
    onDuplicate: fc.constantFrom('allow' as const, 'reject' as const, 'replace' as const),
    longRunning: fc.boolean(),
    filler: fc.constantFrom('One moment.', { text: ['Well.', 'So.'], afterMs: 300, everyMs: 700 }),
    needsApproval: fc.boolean(),
  },
  { requiredKeys: ['needsApproval', 'timeoutMs', 'approvalTimeoutMs'] },
);

export const toolStory = (via: Via): fc.Arbitrary<ToolStory> =>
  fc.record({
    via: fc.constant(via),
    policies: fc.array(policy, { minLength: 3, maxLength: 3 }),
    fates: fc.array(fc.constantFrom('fast', 'slow', 'very slow', 'fails', 'hangs', 'updates', 'speaks'), {
      minLength: 1,
      maxLength: 8,
    }),
    calls: fc.array(fc.array(fc.nat(2), { maxLength: 3 }), { minLength: 1, maxLength: 6 }),
    moments: fc.array(
      fc.record({
        do: fc.constantFrom('speak', 'interrupt', 'ask', 'say', 'approve', 'refuse', 'break', 'wait'),
        ms: fc.constantFrom(0, 40, 300, 900, 2_500),
      }),
      { maxLength: 10 },
    ),
    maxToolSteps: fc.constantFrom(1, 2, 5),
  });

/** What was wrong with a call, in words; nothing, if all was well. */
export async function playTools(story: ToolStory): Promise<string[]> {
  const runners = watchRunners();
  try {
    return await play(story, runners);
  } finally {
    runners.end();
  }
}

async function play(story: ToolStory, runners: ReturnType<typeof watchRunners>): Promise<string[]> {
  const { via, policies, fates, calls, moments, maxToolSteps } = story;
  const faults: string[] = [];
  let [called, thought] = [0, 0];
  const approvals: string[] = [];
  const tools = policies.map(({ needsApproval, ...rest }, index) =>
    tool({
      ...rest,
      name: `tool_${index}`,
      description: '',
      parameters: { type: 'object', properties: {} },
      needsApproval,
      execute: async (_, context) => {
        const fate = fates[called++ % fates.length];
        const later = (ms: number) =>
          new Promise<void>((resolve) => one.clock.at(one.clock.now() + ms, resolve));
        if (fate === 'slow') await later(1_200);
        if (fate === 'very slow') await later(6_000);
        if (fate === 'fails') throw new Error('It is broken.');
        if (fate === 'speaks') {
          context.say('I am at it.');
          await later(2_000);
        }
        if (fate === 'updates') {
          await later(300);
          context.update('half');
          await later(1_500);
          context.update('nearly', { speak: false });
          await later(500);
        }
        if (fate === 'hangs')
          await new Promise((_, reject) => context.signal.addEventListener('abort', reject));
        return 'done';
      },
    }),
  );
  const one = await scene({
    via,
    hears: Array.from({ length: 12 }, (_, index) => `line ${index}`),
    tools,
    session: { maxToolSteps },
    thinks: (thinking) => {
      const wanted = thinking.tools ? (calls[thought++] ?? []) : [];
      return {
        says: wanted.length === 0 ? 'So it is.' : '',
        calls: wanted.map((index) => ({ name: `tool_${index}` })),
      };
    },
  });
  one.session.on('tool_approval_requested', ({ callId }) => approvals.push(callId));
  for (const moment of moments) {
    const callId = approvals[0];
    if (moment.do === 'speak') one.speak(Math.max(200, moment.ms));
    else if (moment.do === 'interrupt') one.session.interrupt();
    else if (moment.do === 'ask') one.session.generateReply();
    else if (moment.do === 'say') one.session.say('By the way.');
    else if (moment.do === 'break') one.breakLink();
    else if (moment.do !== 'wait' && callId !== undefined) {
      approvals.shift();
      try {
        one.session.approveTool(callId, moment.do === 'approve');
      } catch (error) {
        if ((error as { code?: string }).code !== 'illegal_command') faults.push(String(error));
      }
    }
    await one.clock.advance(moment.ms);
  }
  // Longer than any of them may take.
  await one.clock.advance(60_000);
  const started = one.of('tool_started').map(({ callId }) => callId);
  const ended = one.of('tool_ended').map(({ callId }) => callId);
  if ([...started].sort().join() !== [...ended].sort().join())
    faults.push(`began ${started}, ended ${ended}`);
  const told = one.of('function_tools_executed').flatMap(({ calls: all }) => all.map(({ callId }) => callId));
  faults.push(...outcomes(one.links(), told));
  if (one.session.agentState !== 'listening') faults.push(`the agent is ${one.session.agentState}`);
  for (const { code, message } of one.of('error')) {
    // A service that waits for a tool answers nobody else.
    const isExpected =
      ['tool_failed', 'tool_timeout'].includes(code) || (via === 'gemini' && code === 'reply_timeout');
    if (!isExpected) faults.push(`${code}: ${message}`);
  }
  faults.push(...leftovers(runners.states()));
  try {
    await one.close();
  } catch (error) {
    faults.push(String(error));
  }
  return faults;
}

/** Each call is answered once, over whichever connection, or withdrawn. `told`: calls that the agent has answered. */
function outcomes(links: readonly LinkEntry[], told: readonly string[]): string[] {
  const owed = new Map<string, number>();
  for (const entry of links) {
    if (entry.dir !== 'event' || entry.event.t !== 'call') continue;
    if (entry.event.phase === 'ready') owed.set(entry.event.call, 0);
    if (entry.event.phase === 'withdrawn') owed.delete(entry.event.call);
  }
  for (const call of told) if (owed.has(call)) owed.set(call, (owed.get(call) ?? 0) + 1);
  return [...owed].flatMap(([call, times]) =>
    times === 1 ? [] : [`call ${call} is answered ${times} times`],
  );
}

/** What the agent's machine still holds of calls that are over. */
function leftovers(states: readonly object[]): string[] {
  return states.flatMap((state) => {
    if (!('background' in state)) return [];
    const { calls, background, responses, replies, owed, toolWakeMs } = state as AgentMachineState;
    const held = { calls, background, responses, replies };
    const names = Object.entries(held).flatMap(([name, all]) => (Object.keys(all).length > 0 ? [name] : []));
    if (owed !== 'nothing') names.push(owed);
    if (toolWakeMs !== null) names.push('a timer');
    return names.map((name) => `the agent still holds ${name}`);
  });
}
