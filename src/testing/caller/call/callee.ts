import type { Agent, AgentSessionOptions } from '../../../agent/index.js';
import type { Clock, Ids } from '../../../core/index.js';
import type { Scenario } from '../scenario/scenario.js';
import type { PerfectEars } from './perfect-stt.js';

/** Who is called: an agent and what its session is made of. The call gives clock and ids. */
export interface Callee {
  agent: Agent;
  options: Omit<AgentSessionOptions, 'clock' | 'ids'>;
  /** Lets go of what was opened for it; called once, after the call. */
  close?: () => void | Promise<void>;
}

/** What a callee is made with: everything that has to do with time or chance must come from here. */
export interface CalleeSeams extends PerfectEars {
  /** The call's clock: tools that wait, wait by it. */
  clock: Clock;
  ids: Ids;
  seed: number;
  scenario: Scenario;
}

/** A callee, or what makes one anew for each call. */
export type CalleeSource = Callee | ((seams: CalleeSeams) => Callee | Promise<Callee>);
