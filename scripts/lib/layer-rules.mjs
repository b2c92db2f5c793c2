import path from 'node:path';
import { exportsOf, importsOf, isBuiltin, packageOf } from './imports.mjs';
import { browserRooms, families, rooms, roomsOnDemand, rootMayImport, workspaces } from './layers.mjs';

/** Room of a path below src: its first folder; '' for the root entry. */
const roomOf = (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '');
/** Sub-folder within a family, '' for files that belong to the whole room. */
const memberOf = (file) => file.split('/').slice(1, -1)[0] ?? '';

/**
 * Holds sources against the table. `files`: { path from the root of the repository: text }; `peers`: names of the optional
 * peers. Returns one line for each breach.
 */
export function checkSources(files, peers) {
  const breaches = [];
  const peerFiles = new Map(peers.map((peer) => [peer, { loaded: new Set(), named: new Set() }]));
  for (const [file, text] of Object.entries(files)) {
    const top = file.slice(0, file.indexOf('/'));
    for (const { kind, name, names } of importsOf(file, text)) {
      const peer = peers.find((known) => packageOf(name) === known);
      if (peer !== undefined && top === 'src') {
        peerFiles.get(peer)[kind === 'named' ? 'named' : 'loaded'].add(file);
        if (kind === 'static')
          breaches.push(`${file}: the optional peer ${peer} is loaded by import(), never statically`);
      }
      if (kind === 'named') continue;
      const breach =
        top === 'src'
          ? srcBreach(file, name, { peer, kind, originsOf: (index) => origins(files, index, names) })
          : workspaceBreach(top, file, name);
      if (breach !== undefined) breaches.push(`${file}: ${breach}`);
    }
  }
  for (const [peer, { loaded, named }] of peerFiles) {
    // A vendor may be called like its package: where that is loaded by import(), its name elsewhere is a word.
    const where = loaded.size > 0 ? loaded : named;
    if (where.size > 1)
      breaches.push(`the optional peer ${peer} is named in ${[...where].join(' and ')}; one file only may`);
    if (where.size === 0) breaches.push(`the optional peer ${peer} is named in no file of src`);
  }
  return breaches;
}

/** No emitted declaration may need an optional peer. `files`: { path: text of a .d.ts }. */
export function checkDeclarations(files, peers) {
  const breaches = [];
  for (const [file, text] of Object.entries(files)) {
    for (const { kind, name } of importsOf(file, text)) {
      if (kind !== 'named' && peers.includes(packageOf(name))) {
        breaches.push(`${file}: this declaration names the optional peer ${packageOf(name)}`);
      }
    }
  }
  return breaches;
}

function srcBreach(file, name, { peer, kind, originsOf }) {
  const from = file.slice('src/'.length);
  const room = roomOf(from);
  if (room !== '' && rooms[room] === undefined) return `there is no room '${room}' in the table`;
  if (!name.startsWith('.')) {
    if (isBuiltin(name) && browserRooms.includes(room)) return `${name} in a room that runs in a browser`;
    if (packageOf(name) === 'repartee') return 'the package imports itself by relative paths';
    if (!isBuiltin(name) && peer === undefined && browserRooms.includes(room)) {
      return `the package ${packageOf(name)} in a room that runs in a browser`;
    }
    return undefined;
  }
  const to = path.posix.join(path.posix.dirname(from), name).replace(/\.js$/, '');
  if (to.startsWith('..')) return `${name} lies outside src`;
  const target = roomOf(to);
  if (target === room) {
    if (!families.includes(room) || room === '') return undefined;
    const [own, other] = [memberOf(from), memberOf(to)];
    // A file of the whole room may gather its members.
    if (own === other || own === '' || other === '') return undefined;
    return `${room}/${own} imports its sibling ${room}/${other}`;
  }
  const allowed = room === '' ? rootMayImport : rooms[room];
  if (kind === 'dynamic' && roomsOnDemand[room]?.includes(target)) return undefined;
  const may = (place) => allowed.includes('*') || allowed.includes(roomOf(place)) || allowed.includes(place);
  // Through an index, single names may come that their own file would give.
  if (may(to) || (to.endsWith('/index') && originsOf(to).every(may))) return undefined;
  return `${room === '' ? 'the root entry' : room} may not import ${to} (it may: ${allowed.join(', ') || 'nothing'})`;
}

/** The files that declare `names`, which `place` (below src, without ending) gives; `place` itself where that is not known. */
function origins(files, place, names) {
  if (names === undefined) return [place];
  return names.map((name) => originOf(files, place, name) ?? place);
}

function originOf(files, place, name) {
  const text = files[`src/${place}.ts`];
  if (text === undefined) return undefined;
  const { own, passed, all } = exportsOf(`src/${place}.ts`, text);
  if (own.includes(name)) return place;
  const next = (from) => path.posix.join(path.posix.dirname(place), from).replace(/\.js$/, '');
  const named = passed.find((one) => one.as === name);
  if (named !== undefined) return originOf(files, next(named.from), named.name);
  for (const from of all) {
    const found = originOf(files, next(from), name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function workspaceBreach(workspace, file, name) {
  const allowed = workspaces[workspace];
  if (name.startsWith('.')) {
    const to = path.posix.join(path.posix.dirname(file), name);
    return to.startsWith(`${workspace}/`)
      ? undefined
      : `${name} lies outside ${workspace}: it uses the public entries only`;
  }
  if (packageOf(name) !== 'repartee' || allowed.includes('*') || allowed.includes(name)) return undefined;
  return `${workspace} may not import ${name} (it may: ${allowed.join(', ')})`;
}
