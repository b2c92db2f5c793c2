export { browserTransport } from './browser-transport.js';
export type { BrowserTransportOptions } from './options.js';
