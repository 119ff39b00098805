// Builds the preload script into one CommonJS file, dist/preload/bridge.cjs: a sandboxed preload can load nothing else. Build tool, Node.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  logLevel: 'warn',
  build: {
    outDir: here('../dist/preload'),
    emptyOutDir: true,
    target: 'chrome130',
    minify: false,
    lib: { entry: here('bridge.ts'), formats: ['cjs'], fileName: () => 'bridge.cjs' },
    rolldownOptions: { external: ['electron'] },
  },
});
