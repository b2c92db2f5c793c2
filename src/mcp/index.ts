export type { McpCommand, McpCommon, McpServerOptions, McpUrl } from './options.js';
export { mcpServer } from './server.js';
