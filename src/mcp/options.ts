import type { ToolPolicy } from '../agent/index.js';
import { checkPolicy } from '../agent/tools/policy.js';
import { ConfigError, type Ms } from '../core/index.js';

/** An MCP server and how to reach it: `command` for one that is started here, `url` for one that is served. */
export type McpServerOptions = McpCommon & (McpCommand | McpUrl);

export interface McpCommand {
  /** Program that speaks MCP on its standard input and output; started for each session, and ended with it. */
  command: string;
  args?: readonly string[];
  /** Added to the few variables that it inherits (PATH, HOME and the like): keys of this process are not among them. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** What becomes of what it writes to standard error. Default `ignore`. */
  stderr?: 'ignore' | 'inherit';
  url?: never;
}

export interface McpUrl {
  /** Of a server that speaks the streamable HTTP transport. */
  url: string | URL;
  /** Sent with each request, such as `authorization`. A function is asked at each connection. */
  headers?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);
  command?: never;
}

export interface McpCommon {
  /** For error messages. Default: the command, or the URL's host. */
  name?: string;
  /** Set before the name of each tool, where two servers have tools of one name. */
  prefix?: string;
  /** Only tools for which it is true, by the name that the server gives them. */
  filter?: (name: string) => boolean;
  /** How long it may take to connect and list the tools. Default 10,000. */
  openTimeoutMs?: Ms;
  /** Without it the session goes on, with an `error` event. Default false: `start` rejects. */
  optional?: boolean;
  /** How its tools are run, as with `tool()`. */
  policy?: ToolPolicy;
  /** Calls that somebody has to approve, by the server's name of the tool. Default: none. */
  needsApproval?: boolean | ((name: string, args: Record<string, unknown>) => boolean | Promise<boolean>);
}

/** The name for messages. ConfigError `option_invalid`, `options_conflict`. */
export function checkServer(options: McpServerOptions): string {
  const { command, url, name, prefix = '', openTimeoutMs, policy } = options;
  if (policy !== undefined) checkPolicy(policy, 'policy.');
  if (openTimeoutMs !== undefined && !(Number.isFinite(openTimeoutMs) && openTimeoutMs > 0)) {
    throw new ConfigError('option_invalid', 'openTimeoutMs must be a number above 0', {
      param: 'openTimeoutMs',
    });
  }
  if (command !== undefined && url !== undefined) {
    throw new ConfigError('options_conflict', 'An MCP server has a command or a url, not both', {
      param: 'url',
    });
  }
  if (!/^[a-zA-Z0-9_-]{0,32}$/.test(prefix)) {
    throw new ConfigError('option_invalid', 'A prefix has up to 32 letters, digits, _ and -', {
      param: 'prefix',
    });
  }
  if (url !== undefined) {
    const { protocol, host } = parse(url);
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw new ConfigError('option_invalid', `url must be http or https, not ${protocol}`, { param: 'url' });
    }
    return name ?? host;
  }
  if (typeof command !== 'string' || command === '') {
    throw new ConfigError('option_invalid', 'An MCP server needs a command or a url', { param: 'command' });
  }
  return name ?? command;
}

function parse(url: string | URL): URL {
  try {
    return new URL(url);
  } catch (cause) {
    throw new ConfigError('option_invalid', 'url is no URL', { param: 'url', cause });
  }
}
