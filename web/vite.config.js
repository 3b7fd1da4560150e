// Bundles the scripts of the page into classic ones, each by a mode of its own: "workers" what workers run, which then stands in the
// page's own script ("page") as a text; "charts" and "editor", which are read when they are needed; and "start", which starts it all.
// compose.mjs puts them into the page together with the engine.
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const PLOT = '@observablehq/plot';

const SCRIPTS = {
  workers: { entry: 'page/workers.ts', name: 'workers' },
  page: { entry: 'page/main.tsx', name: 'page' },
  charts: { entry: 'page/charts/main.ts', name: 'detenteCharts' },
  editor: { entry: 'page/editor/main.ts', name: 'detenteEditor' },
  start: { entry: 'page/start.ts', name: 'start' },
};

export default defineConfig(({ mode }) => ({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  define: { 'process.env.NODE_ENV': '"production"' },
  resolve: { alias: { 'd3-geo': resolve('page/charts/no_maps.ts') } },
  build: {
    target: 'es2021',
    outDir: 'bundle',
    emptyOutDir: false,
    lib: { ...SCRIPTS[mode], fileName: () => `${mode}.js`, formats: ['iife'] },
    // In the page's script Plot is an object that the charts' script fills (page/charts.tsx).
    rollupOptions: mode === 'page' ? { external: [PLOT], output: { globals: { [PLOT]: '(globalThis.detentePlot ??= {})' }, interop: 'esModule' } } : {},
  },
}));
