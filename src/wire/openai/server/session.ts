import type { Config } from '../../../realtime/contract.js';
import { configPatch, configToSession, pcm24k, sessionToConfig, voiceFromWire } from '../convert/index.js';
import type {
  AudioFormat,
  AudioInput,
  AudioInputUpdate,
  RealtimeSession,
  RealtimeSessionUpdate,
  Tool,
  TurnDetection,
} from '../events.js';
import { modelFacts, transcriberFacts } from '../models.js';
import type { Context } from './context.js';
import { type Problem, problem } from './errors.js';
import type { OpenAIServerOptions } from './options.js';

/** What a session shows where the model's default voice has no name. */
const placeholderVoice = 'alloy';

/** What the update has to know about the rest of the session. */
export interface SessionFacts {
  /** The model has spoken: its voice is fixed. */
  spoke: boolean;
  responding: boolean;
}

/**
 * The effective session. An update holds from the moment it comes (what follows it is read in the new formats), is told
 * to the link, and is confirmed or taken back as a whole when the link has answered.
 */
export class SessionState {
  readonly #context: Context;
  #confirmed: RealtimeSession;
  /** Updates that the link has not answered, in order. */
  #pending: RealtimeSessionUpdate[] = [];
  #effective: RealtimeSession;
  /** The vendor's own fields that somebody has set: the rest is shown, but is nothing to tell a model. */
  readonly #touched = new Set<string>();

  /** Tools that the client has just been told of. */
  readonly #named: (tools: readonly Tool[]) => void;

  constructor(context: Context, named: (tools: readonly Tool[]) => void = () => {}) {
    this.#context = context;
    this.#named = named;
    const { defaults, session } = context.options;
    this.#touch(defaults.vendor);
    if (session !== undefined) this.#touch(sessionToConfig(session).vendor);
    this.#confirmed = startSession(context.options, context.ids('sess'));
    this.#effective = this.#confirmed;
  }

  get value(): RealtimeSession {
    return this.#effective;
  }

  get inputFormat(): AudioFormat {
    return this.#effective.audio.input.format;
  }

  /** What the link shall be set to. */
  config(): Config {
    const { defaults } = this.#context.options;
    const config = { ...defaults, ...sessionToConfig(this.#effective) };
    const { hostedTools } = this.#context.options;
    const vendor = Object.entries(config.vendor).filter(
      ([name]) => this.#touched.has(name) && (name !== 'mcpTools' || hostedTools === true),
    );
    config.vendor = Object.fromEntries(vendor);
    // A session always shows a voice; the model is asked for one only where somebody chose it.
    const unnamed = defaults.voice === '' && config.voice === placeholderVoice;
    return unnamed ? { ...config, voice: '' } : config;
  }

  /** What the model says of itself once it is ready. */
  adopt(effective: Partial<Config>, sessionId: string | undefined): void {
    const said = configToSession({ ...this.config(), ...effective });
    // Tool servers are as the client named them: a model that runs some shows them without what opens them.
    const functions = (said.tools ?? []).filter((tool) => tool.type !== 'mcp');
    const servers = this.#confirmed.tools.filter((tool) => tool.type === 'mcp');
    this.#confirmed = merge(this.#confirmed, { ...said, tools: [...functions, ...servers] });
    if (sessionId?.startsWith('sess_')) this.#confirmed.id = sessionId;
    this.#recompute();
  }

  /** `session.created`, once the model is ready. */
  tellCreated(): void {
    this.#context.send('session.created', { session: shownSession(this.#effective) });
    this.#named(this.#effective.tools);
  }

  update(update: RealtimeSessionUpdate, eventId: string | null, facts: SessionFacts): void {
    const context = this.#context;
    const found = refusal(this.#effective, update, facts);
    if (found !== null) return context.refuse(found, eventId);

    const before = this.config();
    this.#touch(sessionToConfig(update).vendor);
    this.#pending.push(update);
    this.#recompute();
    const patch = configPatch(before, this.config());
    if (patch === null) {
      // Formats only, or nothing: the link has no part in it.
      this.#confirm(update);
      return;
    }
    context.command(
      eventId,
      (cmd) => ({ t: 'configure', cmd, patch }),
      () => this.#confirm(update),
      () => this.#withdraw(update),
    );
  }

  #touch(vendor: Record<string, unknown> = {}): void {
    for (const name of Object.keys(vendor)) this.#touched.add(name);
  }

  #confirm(update: RealtimeSessionUpdate): void {
    this.#confirmed = merge(this.#confirmed, update);
    this.#withdraw(update);
    this.#context.send('session.updated', { session: shownSession(this.#confirmed) });
    this.#named(this.#confirmed.tools);
  }

  #withdraw(update: RealtimeSessionUpdate): void {
    this.#pending = this.#pending.filter((other) => other !== update);
    this.#recompute();
  }

  #recompute(): void {
    this.#effective = this.#pending.reduce(merge, this.#confirmed);
  }
}

/** As the client is shown it: what opens a tool server is written and never read. */
export function shownSession(session: RealtimeSession): RealtimeSession {
  const tools = session.tools.map((tool) => {
    if (tool.type !== 'mcp') return tool;
    const { authorization: _authorization, headers: _headers, ...shown } = tool;
    return shown;
  });
  return { ...session, tools };
}

