type Schema = Record<string, unknown>;

/** Deeper than any real tool; it ends schemas that refer to themselves. */
const deepest = 24;
/** What both vocabularies share, by name and meaning. */
const shared = [
  'description',
  'enum',
  'format',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'pattern',
  'required',
];

/**
 * A JSON Schema as the OpenAPI subset of `parameters`: upper-case types, `nullable`, references put in line. What the
 * subset lacks (`additionalProperties`, `title`, …) is left out: the service closes with 1007 on it.
 */
export function toOpenApi(schema: Schema): Schema {
  return openApi(schema, schema, 0);
}

function openApi(schema: Schema, root: Schema, depth: number): Schema {
  if (depth > deepest) return { type: 'OBJECT' };
  if (typeof schema.$ref === 'string') {
    const target = lookUp(root, schema.$ref);
    return target === undefined ? { type: 'OBJECT' } : openApi(target, root, depth + 1);
  }
  const out: Schema = {};
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).filter(isText);
  const named = types.filter((type) => type !== 'null');
  if (types.length > named.length) out.nullable = true;
  if (named.length === 1) out.type = named[0]!.toUpperCase();
  else if (named.length > 1) out.anyOf = named.map((type) => ({ type: type.toUpperCase() }));
  for (const key of shared) if (schema[key] !== undefined) out[key] = schema[key];
  if (schema.const !== undefined) out.enum = [schema.const];
  // Only strings have an enum there.
  if (Array.isArray(out.enum)) {
    out.enum = out.enum.map(String);
    out.type ??= 'STRING';
  }
  if (isSchema(schema.properties)) {
    out.type ??= 'OBJECT';
    out.properties = mapValues(schema.properties, (inner) => openApi(inner, root, depth + 1));
  }
  if (isSchema(schema.items)) out.items = openApi(schema.items, root, depth + 1);
  const any = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(any)) {
    const branches = any.filter(isSchema);
    const real = branches.filter((branch) => branch.type !== 'null');
    if (real.length < branches.length) out.nullable = true;
    if (real.length === 1) Object.assign(out, openApi(real[0]!, root, depth + 1));
    else if (real.length > 1) out.anyOf = real.map((branch) => openApi(branch, root, depth + 1));
  }
  return out;
}

/** `parameters` as a JSON Schema: lower-case types, null as a type. Names in either case. */
export function fromOpenApi(schema: Schema, depth = 0): Schema {
  if (depth > deepest) return {};
  const out: Schema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'nullable') continue;
    if (key === 'type' && isText(value)) {
      const type = value.toLowerCase();
      if (type !== 'type_unspecified') out.type = schema.nullable === true ? [type, 'null'] : type;
    } else if (key === 'properties' && isSchema(value)) {
      out.properties = mapValues(value, (inner) => fromOpenApi(inner, depth + 1));
    } else if (key === 'items' && isSchema(value)) {
      out.items = fromOpenApi(value, depth + 1);
    } else if ((key === 'anyOf' || key === 'any_of') && Array.isArray(value)) {
      out.anyOf = value.filter(isSchema).map((branch) => fromOpenApi(branch, depth + 1));
    } else if (/^(min|max)(Items|Length|Properties)$/.test(key)) {
      // int64: text from JavaScript.
      out[key] = Number(value);
    } else if (key !== 'propertyOrdering' && key !== 'property_ordering') {
      out[key] = value;
    }
  }
  return out;
}

function lookUp(root: Schema, ref: string): Schema | undefined {
  if (!ref.startsWith('#')) return undefined;
  let at: unknown = root;
  for (const step of ref.slice(1).split('/').filter(Boolean)) {
    at = isSchema(at) ? at[step.replace(/~1/g, '/').replace(/~0/g, '~')] : undefined;
  }
  return isSchema(at) ? at : undefined;
}

function mapValues(record: Schema, map: (inner: Schema) => Schema): Schema {
  return Object.fromEntries(
    Object.entries(record).map(([key, inner]) => [key, isSchema(inner) ? map(inner) : {}]),
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
