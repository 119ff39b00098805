// Builds the renderer into dist/renderer: plain files for the web host and the window's own scheme. Build tool, Node.
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { contractHash } from '../preload/contract/contract-hash.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  // Relative, so that the same files work below any address and on the window's own scheme.
  base: './',
  plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
  resolve: {
    alias: {
      // The router checks every input; the renderer needs the contract's names and types only. Without this zod, which compiles code from text
      // where it may (a content-security violation here), would be half of the bundle.
      zod: here('./client/schema-names.ts'),
    },
  },
  define: { __CONTRACT_HASH__: JSON.stringify(contractHash()) },
  build: {
    outDir: here('../dist/renderer'),
    emptyOutDir: true,
    target: 'chrome125',
    modulePreload: { polyfill: false },
    // Nothing inlined: the content security policy allows files of this origin alone.
    assetsInlineLimit: 0,
  },
});
