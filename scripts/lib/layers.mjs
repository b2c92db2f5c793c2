// The table of ARCHITECTURE section 2 as data: the only place where it is written down for machines.

/** The two rooms whose contracts others may see without seeing the room. */
const realtimeContract = ['realtime/contract', 'realtime/capabilities', 'realtime/config', 'realtime/model'];
const speechContracts = ['speech/contracts'];

/**
 * Room -> what its files may import besides their own folder: rooms, or single files of a room (`room/file`). `families` are
 * rooms of siblings: their sub-folders never import each other, but files directly in the room belong to all of it.
 */
export const rooms = {
  core: [],
  audio: ['core'],
  chat: ['core'],
  realtime: ['core', 'audio', 'chat', ...speechContracts],
  wire: ['core', 'audio', 'chat', ...realtimeContract],
  net: ['core'],
  providers: ['core', 'audio', 'chat', 'realtime', 'net', 'wire'],
  speech: ['core', 'audio', 'chat', 'net'],
  cascade: ['core', 'audio', 'chat', ...realtimeContract, 'speech'],
  agent: ['core', 'audio', 'chat', 'realtime', ...speechContracts],
  models: ['core', 'realtime', ...speechContracts],
  mcp: ['core', 'agent'],
  transports: ['core', 'audio', 'net'],
  gateway: ['core', 'audio', 'chat', 'realtime', 'net', 'wire', 'trace', ...speechContracts],
  trace: ['core', 'audio', 'chat', ...realtimeContract],
  telemetry: ['core', 'agent'],
  testing: [
    'core',
    'audio',
    'chat',
    'realtime',
    'wire',
    'net',
    'providers',
    'speech',
    'cascade',
    'agent',
    'mcp',
    'transports',
    'gateway',
    'trace',
  ],
  server: ['*'],
  cli: ['*'],
  client: ['core', 'audio'],
};

/** Room -> what its files may load beside that, but by `import()` only: nothing of it is there before somebody wants it. */
export const roomsOnDemand = {
  agent: ['models'],
  models: ['cascade', 'providers', 'speech'],
};

export const families = ['wire', 'providers', 'speech', 'transports'];

/** What the root entry may gather: rooms that run in a browser. */
export const rootMayImport = ['core', 'audio', 'chat', 'realtime', 'agent'];

/** Rooms that run in a browser, the root entry with them: no `node:*` here. */
export const browserRooms = ['', 'core', 'audio', 'chat', 'realtime', 'wire', 'agent', 'models', 'client'];

/** Private workspaces: their own files and the public entries of the package that are named, `*` for all. */
export const workspaces = {
  web: ['repartee/client'],
  examples: ['*'],
  bench: ['*'],
};
