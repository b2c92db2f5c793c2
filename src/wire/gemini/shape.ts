import { isObject } from './convert/json.js';
import { snakeCase } from './convert/keys.js';

/** A value without fields that matter here. `number`: also int64 as text. */
type Leaf = 'string' | 'strings' | 'boolean' | 'number' | 'object' | 'any';
/** Known fields of a message: a leaf, an object, or a list of objects. */
export type Shape = Leaf | { [field: string]: Shape } | [Shape];

/** What is wrong: an unknown name (where those are not let through), or a value of another type. */
export type Problem =
  | { is: 'unknown'; name: string; path: string }
  /** `path`: in the service's snake_case. */
  | { is: 'type'; path: string };

/** The first thing in a message that does not fit; undefined where all does. */
export function problemWith(
  value: unknown,
  shape: Shape,
  unknownNames: 'refuse' | 'allow',
  path = '',
): Problem | undefined {
  if (typeof shape === 'string') return fits(value, shape) ? undefined : { is: 'type', path };
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return { is: 'type', path };
    for (let index = 0; index < value.length; index++) {
      const found = problemWith(value[index], shape[0], unknownNames, `${path}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isObject(value)) return { is: 'type', path };
  for (const [name, inner] of Object.entries(value)) {
    const known = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (known === undefined) {
      if (unknownNames === 'refuse') return { is: 'unknown', name, path };
      continue;
    }
    const found = problemWith(
      inner,
      known,
      unknownNames,
      path === '' ? snakeCase(name) : `${path}.${snakeCase(name)}`,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function fits(value: unknown, leaf: Leaf): boolean {
  switch (leaf) {
    case 'any':
      return true;
    case 'object':
      return isObject(value);
    case 'strings':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
    case 'number':
      return Number.isFinite(value) || (typeof value === 'string' && /^-?\d+$/.test(value));
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
  }
}
