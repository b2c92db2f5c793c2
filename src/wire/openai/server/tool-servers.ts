import type { Event } from '../../../realtime/contract.js';
import type { McpCallItem, McpListToolsItem, Tool, WireItem } from '../events.js';
import type { Context } from './context.js';
import type { Conversation, Entry } from './conversation.js';
import { isRecord } from './validate/check.js';

type ItemEvent = Event & { t: 'item' };

/**
 * Lists of the tools that hosted servers (MCP) have. Where the model behind runs none, each list fails, which a client has
 * to live with anyway; where it does, what its own vendor says of them is passed on.
 */
export class ToolServers {
  readonly #context: Context;
  readonly #conversation: Conversation;
  /** Labels whose list has been told; another session may name them again. */
  #listed = new Set<string>();
  readonly #failed = new Set<string>();

  constructor(context: Context, conversation: Conversation) {
    this.#context = context;
    this.#conversation = conversation;
  }

  /** The session names these now, and the client has been told so. */
  name(tools: readonly Tool[]): void {
    const labels = labelsOf(tools);
    this.#list(labels);
    this.#listed = new Set(labels);
  }

  /** One response may use these. */
  mention(tools: readonly Tool[]): void {
    this.#list(labelsOf(tools));
  }

  #list(labels: readonly string[]): void {
    if (this.#context.options.hostedTools === true) return;
    for (const label of labels) {
      if (this.#listed.has(label)) continue;
      this.#listed.add(label);
      const id = this.#context.ids('mcpl');
      const wire: McpListToolsItem & { id: string } = {
        id,
        type: 'mcp_list_tools',
        server_label: label,
        tools: [],
      };
      const entry = this.#begin(wire);
      this.#context.send('mcp_list_tools.failed', { item_id: id });
      this.#conversation.finish(entry);
    }
  }

  /** A list that the model's own vendor makes. */
  item(event: ItemEvent, wire: McpListToolsItem & { id: string }): void {
    if (this.#context.options.hostedTools !== true) return;
    const known = this.#conversation.get(wire.id);
    if (event.phase === 'added' && known === undefined) this.#begin(wire);
    if (event.phase !== 'done') return;
    const entry = known ?? this.#begin(wire);
    entry.wire = wire;
    if (!this.#failed.delete(wire.id) && !entry.done) {
      this.#context.send('mcp_list_tools.completed', { item_id: wire.id });
    }
    this.#conversation.finish(entry);
  }

  /** True where a refusal says that such a list failed: it has an event of its own. */
  refused({ code, raw }: Event & { t: 'refused' }): boolean {
    const id = code === 'mcp_list_tools_failed' && isRecord(raw) ? raw.item_id : undefined;
    const entry = typeof id === 'string' ? this.#conversation.get(id) : undefined;
    if (typeof id !== 'string' || entry?.wire.type !== 'mcp_list_tools') return false;
    if (entry.done || this.#failed.has(id)) return true;
    this.#failed.add(id);
    this.#context.send('mcp_list_tools.failed', { item_id: id });
    return true;
  }

  #begin(wire: WireItem): Entry {
    const entry = this.#conversation.insert(wire, 'model');
    this.#conversation.announce(entry);
    this.#context.send('mcp_list_tools.in_progress', { item_id: wire.id });
    return entry;
  }
}

function labelsOf(tools: readonly Tool[]): string[] {
  return tools.flatMap((tool) => (tool.type === 'mcp' ? [tool.server_label] : []));
}

/** What a link of the same wire told with an item of a tool server; `null` where it is none, or not what the wire says. */
export function mcpItemOf({ item, raw }: ItemEvent): WireItem | null {
  const fields = item.kind === 'provider' && isRecord(raw) && isRecord(raw.item) ? raw.item : undefined;
  if (fields?.id !== item.id || typeof fields.server_label !== 'string') return null;
  const { id } = item;
  const { type, server_label, name, arguments: args } = fields;
  if (type === 'mcp_list_tools') {
    const tools = (Array.isArray(fields.tools) ? fields.tools : []).filter(isRecord).flatMap(toolOf);
    return { id, type, server_label, tools };
  }
  if (typeof name !== 'string' || typeof args !== 'string') return null;
  if (type === 'mcp_approval_request') return { id, type, server_label, name, arguments: args };
  if (type !== 'mcp_call') return null;
  const approval = fields.approval_request_id;
  return {
    id,
    type,
    server_label,
    name,
    arguments: args,
    output: typeof fields.output === 'string' ? fields.output : null,
    error: errorOf(fields.error),
    approval_request_id: typeof approval === 'string' ? approval : null,
  };
}

function toolOf(tool: Record<string, unknown>): McpListToolsItem['tools'] {
  const { name, input_schema, description, annotations } = tool;
  if (typeof name !== 'string') return [];
  return [
    {
      name,
      input_schema: input_schema ?? {},
      ...(typeof description === 'string' ? { description } : {}),
      ...(annotations === undefined ? {} : { annotations }),
    },
  ];
}

function errorOf(error: unknown): NonNullable<McpCallItem['error']> | null {
  if (!isRecord(error) || typeof error.message !== 'string') return null;
  const { type, code, message } = error;
  if (type === 'tool_execution_error') return { type, message };
  if ((type === 'protocol_error' || type === 'http_error') && typeof code === 'number') {
    return { type, code, message };
  }
  return null;
}
