import type { ToolSpec } from '../../chat/item.js';
import { ConfigError } from '../../core/index.js';
import type { ToolContext } from './context.js';
import { checkPolicy, type ToolPolicy } from './policy.js';
import { argumentsOf, jsonSchemaOf, type Parameters } from './schema.js';

/** A function that the model may call. Make it with `tool`. */
export interface Tool {
  readonly spec: ToolSpec;
  readonly policy: ToolPolicy;
  /** Parses and validates the model's arguments. Rejects with ToolError `tool_arguments_invalid`. */
  prepare(args: string): Promise<PreparedCall>;
}

/** A call whose arguments are good. */
export interface PreparedCall {
  needsApproval(): boolean | Promise<boolean>;
  /** What it throws or rejects with becomes an error result. */
  run(context: ToolContext): unknown;
}

export interface ToolDefinition<Args> extends ToolPolicy {
  name: string;
  description: string;
  /** A Standard Schema that can tell its JSON Schema, or a JSON Schema object (then arguments are passed as parsed). */
  parameters: Parameters<Args>;
  /** Somebody has to say yes before it runs (`tool_approval_requested`, `AgentSession.approveTool`). Default false. */
  needsApproval?: boolean | ((args: Args) => boolean | Promise<boolean>);
  /**
   * Its result becomes JSON text for the model, a string as it is; `StopReply` ends the matter there. The message of a
   * `ToolError` that it throws reaches the model; of any other error the model learns only that the tool failed.
   */
  execute(args: Args, context: ToolContext): unknown;
}

/** Defines a tool. ConfigError `option_invalid` for a name, policy or schema that is none. */
export function tool<Args>(definition: ToolDefinition<Args>): Tool {
  const { name, description, parameters, needsApproval = false, execute, ...policy } = definition;
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    throw new ConfigError(
      'option_invalid',
      `A tool's name has 1 to 64 letters, digits, _ and -; not '${name}'`,
      { param: 'name' },
    );
  }
  checkPolicy(policy);
  return {
    spec: { name, description, parameters: jsonSchemaOf(name, parameters) },
    policy,
    async prepare(json) {
      const args = await argumentsOf<Args>(name, parameters, json);
      return {
        needsApproval: () => (typeof needsApproval === 'function' ? needsApproval(args) : needsApproval),
        run: (context) => execute(args, context),
      };
    },
  };
}
