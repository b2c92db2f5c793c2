export { createGateway, type Gateway } from './gateway.js';
export type { GatewayOptions } from './options.js';
export type { GatewayTls } from './tls.js';
