import type { UserConfig } from 'vite';

/** One module that any page can load by itself. As a library, so that Vite adds nothing of its own to it. */
export function module(name: string, entry: string, emptyOutDir: boolean): UserConfig {
  return {
    build: {
      outDir: 'dist/www',
      emptyOutDir,
      target: 'es2022',
      lib: { entry: { [name]: entry }, formats: ['es'] },
      rolldownOptions: {
        // The lazy chunks use what the module has, instead of sharing further chunks with it that every page would have to fetch.
        preserveEntrySignatures: 'allow-extension',
        output: { entryFileNames: '[name].js', chunkFileNames: 'assets/[name]-[hash].js', minify: true },
      },
    },
  };
}
