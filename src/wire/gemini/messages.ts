export type * from './messages-client.js';
export type * from './messages-content.js';
export type * from './messages-server.js';
