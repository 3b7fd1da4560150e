// Bundles page/main.tsx with its worker into one classic script and one style sheet, which
// compose.mjs puts into the page together with the engine.
import { defineConfig } from 'vite';

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  define: { 'process.env.NODE_ENV': '"production"' },
  worker: { format: 'iife' },
  build: {
    target: 'es2021',
    outDir: 'bundle',
    cssCodeSplit: false,
    lib: { entry: 'page/main.tsx', name: 'lab', formats: ['iife'], fileName: () => 'page.js', cssFileName: 'page' },
  },
});
