/** How long and how often is measured. Frame counts are multiples of 5, so that 100 ms batches come out even. */
export interface Plan {
  /** How often everything is done with fresh processes. */
  repetitions: number;
  /** Windows of each row and client in one repetition. The tables show the median of them all. */
  rounds: number;
  /** How often a client is loaded for the time that it takes. */
  imports: number;
  sessions: number;
  /** 20 ms frames per session in one paced window. */
  pacedFrames: number;
  /** The same, where one session runs alone. */
  aloneFrames: number;
  /** 20 ms frames per session in one window of frames back to back. */
  burstFrames: number;
  /** 20 ms frames per session, back to back, before anything is measured; half as many paced ones follow. */
  warmFrames: number;
  skip: readonly RowName[];
}

export const quickPlan: Plan = {
  repetitions: 1,
  rounds: 3,
  imports: 2,
  sessions: 50,
  pacedFrames: 30,
  aloneFrames: 25,
  burstFrames: 200,
  warmFrames: 100,
  skip: ['in100', 'out100'],
};

export const fullPlan: Plan = {
  repetitions: 3,
  rounds: 3,
  imports: 5,
  sessions: 50,
  pacedFrames: 100,
  aloneFrames: 100,
  burstFrames: 200,
  warmFrames: 400,
  skip: [],
};

/** The rows: one direction, one length of message, one pace. */
export const rows = [
  { name: 'in20', title: 'in, 20 ms', direction: 'in', frameMs: 20, pace: 'paced' },
  { name: 'in100', title: 'in, 100 ms', direction: 'in', frameMs: 100, pace: 'paced' },
  { name: 'out20', title: 'out, 20 ms', direction: 'out', frameMs: 20, pace: 'paced' },
  { name: 'out100', title: 'out, 100 ms', direction: 'out', frameMs: 100, pace: 'paced' },
  { name: 'in20burst', title: 'in, 20 ms, burst', direction: 'in', frameMs: 20, pace: 'burst' },
  { name: 'in100burst', title: 'in, 100 ms, burst', direction: 'in', frameMs: 100, pace: 'burst' },
  { name: 'out20burst', title: 'out, 20 ms, burst', direction: 'out', frameMs: 20, pace: 'burst' },
  { name: 'out100burst', title: 'out, 100 ms, burst', direction: 'out', frameMs: 100, pace: 'burst' },
] as const;

export type Row = (typeof rows)[number];
export type RowName = Row['name'];
