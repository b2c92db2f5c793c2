export { type BetaClientOptions, betaClientDialect } from './beta-client.js';
export { betaRefusal } from './beta-limits.js';
export { betaServerDialect } from './beta-server.js';
export type { ClientDialect, ServerDialect } from './dialect.js';
