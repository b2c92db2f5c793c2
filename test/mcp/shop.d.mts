import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';

export function shop(seen?: string[]): McpServer;
