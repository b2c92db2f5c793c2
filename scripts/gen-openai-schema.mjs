/**
 * Makes test/schemas/openai-realtime.<version>.json and openai-realtime-beta.<version>.json out of the types of the
 * installed `openai` package: JSON Schema (draft-07) of every client and server event of the Realtime API and of its beta
 * dialect, against which tests hold what both ends send.
 *
 *     node scripts/gen-openai-schema.mjs           writes the files of the installed version, removes older ones
 *     node scripts/gen-openai-schema.mjs --check   fails where a checked-in file is not what the types say
 *
 * The generator asks for Node >= 22 in its engines; it runs on 20 as well. The types are stricter than real traffic, so
 * every property that may be absent may also be null; extra properties are allowed (a strict check forbids them later).
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'test/schemas');
const { version } = JSON.parse(readFileSync(join(root, 'node_modules/openai/package.json'), 'utf8'));

const schemas = [
  {
    name: 'openai-realtime',
    module: 'openai/resources/realtime/realtime',
    roots: {
      ServerEvent: 'RealtimeServerEvent',
      ClientEvent: 'RealtimeClientEvent',
      ResponseCreateWithReferences: 'ResponseCreateEventWithReferencesParam',
    },
  },
  {
    name: 'openai-realtime-beta',
    module: 'openai/resources/beta/realtime/realtime',
    roots: { ServerEvent: 'RealtimeServerEvent', ClientEvent: 'RealtimeClientEvent' },
  },
];

function generate({ module, roots }) {
  const cache = join(root, '.cache');
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'schema-'));
  try {
    const imports = Object.entries(roots).map(([short, long]) => `export type ${short} = R.${long};`);
    const entry = join(work, 'entry.ts');
    writeFileSync(entry, `import type * as R from '${module}';\n${imports.join('\n')}\n`);
    const tsconfig = join(work, 'tsconfig.json');
    writeFileSync(
      tsconfig,
      JSON.stringify({
        compilerOptions: {
          module: 'esnext',
          moduleResolution: 'bundler',
          target: 'es2022',
          strict: true,
          skipLibCheck: true,
          types: [],
        },
        include: ['entry.ts'],
      }),
    );
    const definitions = {};
    const all = {};
    for (const type of Object.keys(roots)) {
      const schema = createGenerator({
        path: entry,
        tsconfig,
        type,
        skipTypeCheck: true,
        additionalProperties: true,
        topRef: true,
      }).createSchema(type);
      Object.assign(all, schema.definitions);
    }
    for (const name of Object.keys(all).sort()) definitions[name] = relax(all[name]);
    return { $schema: 'http://json-schema.org/draft-07/schema#', source: `openai ${version}`, definitions };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Drops descriptions; makes what may be absent nullable. */
function relax(schema) {
  if (Array.isArray(schema)) return schema.map(relax);
  if (typeof schema !== 'object' || schema === null) return schema;
  const out = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'description') continue;
    out[key] = key === 'properties' ? relaxProperties(value, schema.required ?? []) : relax(value);
  }
  return out;
}

function relaxProperties(properties, required) {
  const out = {};
  for (const [name, value] of Object.entries(properties)) {
    const relaxed = relax(value);
    out[name] = required.includes(name) || isNullable(relaxed) ? relaxed : nullable(relaxed);
  }
  return out;
}

function isNullable(schema) {
  if (Object.keys(schema).length === 0) return true;
  if (schema.type === 'null' || (Array.isArray(schema.type) && schema.type.includes('null'))) return true;
  return (schema.anyOf ?? []).some(isNullable);
}

function nullable(schema) {
  return { anyOf: [schema, { type: 'null' }] };
}

mkdirSync(folder, { recursive: true });
for (const schema of schemas) {
  const file = join(folder, `${schema.name}.${version}.json`);
  const text = `${JSON.stringify(generate(schema), null, 1)}\n`;
  if (process.argv.includes('--check')) {
    let checkedIn = '';
    try {
      checkedIn = readFileSync(file, 'utf8');
    } catch {}
    if (checkedIn === text) continue;
    console.error(`${file} is not what openai ${version} says: run node scripts/gen-openai-schema.mjs`);
    process.exitCode = 1;
  } else {
    for (const name of readdirSync(folder)) {
      if (name.startsWith(`${schema.name}.`) && name.endsWith('.json')) rmSync(join(folder, name));
    }
    writeFileSync(file, text);
    console.log(`${file}: ${text.length} bytes`);
  }
}
