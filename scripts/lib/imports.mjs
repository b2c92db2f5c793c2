import { builtinModules } from 'node:module';
import { parseAst } from 'vite';

const builtins = new Set(builtinModules);

/**
 * What a TypeScript file refers to: `static` (import, export from, import = require), `dynamic` (`import()`), `type` (`import
 * type`, `import('x').T`), and `named` (any other string, as for `require.resolve`). `names` are those it takes, where
 * they are written one by one.
 */
export function importsOf(file, text) {
  const found = [];
  walk(parse(file, text), found);
  return found;
}

/**
 * What a file gives to others: `own` names that it declares, `passed` on by name ({ name, as, from }), and `all` files
 * whose every name it passes on.
 */
export function exportsOf(file, text) {
  const given = { own: [], passed: [], all: [] };
  for (const node of parse(file, text).body) {
    if (node.type === 'ExportAllDeclaration' && node.exported === null) given.all.push(node.source.value);
    if (node.type !== 'ExportNamedDeclaration') continue;
    for (const { local, exported } of node.specifiers) {
      if (node.source === null) given.own.push(exported.name);
      else given.passed.push({ name: local.name, as: exported.name, from: node.source.value });
    }
    const declared = node.declaration;
    if (declared?.id != null) given.own.push(declared.id.name);
    for (const { id } of declared?.declarations ?? []) given.own.push(id.name);
  }
  return given;
}

function parse(file, text) {
  const lang = file.endsWith('x') ? 'tsx' : file.endsWith('.d.ts') ? 'dts' : 'ts';
  return parseAst(text, { lang }, file);
}

export function isBuiltin(name) {
  return name.startsWith('node:') || builtins.has(name);
}

/** `@scope/name/inner` -> `@scope/name`. */
export function packageOf(name) {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

function walk(node, found) {
  if (Array.isArray(node)) {
    for (const part of node) walk(part, found);
    return;
  }
  if (node === null || typeof node !== 'object') return;
  const claim = (kind, source, names) => {
    if (typeof source?.value === 'string') found.push({ kind, name: source.value, names });
  };
  let seen;
  switch (node.type) {
    case 'ImportDeclaration':
      claim(
        node.importKind === 'type' ? 'type' : 'static',
        (seen = node.source),
        takenNames(node, 'imported'),
      );
      break;
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      claim(node.exportKind === 'type' ? 'type' : 'static', (seen = node.source), takenNames(node, 'local'));
      break;
    case 'ImportExpression':
      claim('dynamic', (seen = node.source));
      break;
    case 'TSImportType':
      claim('type', (seen = node.source));
      break;
    case 'TSExternalModuleReference':
      claim('static', (seen = node.expression));
      break;
    case 'Literal':
      claim('named', node);
      return;
  }
  for (const [key, part] of Object.entries(node)) {
    if (key !== 'type' && part !== seen) walk(part, found);
  }
}

/** Undefined where all names are taken (`import * as`, `export *`). */
function takenNames(node, side) {
  const names = (node.specifiers ?? []).map((specifier) => specifier[side]?.name);
  return names.length === 0 || names.includes(undefined) ? undefined : names;
}
