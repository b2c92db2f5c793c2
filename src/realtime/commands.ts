import type { Command, Overrides } from './contract.js';
import type { AnswerOptions, GenerateReplyOptions, TruncateOptions } from './session-options.js';

type CommandOf<T extends Command['t']> = Extract<Command, { t: T }>;

/** A create, as the options ask for it; what they leave out is the session's. */
export function replyCommand(cmd: string, options: GenerateReplyOptions): CommandOf<'reply'> {
  const { instructions, tools, toolChoice, modalities, input, outOfBand, metadata } = options;
  const overrides: Overrides = {};
  if (instructions !== undefined) overrides.instructions = instructions;
  if (tools !== undefined) overrides.tools = tools;
  if (toolChoice !== undefined) overrides.toolChoice = toolChoice;
  if (modalities !== undefined) overrides.output = modalities[0];
  const command: CommandOf<'reply'> = { t: 'reply', cmd, overrides };
  if (input !== undefined) command.input = input;
  if (outOfBand !== undefined) command.outOfBand = outOfBand;
  if (metadata !== undefined) command.metadata = metadata;
  return command;
}

/** A cut at a whole millisecond. */
export function cutCommand(cmd: string, options: TruncateOptions): CommandOf<'item.cut'> {
  const { itemId: item, part = 0, heardMs, heardText = '' } = options;
  return { t: 'item.cut', cmd, item, part, heardMs: Math.max(0, Math.floor(heardMs)), heardText };
}

export function answerCommand(cmd: string, options: AnswerOptions): CommandOf<'answer'> {
  const { callId: call, name, output, isError = false, more = false, then = 'auto' } = options;
  return { t: 'answer', cmd, call, name, output, isError, more, then };
}
