import { asFields, type Fields, without } from './fields.js';

/** Content parts of the model's items: beta has the short names there, which the GA wire keeps for a response's own parts. */
const parts: readonly (readonly [ga: string, beta: string])[] = [
  ['output_text', 'text'],
  ['output_audio', 'audio'],
];
const betaParts: ReadonlyMap<unknown, string> = new Map(parts);
const gaParts: ReadonlyMap<unknown, string> = new Map(parts.map(([ga, beta]) => [beta, ga]));

/** `null`: beta has no such item (all of MCP). */
export function itemToBeta(item: unknown): unknown {
  const fields = asFields(item);
  if (fields === undefined) return item;
  if (typeof fields.type === 'string' && fields.type.startsWith('mcp_')) return null;
  if (!Array.isArray(fields.content)) return item;
  return { ...without(fields, 'phase'), content: renamedParts(fields.content, betaParts) };
}

/** The same as a client of beta is told it: such a client knows no images. */
export function shownToBeta(item: unknown): unknown {
  const told = itemToBeta(item);
  const fields = asFields(told);
  if (!Array.isArray(fields?.content)) return told;
  return { ...fields, content: fields.content.filter((part) => asFields(part)?.type !== 'input_image') };
}

export function itemToGa(item: unknown): unknown {
  const fields = asFields(item);
  if (fields?.role !== 'assistant' || !Array.isArray(fields.content)) return item;
  return { ...fields, content: renamedParts(fields.content, gaParts) };
}

function renamedParts(content: readonly unknown[], names: ReadonlyMap<unknown, string>): unknown[] {
  return content.map((part) => {
    const type = names.get(asFields(part)?.type);
    return type === undefined ? part : { ...(part as Fields), type };
  });
}

const known: Readonly<Record<string, readonly string[]>> = {
  system: ['input_text'],
  user: ['input_text', 'input_audio'],
  assistant: ['text', 'audio'],
};

/** A part that a client of beta cannot mean: where it stands in the item, and what it might have meant. */
export function wrongPart(item: unknown): { path: string; message: string } | null {
  const fields = asFields(item);
  const names = known[String(fields?.role)];
  if (names === undefined || !Array.isArray(fields?.content)) return null;
  for (const [at, part] of fields.content.entries()) {
    const type = asFields(part)?.type;
    if (typeof type !== 'string' || names.includes(type)) continue;
    const supported = names.map((name) => `'${name}'`).join(', ');
    return {
      path: `content[${at}].type`,
      message: `Invalid value: '${type.slice(0, 64)}'. Supported values are: ${supported}.`,
    };
  }
  return null;
}
