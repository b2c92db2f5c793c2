import { ending, errorFrame, openaiServerMachine } from '../../wire/openai/index.js';
import type { Wire, WireRequest } from '../wires.js';

const keyProtocol = 'openai-insecure-api-key.';
const sessionSeconds = 3600;

/** OpenAI's GA Realtime wire over WebSocket. */
export const openaiWire: Wire = {
  name: 'openai',
  matches: ({ pathname }) => /^(\/openai)?\/v1\/realtime\/?$/.test(pathname),
  introduce(request) {
    const { url, protocols } = request;
    const key = shownKey(request);
    const model = url.searchParams.get('model') ?? undefined;
    const refusal = refusalOf(request);
    return {
      ...(key === undefined ? {} : { key }),
      ...(model === undefined || model === '' ? {} : { model }),
      // Unknown entries of the list (keys, versions of SDKs) are ignored, and never answered.
      ...(protocols.includes('realtime') ? { protocol: 'realtime' } : {}),
      ...(refusal === undefined ? {} : { refusal }),
    };
  },
  createMachine({ dialler, model, grant, wallMs }) {
    const { inputRateHz, outputRateHz } = dialler.capabilities;
    return openaiServerMachine({
      model,
      defaults: dialler.defaults,
      inputRateHz,
      outputRateHz,
      expiresAt: Math.floor(wallMs / 1000) + sessionSeconds,
      ...(grant.session === undefined ? {} : { session: grant.session }),
    });
  },
  refuse(code, message, ids) {
    const { body, closeCode, reason } = ending(code, message);
    return { frames: body === null ? [] : [errorFrame(body, ids('event'))], closeCode, reason };
  },
  limits: {
    // The machine refuses an event over 15 MiB and goes on; only what is far beyond ends the connection.
    frameBytes: 32 * 1024 * 1024,
    backlogBytes: 32 * 1024 * 1024,
  },
};

/** The beta shape is gone at the vendor too; of the sessions of the GA wire this one serves those that talk. */
function refusalOf({ url, headers, protocols }: WireRequest): { code: string; message: string } | undefined {
  const beta = String(headers['openai-beta'] ?? '').includes('realtime=v1');
  if (beta || protocols.includes('openai-beta.realtime-v1')) {
    const message = 'The beta shape of this API is gone: connect without the OpenAI-Beta header.';
    return { code: 'beta_api_shape_disabled', message };
  }
  for (const name of ['intent', 'call_id']) {
    if (url.searchParams.has(name)) {
      return { code: 'unsupported_session', message: `This server does not open sessions by '${name}'.` };
    }
  }
  return undefined;
}

/** Header, Azure's header or query, or the browser's subprotocol. */
function shownKey({ url, headers, protocols }: WireRequest): string | undefined {
  const { authorization, 'api-key': apiKey } = headers;
  if (typeof authorization === 'string') {
    const bearer = /^Bearer +(\S+) *$/i.exec(authorization);
    if (bearer !== null) return bearer[1];
  }
  if (typeof apiKey === 'string') return apiKey;
  const inQuery = url.searchParams.get('api-key');
  if (inQuery !== null) return inQuery;
  return protocols.find((entry) => entry.startsWith(keyProtocol))?.slice(keyProtocol.length);
}
