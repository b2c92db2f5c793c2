// A library as an MCP server on standard input and output, made with the official SDK.
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const shelf = new Map([
  ['Dune', 3],
  ['Solaris', 0],
]);
const title = z.string().describe('Title of the book');
const answer = (value: unknown) => ({ content: [{ type: 'text' as const, text: JSON.stringify(value) }] });

const server = new McpServer({ name: 'library', version: '1.0.0' });

server.registerTool(
  'find_book',
  { description: 'How many copies of a book are on the shelf', inputSchema: { title } },
  (args) => answer({ title: args.title, copies: shelf.get(args.title) ?? 0 }),
);

server.registerTool(
  'reserve_book',
  { description: 'Puts a copy aside for the caller', inputSchema: { title } },
  (args) => {
    const copies = shelf.get(args.title) ?? 0;
    if (copies === 0) {
      return { isError: true, content: [{ type: 'text', text: `${args.title} is not on the shelf.` }] };
    }
    shelf.set(args.title, copies - 1);
    return answer({ title: args.title, left: copies - 1 });
  },
);

await server.connect(new StdioServerTransport());
