import { loadPeer } from '../core/load-peer.js';
import type { McpCommand, McpServerOptions } from './options.js';

// What we use of @modelcontextprotocol/sdk (MIT). The shapes are ours, so that no emitted declaration needs the package.

export interface McpToolInfo {
  name: string;
  description?: string | undefined;
  inputSchema: Record<string, unknown>;
}

export interface McpResult {
  content?: readonly McpContent[] | undefined;
  structuredContent?: Record<string, unknown> | undefined;
  isError?: boolean | undefined;
}

export interface McpContent {
  type: string;
  text?: string;
  mimeType?: string | undefined;
  uri?: string;
  resource?: { uri: string; text?: string; mimeType?: string | undefined };
}

/** A connection that is being made or stands. */
export interface McpClient {
  connect(signal: AbortSignal): Promise<void>;
  /** All pages. */
  list(signal?: AbortSignal): Promise<McpToolInfo[]>;
  call(name: string, args: Record<string, unknown>, signal: AbortSignal): Promise<McpResult>;
  /** Lets the server go; a program gets a few seconds to end by itself. Never rejects. */
  close(): Promise<void>;
}

export interface McpListeners {
  listChanged(): void;
  /** The connection ended, or the server sent what is no MCP. `undefined`: it ended. */
  broken(error: Error | undefined): void;
}

/** The SDK's own limit would end calls that our tools may take longer for: theirs is the signal. */
const noTimeoutMs = 2_147_483_647;
/** How long a server may take to forget its session. */
const forgetMs = 1_000;
/** A server that goes on giving pages has no end. */
const pageLimit = 64;

/** The SDK's client for a server. Rejects with `peer_missing`. */
export async function loadClient(options: McpServerOptions, listeners: McpListeners): Promise<McpClient> {
  const peer = await loadSdk();
  const { transport, forget } = await wayTo(peer, options);
  const client = new peer.Client(
    { name: 'repartee', version: '0.1.0' },
    {
      listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => listeners.listChanged() } },
    },
  );
  let isOver = false;
  client.onclose = () => {
    if (!isOver) listeners.broken(undefined);
  };
  client.onerror = (error) => {
    if (!isOver) listeners.broken(error);
  };
  const request = (signal?: AbortSignal) => ({
    timeout: noTimeoutMs,
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    // The SDK's interface and its class disagree under exactOptionalPropertyTypes.
    connect: (signal) => client.connect(transport as Parameters<typeof client.connect>[0], request(signal)),
    async list(signal) {
      const tools: McpToolInfo[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < pageLimit; page++) {
        const listed = await client.listTools(cursor === undefined ? {} : { cursor }, request(signal));
        tools.push(...listed.tools);
        cursor = listed.nextCursor;
        if (cursor === undefined) break;
      }
      return tools;
    },
    call: async (name, args, signal) =>
      (await client.callTool({ name, arguments: args }, undefined, request(signal))) as McpResult,
    async close() {
      if (isOver) return;
      isOver = true;
      await within(forget(), forgetMs);
      await client.close().catch(() => {});
    },
  };
}

/** -32602: the server says in words what is wrong with the arguments. */
export function isBadArguments(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === -32602;
}

function loadSdk() {
  return loadPeer('@modelcontextprotocol/sdk', 'An MCP server', async () => {
    const [{ Client }, { StdioClientTransport }, { StreamableHTTPClientTransport }] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('@modelcontextprotocol/sdk/client/stdio.js'),
      import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    ]);
    return { Client, StdioClientTransport, StreamableHTTPClientTransport };
  });
}

type Peer = Awaited<ReturnType<typeof loadSdk>>;

/** `forget`: tells a server that keeps sessions that this one is over. */
async function wayTo(
  { StdioClientTransport, StreamableHTTPClientTransport }: Peer,
  options: McpServerOptions,
) {
  if (options.url === undefined) {
    return { transport: new StdioClientTransport(programOf(options)), forget: async () => {} };
  }
  const headers = { ...(await headersOf(options.headers)) };
  const transport = new StreamableHTTPClientTransport(new URL(options.url), { requestInit: { headers } });
  const forget = async () => {
    if (transport.sessionId !== undefined) await transport.terminateSession();
  };
  return { transport, forget };
}

function programOf({ command, args = [], env, cwd, stderr = 'ignore' }: McpCommand) {
  return {
    command,
    args: [...args],
    stderr,
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

type Headers = Readonly<Record<string, string>>;

async function headersOf(
  headers: Headers | (() => Headers | Promise<Headers>) | undefined,
): Promise<Headers> {
  return typeof headers === 'function' ? headers() : (headers ?? {});
}

/** Resolves when it is settled, or has taken too long. */
function within(done: Promise<unknown>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    done.then(end, end);
  });
}
