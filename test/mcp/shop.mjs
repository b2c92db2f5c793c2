// A small MCP server of the official SDK, for the tests: `node shop.mjs` serves it on standard input and output.
import process from 'node:process';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

/** `seen`: what the server noticed, for tests in the same process. */
export function shop(seen = []) {
  const server = new McpServer({ name: 'shop', version: '1.0.0' });
  server.registerTool(
    'price',
    { description: 'Price of an item', inputSchema: { item: z.string() } },
    ({ item }) =>
      item === 'gold'
        ? { isError: true, content: [{ type: 'text', text: 'Gold is not sold here.' }] }
        : { content: [{ type: 'text', text: `${item}: 3 euros` }] },
  );
  server.registerTool('shop.stock', { description: 'What is there' }, () => ({
    content: [],
    structuredContent: { apples: 4 },
  }));
  server.registerTool('slow', { description: 'Takes its time' }, async ({ signal }) => {
    seen.push('slow began');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    seen.push('slow was aborted');
    return { content: [] };
  });
  server.registerTool('broken', { description: 'Throws' }, () => {
    throw new Error('the till is jammed');
  });
  server.registerTool('open_cellar', { description: 'Another tool appears' }, () => {
    server.registerTool('wine', { description: 'Wine' }, () => ({
      content: [{ type: 'text', text: 'Red.' }],
    }));
    return { content: [{ type: 'text', text: 'open' }] };
  });
  server.registerTool('who', { description: 'Environment' }, () => ({
    content: [
      { type: 'text', text: `${process.env.SHOP ?? 'nobody'} ${process.env.SHOP_SECRET ?? 'no secret'}` },
    ],
  }));
  // Only where it is a program of its own.
  server.registerTool('leave', { description: 'The program ends' }, () => process.exit());
  return server;
}

if (process.argv[1]?.endsWith('shop.mjs')) await shop().connect(new StdioServerTransport());