/** The session before any update: what the model is set to, and over it what `options.session` says. */
export function startSession(
  {
    model,
    defaults,
    expiresAt,
    session,
  }: Pick<OpenAIServerOptions, 'model' | 'defaults' | 'expiresAt' | 'session'>,
  id: string,
): RealtimeSession {
  const blank: RealtimeSession = {
    type: 'realtime',
    object: 'realtime.session',
    id,
    expires_at: expiresAt,
    model,
    output_modalities: ['audio'],
    instructions: '',
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    truncation: 'auto',
    tracing: null,
    prompt: null,
    include: null,
    audio: {
      input: { format: pcm24k, noise_reduction: null, transcription: null, turn_detection: null },
      output: { format: pcm24k, voice: placeholderVoice, speed: 1 },
    },
  };
  const withDefaults = merge(blank, configToSession(defaults));
  return session === undefined ? withDefaults : merge(withDefaults, session);
}

/** An update merged by leaf: absent = keep. The result shares nothing that is changed later. */
export function merge(session: RealtimeSession, update: RealtimeSessionUpdate): RealtimeSession {
  const { audio, model: _model, type: _type, ...top } = update;
  return {
    ...session,
    ...top,
    audio: {
      input: mergeInput(session.audio.input, audio?.input ?? {}),
      output: { ...session.audio.output, ...audio?.output },
    },
  };
}

function mergeInput(input: AudioInput, update: AudioInputUpdate): AudioInput {
  const { noise_reduction, transcription, turn_detection, format } = update;
  const merged: AudioInput = { ...input };
  if (format !== undefined) merged.format = format;
  if (noise_reduction !== undefined) {
    merged.noise_reduction =
      noise_reduction === null ? null : { type: 'near_field', ...input.noise_reduction, ...noise_reduction };
  }
  if (transcription !== undefined) {
    merged.transcription = transcription === null ? null : { ...input.transcription, ...transcription };
  }
  if (turn_detection !== undefined) {
    merged.turn_detection = turn_detection === null ? null : mergeTurns(input.turn_detection, turn_detection);
  }
  return merged;
}

/** [W] as a real `session.created` has them; the vendor's pages say 500 ms of silence. */
const vadDefaults = {
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 200,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
} as const;

const semanticDefaults = { eagerness: 'auto', create_response: true, interrupt_response: true } as const;

/** Leaves are kept within one kind of detection; another kind begins with its defaults. */
function mergeTurns(before: TurnDetection | null, update: TurnDetection): TurnDetection {
  const kept = before?.type === update.type ? before : {};
  return update.type === 'server_vad'
    ? { ...vadDefaults, ...kept, ...update }
    : { ...semanticDefaults, ...kept, ...update };
}

/** Why an update is refused as a whole. */
function refusal(
  session: RealtimeSession,
  update: RealtimeSessionUpdate,
  facts: SessionFacts,
): Problem | null {
  const { voice, speed } = update.audio?.output ?? {};
  if (update.model !== undefined && update.model !== session.model) {
    return problem(
      'invalid_value',
      `The model of a session cannot be changed: it is '${session.model}'.`,
      'session.model',
    );
  }
  if (
    facts.spoke &&
    voice !== undefined &&
    voiceFromWire(voice) !== voiceFromWire(session.audio.output.voice)
  ) {
    return problem(
      'cannot_update_voice',
      "Cannot update a conversation's voice if assistant audio is present.",
    );
  }
  if (facts.responding && speed !== undefined && speed !== session.audio.output.speed) {
    return problem(
      'invalid_value',
      'The speed of the audio can be changed only between responses.',
      'session.audio.output.speed',
    );
  }
  if (
    session.tracing !== null &&
    update.tracing !== undefined &&
    JSON.stringify(update.tracing) !== JSON.stringify(session.tracing)
  ) {
    return problem('invalid_value', 'Tracing cannot be changed once it is set.', 'session.tracing');
  }
  return modelRefusal(session.model, update, 'session') ?? conflict(merge(session, update));
}

/** Fields that only some models take. `at`: the object that names them. */
export function modelRefusal(
  model: string,
  fields: Pick<RealtimeSessionUpdate, 'reasoning' | 'parallel_tool_calls'>,
  at: 'session' | 'response',
): Problem | null {
  if (modelFacts(model).reasoning) return null;
  for (const name of ['reasoning', 'parallel_tool_calls'] as const) {
    if (fields[name] === undefined) continue;
    const path = `${at}.${name}`;
    return problem(
      'unsupported_parameter',
      `Unsupported parameter: '${path}' with the model '${model}'.`,
      path,
    );
  }
  return null;
}

/** What cannot hold together, however it came about. */
function conflict({ model, audio, truncation }: RealtimeSession): Problem | null {
  const { transcription, turn_detection } = audio.input;
  const transcriber = transcription?.model ?? '';
  if (turn_detection !== null && transcriberFacts(transcriber)?.manualTurns === true) {
    return problem(
      'invalid_value',
      `The transcription model '${transcriber}' needs 'turn_detection' to be null.`,
      'session.audio.input.transcription.model',
    );
  }
  const limit = typeof truncation === 'string' ? undefined : truncation.token_limits?.post_instructions;
  const { maxInputTokens } = modelFacts(model);
  if (limit !== undefined && limit > maxInputTokens) {
    return problem(
      'integer_above_max_value',
      `Invalid 'post_instructions': expected a value <= ${maxInputTokens}, but got ${limit} instead.`,
      'session.truncation.token_limits.post_instructions',
    );
  }
  return null;
}
