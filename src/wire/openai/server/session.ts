import type { Config } from '../../../realtime/contract.js';
import { configPatch, configToSession, sessionToConfig } from '../convert/index.js';
import type { AudioFormat, RealtimeSession, RealtimeSessionUpdate, Tool } from '../events.js';
import type { Context } from './context.js';
import { refusal, type SessionFacts } from './session-refusal.js';
import { merge, placeholderVoice, shownSession, startSession } from './session-value.js';

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
