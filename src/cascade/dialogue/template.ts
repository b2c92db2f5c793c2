import { listWords, numberWords, spellWords, timeWords } from './spoken.js';

/** Values by name, JSON as tools give it. */
export type Scope = Readonly<Record<string, unknown>>;

const hole = /\{([^{}]*)\}/g;
const filters: Record<string, (value: unknown) => unknown> = {
  list: (value) => listWords(Array.isArray(value) ? value.map(plain) : [plain(value)]),
  count: (value) => (Array.isArray(value) ? value.length : value === undefined ? 0 : 1),
  time: each(timeWords),
  number: each((text) => (/^\d+$/.test(text) ? numberWords(Number(text)) : text)),
  spell: each(spellWords),
  upper: each((text) => text.charAt(0).toUpperCase() + text.slice(1)),
};

/**
 * Fills `{path}` and `{path|filter|…}` from a scope. A path is names with dots (`result.slots.0`); what is not there is
 * empty. Filters: `list` ("a, b and c"), `count`, `time` ("nine thirty"), `number`, `spell`, `upper` (first letter).
 */
export function fill(template: string, scope: Scope): string {
  return template.replace(hole, (_all, inner: string) => {
    const [path = '', ...names] = inner.split('|').map((piece) => piece.trim());
    const value = names.reduce((before, name) => filters[name]?.(before) ?? before, lookUp(path, scope));
    return plain(value);
  });
}

/** What is wrong with a template: an unknown filter, or a path whose first name is not in `roots`. */
export function templateFault(template: string, roots: readonly string[]): string | undefined {
  for (const [, inner = ''] of template.matchAll(hole)) {
    const [path = '', ...names] = inner.split('|').map((piece) => piece.trim());
    const root = path.split('.')[0] ?? '';
    if (!roots.includes(root)) return `{${inner}} names '${root}', known are ${roots.join(', ') || 'none'}`;
    const filter = names.find((name) => !Object.hasOwn(filters, name));
    if (filter !== undefined) {
      return `{${inner}} uses the filter '${filter}', known are ${Object.keys(filters).join(', ')}`;
    }
  }
  return /[{}]/.test(template.replace(hole, '')) ? 'a brace is not closed' : undefined;
}

/** `path`, `!path`, `path = word`, `path != word`. Empty lists and texts count as false. */
export function holds(condition: string, scope: Scope): boolean {
  const match = conditionShape.exec(condition);
  if (match === null) return false;
  const [, not, path = '', operator, word = ''] = match;
  const value = lookUp(path, scope);
  if (operator === undefined) return truthy(value) !== (not === '!');
  return (plain(value) === word.trim()) === (operator === '=');
}

const conditionShape = /^\s*(!?)\s*([\w.]+)\s*(?:(!?=)\s*(.*))?$/;

export function conditionFault(condition: string, roots: readonly string[]): string | undefined {
  const match = conditionShape.exec(condition);
  if (match === null) return `'${condition}' is no condition: write path, !path, path = word or path != word`;
  const root = match[2]?.split('.')[0] ?? '';
  return roots.includes(root) ? undefined : `'${condition}' names '${root}', known are ${roots.join(', ')}`;
}

function lookUp(path: string, scope: Scope): unknown {
  let value: unknown = scope;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

function each(change: (text: string) => string): (value: unknown) => unknown {
  return (value) => (Array.isArray(value) ? value.map((one) => change(plain(one))) : change(plain(value)));
}

function plain(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return listWords(value.map(plain));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function truthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}
