export type { GeminiFaults } from '../wire/gemini/index.js';
export { createGateway, type Gateway } from './gateway.js';
export type { GeminiServing } from './gemini/options.js';
export type { GatewayOptions } from './options.js';
export type { GatewayTls } from './tls.js';
