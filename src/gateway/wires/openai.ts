import { betaServerDialect, ending, errorFrame, openaiServerMachine } from '../../wire/openai/index.js';
import type { Wire, WireRequest } from '../wires.js';

const keyProtocol = 'openai-insecure-api-key.';
/** OpenAI's own address; Azure's, where the deployment stands for the model; Azure's preview, which speaks beta. */
const address = /^(?:\/v1|(?<azure>\/openai\/v1)|(?<preview>\/openai))\/realtime\/?$/;
const sessionSeconds = 3600;
const azureSessionSeconds = 1800;

/** OpenAI's Realtime wire over WebSocket in all its dialects: GA and beta, at OpenAI's and at Azure's addresses. */
export const openaiWire: Wire = {
  name: 'openai',
  matches: ({ pathname }) => address.test(pathname),
  judgesAtUpgrade: (url) => isAzure(url),
  introduce(request) {
    const { url, protocols } = request;
    const key = shownKey(request);
    const { preview } = partsOf(url);
    const model = url.searchParams.get(preview === undefined ? 'model' : 'deployment') ?? undefined;
    const refusal = refusalOf(request);
    return {
      ...(key === undefined ? {} : { key }),
      ...(model === undefined || model === '' ? {} : { model }),
      // Unknown entries of the list (keys, versions of SDKs) are ignored, and never answered.
      ...(protocols.includes('realtime') ? { protocol: 'realtime' } : {}),
      ...(refusal === undefined ? {} : { refusal }),
    };
  },
  createMachine({ request, dialler, model, grant, wallMs }) {
    const { inputRateHz, outputRateHz, hostedTools } = dialler.capabilities;
    const seconds = isAzure(request.url) ? azureSessionSeconds : sessionSeconds;
    return openaiServerMachine({
      model,
      defaults: dialler.defaults,
      inputRateHz,
      outputRateHz,
      expiresAt: Math.floor(wallMs / 1000) + seconds,
      ...(hostedTools === undefined ? {} : { hostedTools }),
      limits: { sessionMs: seconds * 1000 },
      ...(speaksBeta(request) ? { dialect: betaServerDialect() } : {}),
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

function partsOf({ pathname }: URL): Partial<Record<'azure' | 'preview', string>> {
  return address.exec(pathname)?.groups ?? {};
}

function isAzure(url: URL): boolean {
  const { azure, preview } = partsOf(url);
  return azure !== undefined || preview !== undefined;
}

/** The vendor has retired it, but Azure's preview and the SDKs' beta helpers still speak it. */
function speaksBeta({ url, headers, protocols }: WireRequest): boolean {
  return (
    partsOf(url).preview !== undefined ||
    String(headers['openai-beta'] ?? '').includes('realtime=v1') ||
    protocols.includes('openai-beta.realtime-v1')
  );
}

/** Of the sessions of this wire this server opens those that talk. */
function refusalOf({ url }: WireRequest): { code: string; message: string } | undefined {
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
