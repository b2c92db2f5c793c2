import type { McpTool as WireMcpTool } from '../../wire/openai/index.js';
import type { McpTool, McpToolFilter } from './options.js';

/** A tool server as the wire names it. */
export function mcpToolToWire(tool: McpTool): WireMcpTool {
  const wire: WireMcpTool = { type: 'mcp', server_label: tool.serverLabel };
  if (tool.serverUrl !== undefined) wire.server_url = tool.serverUrl;
  if (tool.connectorId !== undefined) wire.connector_id = tool.connectorId;
  if (tool.tunnelId !== undefined) wire.tunnel_id = tool.tunnelId;
  if (tool.authorization !== undefined) wire.authorization = tool.authorization;
  if (tool.headers !== undefined) wire.headers = { ...tool.headers };
  if (tool.allowedTools !== undefined) {
    wire.allowed_tools = isList(tool.allowedTools) ? [...tool.allowedTools] : filter(tool.allowedTools);
  }
  const { requireApproval: approval } = tool;
  if (typeof approval === 'string') wire.require_approval = approval;
  else if (approval !== undefined) {
    wire.require_approval = {
      ...(approval.always === undefined ? {} : { always: filter(approval.always) }),
      ...(approval.never === undefined ? {} : { never: filter(approval.never) }),
    };
  }
  if (tool.serverDescription !== undefined) wire.server_description = tool.serverDescription;
  if (tool.deferLoading !== undefined) wire.defer_loading = tool.deferLoading;
  if (tool.allowedCallers !== undefined) wire.allowed_callers = [...tool.allowedCallers];
  return wire;
}

function filter({ readOnly, toolNames }: McpToolFilter): { read_only?: boolean; tool_names?: string[] } {
  return {
    ...(readOnly === undefined ? {} : { read_only: readOnly }),
    ...(toolNames === undefined ? {} : { tool_names: [...toolNames] }),
  };
}

function isList(value: readonly string[] | McpToolFilter): value is readonly string[] {
  return Array.isArray(value);
}
