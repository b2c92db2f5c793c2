import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** `vite build web` makes web/dist; `vite web` serves the page while it is worked on, beside a server on port 3000. */
export default defineConfig({
  root: here('.'),
  // Relative, so that the page can be served from any path.
  base: './',
  resolve: { alias: { 'repartee/client': here('../src/client/index.ts') } },
  build: { outDir: here('dist'), emptyOutDir: true, target: 'es2022' },
  server: { host: '127.0.0.1', proxy: { '/voice': { target: 'ws://127.0.0.1:3000', ws: true } } },
});
