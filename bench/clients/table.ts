export interface ClientEntry {
  name: string;
  label: string;
  /** Module whose `client` is a `BenchClient`, relative to the built bench. */
  module: string;
  /** A peer outside the root's packages. */
  peer?: boolean;
  /** It sends input in messages of this length, whatever it is given. */
  batchesMs?: number;
}

/** The floor comes first: the others are told in its terms. */
export const clients: readonly ClientEntry[] = [
  { name: 'floor', label: 'bare ws loop (floor)', module: './clients/floor.js' },
  { name: 'repartee-session', label: 'repartee RealtimeSession', module: './clients/repartee-session.js' },
  { name: 'repartee-agent', label: 'repartee AgentSession', module: './clients/repartee-agent.js' },
  { name: 'agents-realtime', label: '@openai/agents-realtime', module: './clients/agents-realtime.js' },
  {
    name: 'livekit-session',
    label: 'LiveKit RealtimeSession',
    module: '../peers/livekit-session.mjs',
    peer: true,
    batchesMs: 100,
  },
  {
    name: 'livekit-agent',
    label: 'LiveKit AgentSession',
    module: '../peers/livekit-agent.mjs',
    peer: true,
    batchesMs: 100,
  },
];
