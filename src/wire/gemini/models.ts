/** What differs on the wire from one Live model to the next (protocol page, sections 3 and 8). */
export interface ModelTraits {
  /**
   * How history is given: `content` = as `clientContent` that waits; `history-config` = announced in the setup, ended by
   * `turnComplete`, with no reply to it.
   */
  seeding: 'content' | 'history-config';
  /** The seed must end with a user's turn. */
  seedEndsWithUser: boolean;
  /** `clientContent` is taken after the opening. */
  contentLive: boolean;
  /** Any `clientContent` stops a generation, also one that waits. */
  contentCuts: boolean;
  /** How a reply is asked for. */
  ask: 'content' | 'text';
  /** Put in for a user's turn where a reply is asked for out of nothing; absent: a bare `turnComplete` will do. */
  placeholder?: string;
  /** Which field of a declaration holds the schema. */
  toolSchema: 'json-schema' | 'openapi';
  /** Sent with every declaration; absent = the model's default. */
  toolBehavior?: 'BLOCKING' | 'NON_BLOCKING';
  /** `async`: the model talks on while a call is open, and its turn may end before the answer. */
  tools: 'blocking' | 'async';
  /** Realtime input while a call is open may close the session. */
  holdInputDuringCalls: boolean;
}

const live38: ModelTraits = {
  seeding: 'content',
  seedEndsWithUser: false,
  contentLive: true,
  contentCuts: false,
  ask: 'content',
  toolSchema: 'json-schema',
  // NON_BLOCKING is this model's default; blocking calls keep the order that an agent expects.
  toolBehavior: 'BLOCKING',
  tools: 'blocking',
  holdInputDuringCalls: false,
};

const live31: ModelTraits = {
  seeding: 'history-config',
  seedEndsWithUser: false,
  contentLive: false,
  contentCuts: true,
  ask: 'text',
  toolSchema: 'json-schema',
  tools: 'blocking',
  holdInputDuringCalls: true,
};

const native25: ModelTraits = {
  seeding: 'content',
  seedEndsWithUser: true,
  contentLive: true,
  contentCuts: true,
  ask: 'content',
  placeholder: '.',
  toolSchema: 'json-schema',
  tools: 'blocking',
  holdInputDuringCalls: false,
};

const extendedThinking: ModelTraits = {
  ...live38,
  toolSchema: 'openapi',
  toolBehavior: 'NON_BLOCKING',
  tools: 'async',
};

/** Traits by model name, with or without `models/`; an unknown name is taken for the newest. */
export function traitsOf(model: string): ModelTraits {
  const name = model.slice(model.lastIndexOf('/') + 1);
  if (name.includes('extended-thinking')) return extendedThinking;
  if (/(^|-)3\.1-/.test(name)) return live31;
  if (/(^|-)2\.5-/.test(name)) return native25;
  return live38;
}
