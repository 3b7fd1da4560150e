// Bundles the scripts of the page into classic ones, each by a mode of its own: "workers" what workers run, which then stands in the
// page's own script ("page") as a text; "editor", and "start", which starts it all. compose.mjs puts them into the page together with the engine.
import { defineConfig } from 'vite';

const ENTRIES = {
  workers: 'page/workers.ts',
  page: 'page/main.tsx',
  editor: 'page/editor/main.ts',
  start: 'page/start.ts',
};

export default defineConfig(({ mode }) => ({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    target: 'es2021',
    outDir: 'bundle',
    emptyOutDir: false,
    lib: { entry: ENTRIES[mode], name: mode === 'editor' ? 'detenteEditor' : mode, fileName: () => `${mode}.js`, formats: ['iife'] },
  },
}));
