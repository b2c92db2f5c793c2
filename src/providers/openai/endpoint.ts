import { baseUrlOf } from '../dialling.js';
import type { RealtimeModelOptions } from './options.js';

const vendor = 'https://api.openai.com/v1';

/** Where the socket goes: `<base>/realtime?model=<model>`, as ws or wss; the base's own query stays. */
export function endpointOf(baseUrl: string | undefined, model: string): URL {
  const url = baseUrlOf('openai', baseUrl, 'OPENAI_BASE_URL', vendor);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/realtime') ? path : `${path}/realtime`;
  url.searchParams.set('model', model);
  return url;
}

/** Beta header never: the server refuses the whole session with it. */
export function headersOf(options: RealtimeModelOptions, key: string | undefined): Record<string, string> {
  return {
    ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
    ...(options.organization === undefined ? {} : { 'OpenAI-Organization': options.organization }),
    ...(options.project === undefined ? {} : { 'OpenAI-Project': options.project }),
    ...options.headers,
  };
}
