import { type OpenSource, type SourceContext, type Tool, type ToolSource, tool } from '../agent/index.js';
import { ToolError, toReparteeError } from '../core/index.js';
import { checkServer, type McpServerOptions } from './options.js';
import { isBadArguments, loadClient, type McpClient, type McpToolInfo } from './peer.js';
import { resultText } from './result-text.js';

/**
 * The tools of an MCP server, to stand among an agent's `tools`. Each session has a connection of its own, made when the
 * agent comes in and closed when it leaves; what the server changes in its list reaches the model. An error result reaches
 * the model in the server's words; of a call that fails otherwise it learns only that. Needs the optional peer
 * `@modelcontextprotocol/sdk`. ConfigError `option_invalid`, `options_conflict`; opening rejects with `peer_missing`,
 * `tool_source_failed`.
 */
export function mcpServer(options: McpServerOptions): ToolSource {
  const name = checkServer(options);
  const { openTimeoutMs, optional } = options;
  return {
    name,
    ...(openTimeoutMs === undefined ? {} : { openTimeoutMs }),
    ...(optional === undefined ? {} : { optional }),
    open: (context) => open(name, options, context),
  };
}

async function open(name: string, options: McpServerOptions, context: SourceContext): Promise<OpenSource> {
  const { signal, changed, failed } = context;
  const fault = (thrown: unknown) => toReparteeError(thrown, 'tool_source_failed', `${name}: `);
  let isOpen = false;
  /** Only the last list that was asked for counts: answers may overtake each other. */
  let asked = 0;
  const listChanged = async (): Promise<void> => {
    asked += 1;
    const own = asked;
    const isNews = () => isOpen && own === asked;
    try {
      const tools = toTools(options, client, await client.list());
      if (isNews()) changed(tools);
    } catch (thrown) {
      if (isNews()) failed(fault(thrown));
    }
  };
  const listeners = {
    listChanged: () => void listChanged(),
    broken: (error: Error | undefined) => {
      if (isOpen) failed(fault(error ?? new Error('the connection ended')));
    },
  };
  const client = await loadClient(options, listeners).catch((thrown: unknown) => {
    throw fault(thrown);
  });
  try {
    await client.connect(signal);
    const tools = toTools(options, client, await client.list(signal));
    isOpen = true;
    return {
      tools,
      close: () => {
        isOpen = false;
        return client.close();
      },
    };
  } catch (thrown) {
    await client.close();
    throw fault(thrown);
  }
}

function toTools(options: McpServerOptions, client: McpClient, infos: readonly McpToolInfo[]): Tool[] {
  const { filter = () => true } = options;
  return infos.filter(({ name }) => filter(name)).map((info) => toTool(options, client, info));
}

function toTool(
  { prefix = '', policy = {}, needsApproval = false }: McpServerOptions,
  client: McpClient,
  { name, description = '', inputSchema }: McpToolInfo,
): Tool {
  return tool<Record<string, unknown>>({
    ...policy,
    // Models take fewer letters in a name than servers do.
    name: `${prefix}${name}`.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64),
    description,
    parameters: inputSchema,
    needsApproval: typeof needsApproval === 'function' ? (args) => needsApproval(name, args) : needsApproval,
    async execute(args, { signal }) {
      const result = await client.call(name, args, signal).catch((thrown: unknown) => {
        throw isBadArguments(thrown) ? new ToolError('tool_arguments_invalid', thrown.message) : thrown;
      });
      if (result.isError === true) throw new ToolError('tool_failed', resultText(result));
      return resultText(result);
    },
  });
}
