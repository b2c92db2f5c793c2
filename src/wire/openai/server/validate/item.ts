import { strictBase64 } from '../../convert/index.js';
import {
  anyObject,
  arrayOf,
  boolean,
  type Check,
  invalidValue,
  missing,
  object,
  oneOf,
  orNull,
  string,
  tagged,
} from './check.js';

const id = string(512, 1);
const text = string(4_194_304);
const status = oneOf('completed', 'incomplete', 'in_progress');
const common = { id, object: oneOf('realtime.item'), status };

const imageUri: Check = (value, path) =>
  string()(value, path) ??
  (/^data:image\/(png|jpe?g);base64,/i.test(value as string)
    ? null
    : invalidValue(path, `Invalid '${path}': expected a data URI of a PNG or JPEG image.`));

const base64: Check = (value, path) =>
  string()(value, path) ??
  (strictBase64(value as string) === null ? invalidValue(path, `Invalid '${path}': not base64.`) : null);

const inputText = object({ type: string(), text });

const userPart = tagged('type', {
  input_text: inputText,
  input_audio: object({ type: string() }, { audio: orNull(base64), transcript: orNull(text) }),
  input_image: object({ type: string(), image_url: imageUri }, { detail: oneOf('auto', 'low', 'high') }),
});

const assistantPart = tagged('type', {
  output_text: object({ type: string(), text }),
  // [R] A client cannot create assistant audio; the server then misses the text.
  output_audio: (_value, path) => missing(`${path}.text`),
});

const message = tagged('role', {
  system: object(
    { type: string(), role: string(), content: arrayOf(tagged('type', { input_text: inputText })) },
    common,
  ),
  user: object({ type: string(), role: string(), content: arrayOf(userPart) }, common),
  assistant: object(
    { type: string(), role: string(), content: arrayOf(assistantPart) },
    { ...common, phase: oneOf('commentary', 'final_answer') },
  ),
});

const variants: Record<string, Check> = {
  message,
  function_call: object({ type: string(), name: id, arguments: text }, { ...common, call_id: id }),
  function_call_output: object({ type: string(), call_id: id, output: text }, common),
  mcp_list_tools: object({ type: string(), server_label: id, tools: arrayOf(anyObject) }, { id }),
  mcp_call: object(
    { type: string(), id, server_label: id, name: id, arguments: text },
    { output: orNull(text), error: orNull(anyObject), approval_request_id: orNull(id) },
  ),
  mcp_approval_request: object({ type: string(), id, server_label: id, name: id, arguments: text }),
  mcp_approval_response: object(
    { type: string(), id, approval_request_id: id, approve: boolean },
    { reason: orNull(text) },
  ),
};

/** `item` of `conversation.item.create`. */
export const newItem = tagged('type', variants);

/** An entry of `input` of `response.create`: an item, or the name of one. */
export const inputItem = tagged('type', { ...variants, item_reference: object({ type: string(), id }) });
