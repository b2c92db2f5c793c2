import { itemToGa, shownToBeta, wrongPart } from './beta-items.js';
import { betaNames, gaOnly } from './beta-names.js';
import { requestShape, responseShape, sessionShape } from './beta-shapes.js';
import type { Mistranslated, ServerDialect } from './dialect.js';
import { asFields, type Fields, type Shape, without } from './fields.js';

const defaultTemperature = 0.8;

/**
 * The beta dialect from the server's end, for one connection. The temperature, for which the GA wire has no field, is
 * checked, kept and shown, and has no effect.
 */
export function betaServerDialect(): ServerDialect {
  return new BetaServer();
}

type Problem = Mistranslated['problem'];

class BetaServer implements ServerDialect {
  readonly audioDelta = 'response.audio.delta';
  #temperature = defaultTemperature;

  read(parsed: unknown): { event: unknown } | Mistranslated {
    const event = asFields(parsed);
    if (event === undefined) return { event: parsed };
    const problem = faultsOf(event);
    if (problem !== null) {
      const id = event.event_id;
      return { problem, eventId: typeof id === 'string' && id.length <= 512 ? id : null };
    }
    const session = asFields(event.session);
    const response = asFields(event.response);
    if (event.type === 'session.update' && session !== undefined) {
      if (typeof session.temperature === 'number') this.#temperature = session.temperature;
      return { event: { ...event, session: { type: 'realtime', ...sessionShape.ga(session) } } };
    }
    if (event.type === 'response.create' && response !== undefined) {
      return { event: { ...event, response: requestShape.ga(response) } };
    }
    if (event.type === 'conversation.item.create') {
      return { event: { ...event, item: itemToGa(event.item) } };
    }
    return { event };
  }

  write(event: { type: string; event_id: string }): object | null {
    const fields: Fields = { ...event };
    const name = betaNames.get(event.type);
    if (name !== undefined) return { ...fields, type: name };
    if (gaOnly.has(event.type)) return null;
    switch (event.type) {
      case 'session.created':
      case 'session.updated':
        return {
          ...fields,
          session: { ...flat(sessionShape, fields.session), temperature: this.#temperature },
        };
      case 'response.created':
      case 'response.done':
        return {
          ...fields,
          response: { ...flat(responseShape, fields.response), temperature: this.#temperature },
        };
      case 'conversation.item.added':
        return withItem({ ...fields, type: 'conversation.item.created' });
      // Told already: beta has one event for both.
      case 'conversation.item.done':
        return null;
      case 'conversation.item.retrieved':
      case 'response.output_item.added':
      case 'response.output_item.done':
        return withItem(fields);
      case 'response.function_call_arguments.done':
        return without(fields, 'name');
      case 'conversation.item.input_audio_transcription.completed':
        return without(fields, 'languages');
      case 'error':
        return { ...fields, error: betaError(asFields(fields.error) ?? {}) };
      default:
        return event;
    }
  }
}

/** What only this dialect can find wrong with an event. */
function faultsOf(event: Fields): Problem | null {
  const { type, session, response, item } = event;
  if (type === 'session.update') return faults(sessionShape, asFields(session) ?? {}, 'session');
  if (type === 'conversation.item.create') return faultOfItem(item, 'item');
  if (type !== 'response.create') return null;
  const fields = asFields(response) ?? {};
  return faults(requestShape, fields, 'response') ?? faultsOfInput(fields.input);
}

function flat(shape: Shape, value: unknown): Fields {
  return shape.flat(asFields(value) ?? {});
}

function withItem(event: Fields): object | null {
  const item = shownToBeta(event.item);
  return item === null ? null : { ...event, item };
}

/** Names that beta does not have, values that only beta has, and the temperature; the GA wire's own checks do the rest. */
function faults(shape: Shape, fields: Fields, path: string): Problem | null {
  for (const [name, value] of Object.entries(fields)) {
    const param = `${path}.${name.slice(0, 64)}`;
    if (name === 'temperature') {
      const fits = typeof value === 'number' && value >= 0.6 && value <= 1.2;
      if (!fits) return invalid(param, `Invalid '${param}': expected a number from 0.6 to 1.2.`);
      continue;
    }
    const row = shape.row(name);
    if (row === undefined || serverOnly.has(param)) {
      return { code: 'unknown_parameter', message: `Unknown parameter: '${param}'.`, param };
    }
    if (row.allowed !== undefined && !row.allowed.test(value)) {
      return invalid(param, `Invalid value for '${param}'. ${row.allowed.message(value)}`);
    }
  }
  return null;
}

/** Fields of a session that a server tells and nobody sets. */
const serverOnly: ReadonlySet<string> = new Set(['session.id', 'session.object', 'session.expires_at']);

function faultsOfInput(input: unknown): Problem | null {
  if (!Array.isArray(input)) return null;
  for (const [at, item] of input.entries()) {
    const problem = faultOfItem(item, `response.input[${at}]`);
    if (problem !== null) return problem;
  }
  return null;
}

function faultOfItem(item: unknown, path: string): Problem | null {
  const wrong = wrongPart(item);
  return wrong === null ? null : invalid(`${path}.${wrong.path}`, wrong.message);
}

function invalid(param: string, message: string): Problem {
  return { code: 'invalid_value', message, param };
}

/** The path of the field at fault, where the client knows it by another name; messages quote it too. */
function betaError(error: Fields): Fields {
  const { param, message } = error;
  if (typeof param !== 'string') return error;
  const told = betaPath(param);
  if (told === param) return error;
  return {
    ...error,
    param: told,
    message: typeof message === 'string' ? message.replaceAll(`'${param}'`, `'${told}'`) : message,
  };
}

function betaPath(path: string): string {
  const [root, ...rest] = path.split('.');
  const inner = rest.join('.');
  if (root === 'session') return `session.${sessionShape.flatPath(inner)}`;
  return root === 'response' ? `response.${requestShape.flatPath(inner)}` : path;
}
