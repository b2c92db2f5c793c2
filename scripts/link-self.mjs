// The private workspaces import the package by its name, as its users do. npm cannot link a workspace to its own root
// (a `file:..` dependency does not survive `npm ci`), so the link is made here, before anything is built.
import { lstatSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const link = fileURLToPath(new URL('../node_modules/repartee', import.meta.url));

if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(root, link, 'junction');
