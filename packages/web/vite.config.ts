import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // React's JSX without a plugin: esbuild does it.
  esbuild: { jsx: 'automatic' },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    sourcemap: true,
    // The bundle itself loses the comments with the licenses of what is in it.
    license: { fileName: 'licenses.md' },
  },
});
