import { geminiServerMachine } from '../../wire/gemini/index.js';
import { ResumableLink } from '../gemini/resumable-link.js';
import { noKey } from '../keys.js';
import type { Refusal, Wire, WireRequest } from '../wires.js';

/**
 * Every spelling of the method's address: the Gemini API's versions and its ephemeral method, and Vertex, which has a
 * slash before the method. What stands before it is left alone: the JavaScript SDK sends `//ws/…`, and a base URL
 * may have a path.
 */
const address =
  /\/google\.(ai\.generativelanguage\.(v1|v1beta|v1alpha)\.GenerativeService\.BidiGenerateContent(Constrained)?|cloud\.aiplatform\.(v1|v1beta1)\.LlmBidiService\/+BidiGenerateContent)\/*$/;

/** Gemini Live's wire over WebSocket. The client names its model in its first frame. */
export const geminiWire: Wire = {
  name: 'gemini',
  matches: ({ pathname }) => address.test(pathname),
  introduce(request) {
    const key = shownKey(request);
    return key === undefined ? {} : { key };
  },
  namesModelLater: true,
  wrapLink: (link, { gemini }) => gemini?.resumable(link) ?? link,
  createMachine({ request, dialler, gemini, grant }, link) {
    const { inputRateHz, outputRateHz, toolReply } = dialler.capabilities;
    const { frames, turnComplete, usage, goAwayAfterMs, goAwayLeftMs } = gemini?.serving ?? {};
    const faults = gemini?.faults();
    return geminiServerMachine({
      defaults: dialler.defaults,
      inputRateHz,
      outputRateHz,
      toolReply,
      surface: request.url.pathname.includes('LlmBidiService') ? 'vertex' : 'gemini',
      admit(asked) {
        const admission = gemini?.admit(asked, grant.token, versionOf(request.url)) ?? { setup: asked };
        const asksForHandles = 'setup' in admission && admission.setup.sessionResumption !== undefined;
        if (asksForHandles && link instanceof ResumableLink) link.keep();
        return admission;
      },
      ...(frames === undefined ? {} : { frames }),
      ...(turnComplete === undefined ? {} : { turnComplete }),
      ...(usage === undefined ? {} : { usage }),
      ...(goAwayAfterMs === undefined ? {} : { goAwayAfterMs }),
      ...(goAwayLeftMs === undefined ? {} : { goAwayLeftMs }),
      ...(faults === undefined ? {} : { faults }),
    });
  },
  refuse: (code, message) => ({ frames: [], ...closeFor(code, message) }),
  limits: {
    frameBytes: 16 * 1024 * 1024,
    backlogBytes: 32 * 1024 * 1024,
  },
};

function versionOf({ pathname }: URL): string {
  return /\.(v1(?:alpha|beta1?)?)\./.exec(pathname)?.[1] ?? 'v1beta';
}

const unregistered =
  "Method doesn't allow unregistered callers (callers without established identity). Please use API Key.";

/** The upgrade always succeeds on this wire; every refusal is a close frame. */
function closeFor(code: string, message: string): Omit<Refusal, 'frames'> {
  if (code === 'invalid_api_key' && message === noKey) {
    return { closeCode: 1008, reason: unregistered };
  }
  if (code === 'invalid_api_key') {
    return { closeCode: 1007, reason: 'API key not valid. Please pass a valid API key.' };
  }
  if (code === 'model_not_found') return { closeCode: 1008, reason: message };
  return { closeCode: 1011, reason: message };
}

/** Query (JavaScript SDK), header (Python SDK), or a token: ephemeral or of Google Cloud. */
function shownKey({ url, headers }: WireRequest): string | undefined {
  const inQuery = url.searchParams.get('key') ?? url.searchParams.get('access_token');
  if (inQuery !== null) return inQuery;
  const { 'x-goog-api-key': inHeader, authorization } = headers;
  if (typeof authorization === 'string') {
    const token = /^(?:Bearer|Token) +(\S+) *$/i.exec(authorization);
    if (token !== null) return token[1];
  }
  return typeof inHeader === 'string' ? inHeader : undefined;
}
