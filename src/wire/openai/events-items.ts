/**
 * Conversation items. Content parts of items have the long names (`input_text`, `output_audio`); the parts of
 * `response.content_part.*` have the short ones (`text`, `audio`, see `ResponsePart`).
 */

export type ItemStatus = 'completed' | 'incomplete' | 'in_progress';

export interface InputTextPart {
  type: 'input_text';
  text: string;
}

/** `transcript` is `null` until the transcription is known; `audio` (base64) comes only with a retrieve. */
export interface InputAudioPart {
  type: 'input_audio';
  audio?: string | null;
  transcript?: string | null;
}

export interface InputImagePart {
  type: 'input_image';
  /** Data URI of a PNG or JPEG. */
  image_url: string;
  detail?: 'auto' | 'low' | 'high';
}

export interface OutputTextPart {
  type: 'output_text';
  text: string;
}

export interface OutputAudioPart {
  type: 'output_audio';
  audio?: string | null;
  transcript?: string | null;
}

export type UserPart = InputTextPart | InputAudioPart | InputImagePart;
export type AssistantPart = OutputTextPart | OutputAudioPart;
export type WirePart = UserPart | AssistantPart;

/** What a client may leave out and a server always sends. */
interface Common {
  id?: string;
  object?: 'realtime.item';
  status?: ItemStatus;
}

export interface SystemMessage extends Common {
  type: 'message';
  role: 'system';
  content: InputTextPart[];
}

export interface UserMessage extends Common {
  type: 'message';
  role: 'user';
  content: UserPart[];
}

export interface AssistantMessage extends Common {
  type: 'message';
  role: 'assistant';
  content: AssistantPart[];
  /** Documented by Microsoft for reasoning models; absent from the published types. */
  phase?: 'commentary' | 'final_answer';
}

export interface FunctionCallItem extends Common {
  type: 'function_call';
  name: string;
  /** JSON text. */
  arguments: string;
  call_id?: string;
}

export interface FunctionCallOutputItem extends Common {
  type: 'function_call_output';
  call_id: string;
  output: string;
}

export interface McpListToolsItem {
  type: 'mcp_list_tools';
  id?: string;
  server_label: string;
  tools: { name: string; input_schema: unknown; description?: string | null; annotations?: unknown }[];
}

export interface McpCallItem {
  type: 'mcp_call';
  id: string;
  server_label: string;
  name: string;
  arguments: string;
  output?: string | null;
  error?:
    | { type: 'protocol_error'; code: number; message: string }
    | { type: 'tool_execution_error'; message: string }
    | { type: 'http_error'; code: number; message: string }
    | null;
  approval_request_id?: string | null;
}

export interface McpApprovalRequestItem {
  type: 'mcp_approval_request';
  id: string;
  server_label: string;
  name: string;
  arguments: string;
}

export interface McpApprovalResponseItem {
  type: 'mcp_approval_response';
  id: string;
  approval_request_id: string;
  approve: boolean;
  reason?: string | null;
}

/** Names an item of the conversation; only inside `response.create`'s `input`. */
export interface ItemReference {
  type: 'item_reference';
  id: string;
}

export type McpItem = McpListToolsItem | McpCallItem | McpApprovalRequestItem | McpApprovalResponseItem;

/** An item as a client creates it. */
export type NewItem =
  | SystemMessage
  | UserMessage
  | AssistantMessage
  | FunctionCallItem
  | FunctionCallOutputItem
  | McpItem;

/** An item as a server sends it: always with its id. */
export type WireItem = NewItem & { id: string };
