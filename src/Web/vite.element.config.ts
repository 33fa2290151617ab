import { defineConfig } from 'vite';

/** <operation-progress> as one module that any page can load. As a library, so that Vite adds nothing of its own to it. */
export default defineConfig({
  build: {
    outDir: 'dist/www',
    target: 'es2022',
    lib: { entry: { 'operation-progress': 'src/element/operation-progress.ts' }, formats: ['es'] },
    rolldownOptions: {
      // The lazy chunks use what the module has, instead of sharing further chunks with it that every page would have to fetch.
      preserveEntrySignatures: 'allow-extension',
      output: { entryFileNames: '[name].js', chunkFileNames: 'assets/[name]-[hash].js', minify: true },
    },
  },
});
