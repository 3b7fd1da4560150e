// Bundles page/main.tsx with its worker into one classic script and one style sheet, and, in the mode "editor", the editor into
// another script, which compose.mjs puts into the page together with the engine.
import { defineConfig } from 'vite';

const ENTRIES = {
  production: { entry: 'page/main.tsx', name: 'lab', fileName: () => 'page.js', cssFileName: 'page' },
  editor: { entry: 'page/editor/main.ts', name: 'detenteEditor', fileName: () => 'editor.js' },
};

export default defineConfig(({ mode }) => ({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  define: { 'process.env.NODE_ENV': '"production"' },
  worker: { format: 'iife' },
  build: {
    target: 'es2021',
    outDir: 'bundle',
    cssCodeSplit: false,
    emptyOutDir: mode === 'production',
    lib: { ...ENTRIES[mode], formats: ['iife'] },
  },
}));
