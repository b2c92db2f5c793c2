/** What differs on the wire from one Live model to the next (protocol page, sections 3 and 8). */
export interface ModelTraits {
  /**
   * How history is given: `content` = as `clientContent` that waits; `history-config` = announced in the setup, ended by
   * `turnComplete`, with no reply to it.
   */
  seeding: 'content' | 'history-config';
  /** The seed must end with a user's turn. */
  seedEndsWithUser: boolean;
  /** How calls and their results stand in a seed: as parts of their own, or as words where the model may not take those. */
  seedCalls: 'parts' | 'text';
  /** Whether the user's words come in pieces, or a line at once. */
  transcript: 'delta' | 'whole';
  /** `clientContent` is taken after the opening. */
  contentLive: boolean;
  /** Any `clientContent` stops a generation, also one that waits. */
  contentCuts: boolean;
  /** Instructions and tools can be changed while the session is open, by `contextUpdate`. */
  contextUpdate: boolean;
  /** How a reply is asked for. */
  ask: 'content' | 'text';
  /** Put in for a user's turn where a reply is asked for out of nothing; absent: a bare `turnComplete` will do. */
  placeholder?: string;
  /** Which field of a declaration holds the schema. */
  toolSchema: 'json-schema' | 'openapi';
  /** Sent with every declaration; absent = the model's default. */
  toolBehavior?: ToolBehavior;
  /** What an absent `toolBehavior` means. `async`: the model talks on while a call is open. */
  tools: 'blocking' | 'async';
  /** Results of async calls may say when the model shall speak of them. */
  scheduling: boolean;
  /** Realtime input while a call is open may close the session. */
  holdInputDuringCalls: boolean;
}

export type ToolBehavior = 'BLOCKING' | 'NON_BLOCKING';

/** One rule for all functions, or one by the function's name (others: the model's default). */
export type PerTool<T extends string> = T | Readonly<Record<string, T>>;

export function ruleFor<T extends string>(rule: PerTool<T> | undefined, name: string): T | undefined {
  if (typeof rule !== 'object') return rule;
  return Object.hasOwn(rule, name) ? rule[name] : undefined;
}

const live38: ModelTraits = {
  seeding: 'content',
  seedEndsWithUser: false,
  seedCalls: 'text',
  transcript: 'delta',
  contentLive: true,
  contentCuts: false,
  contextUpdate: true,
  ask: 'content',
  toolSchema: 'json-schema',
  // NON_BLOCKING is this model's default; blocking calls keep the order that an agent expects.
  toolBehavior: 'BLOCKING',
  tools: 'async',
  scheduling: true,
  holdInputDuringCalls: false,
};

const live31: ModelTraits = {
  seeding: 'history-config',
  seedEndsWithUser: false,
  seedCalls: 'text',
  transcript: 'whole',
  contentLive: false,
  contentCuts: true,
  contextUpdate: false,
  ask: 'text',
  toolSchema: 'json-schema',
  tools: 'blocking',
  scheduling: false,
  holdInputDuringCalls: true,
};

const native25: ModelTraits = {
  seeding: 'content',
  seedEndsWithUser: true,
  seedCalls: 'parts',
  transcript: 'delta',
  contentLive: true,
  contentCuts: true,
  contextUpdate: false,
  ask: 'content',
  placeholder: '.',
  toolSchema: 'json-schema',
  tools: 'blocking',
  scheduling: true,
  holdInputDuringCalls: false,
};

const extendedThinking: ModelTraits = {
  ...live38,
  toolSchema: 'openapi',
  toolBehavior: 'NON_BLOCKING',
  scheduling: false,
};

/** Traits by model name, with or without `models/`; an unknown name is taken for the newest. */
export function traitsOf(model: string): ModelTraits {
  const name = model.slice(model.lastIndexOf('/') + 1);
  if (name.includes('extended-thinking')) return extendedThinking;
  if (/(^|-)3\.1-/.test(name)) return live31;
  if (/(^|-)2\.5-/.test(name)) return native25;
  return live38;
}

/** What Vertex does otherwise: answers name no time to speak, and nothing announces a history. */
export function vertexTraits(traits: ModelTraits): ModelTraits {
  return { ...traits, scheduling: false, seeding: 'content' };
}
