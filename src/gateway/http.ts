import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ids } from '../core/index.js';
import type { Dialler } from '../realtime/index.js';
import { problem } from '../wire/openai/index.js';
import {
  createBetaSession,
  createClientSecret,
  refused,
  type SecretAnswer,
  type SecretMaker,
} from './client-secrets.js';
import type { GeminiDesk } from './gemini/desk.js';
import { failed } from './gemini/tokens.js';
import type { Keys } from './keys.js';

const maxBodyBytes = 1024 * 1024;

export interface HttpContext {
  keys: Keys;
  gemini: GeminiDesk;
  model: Dialler;
  ids: Ids;
  wallMs: () => number;
}

/** OpenAI's addresses and Azure's, GA and beta. */
const secretMakers: Readonly<Record<string, SecretMaker>> = {
  '/v1/realtime/client_secrets': createClientSecret,
  '/openai/v1/realtime/client_secrets': createClientSecret,
  '/v1/realtime/sessions': createBetaSession,
  '/openai/realtimeapi/sessions': createBetaSession,
};

/** What is asked of the gateway without an upgrade. */
export async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  context: HttpContext,
): Promise<void> {
  const answer = await route(request, context);
  if (response.destroyed) return;
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer.body));
}

async function route(request: IncomingMessage, context: HttpContext): Promise<SecretAnswer> {
  const path = (request.url ?? '/').split('?')[0];
  const makeSecret = secretMakers[path ?? ''];
  if (makeSecret !== undefined) {
    if (request.method !== 'POST') {
      return refused(problem('method_not_allowed', 'This address takes POST only.'), 405);
    }
    const { authorization = '', 'api-key': apiKey } = request.headers;
    const key =
      /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? (apiKey === undefined ? apiKey : String(apiKey));
    if (!context.keys.open && !context.keys.isKey(key)) {
      return refused(problem('invalid_api_key', 'Incorrect API key provided.'), 401);
    }
    const body = await readJson(request);
    if ('problem' in body) return body.problem;
    return makeSecret(body.json, context.keys, context.model, context.ids, context.wallMs());
  }
  if (/^\/+v1(alpha|beta)?\/auth_tokens$/.test(path ?? '')) return authToken(request, context);
  const message = 'This is a gateway for realtime sessions: open a WebSocket to /v1/realtime.';
  return refused(problem('unknown_url', message), path === '/v1/realtime' ? 426 : 404);
}

/** Ephemeral tokens of Gemini's wire; made by whoever has a key, never by whoever has a token. */
async function authToken(request: IncomingMessage, context: HttpContext): Promise<SecretAnswer> {
  if (request.method !== 'POST') return failed(404, 'NOT_FOUND', 'This address takes POST only.');
  const { 'x-goog-api-key': inHeader, authorization } = request.headers;
  const query = new URLSearchParams((request.url ?? '').split('?')[1]);
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  const key = typeof inHeader === 'string' ? inHeader : (query.get('key') ?? bearer);
  if (!context.keys.open && !context.keys.isKey(key)) {
    return failed(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.');
  }
  const body = await readJson(request);
  if ('problem' in body) return failed(400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.');
  return context.gemini.tokens.create(body.json, context.ids, context.wallMs());
}

async function readJson(request: IncomingMessage): Promise<{ json: unknown } | { problem: SecretAnswer }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > maxBodyBytes) {
      return { problem: refused(problem('body_too_large', 'The body is longer than 1 MiB.'), 413) };
    }
    chunks.push(bytes);
  }
  try {
    const json: unknown = length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString());
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { json };
  } catch {
    // Falls through: the same answer.
  }
  return { problem: refused(problem('invalid_json', 'The body is not a JSON object.')) };
}
