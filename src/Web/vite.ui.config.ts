import type { UserConfig } from 'vite';

/** The web UI: a page of its own, whose parts are loaded when they are shown. The content security policy allows nothing inline. */
export default {
  root: 'src/ui',
  base: '/',
  // A theme that was chosen counts from the first paint.
  plugins: [{ name: 'render-blocking', transformIndexHtml: { order: 'post', handler: (html: string) => html.replace('<script type="module"', '<script type="module" blocking="render"') } }],
  build: {
    outDir: '../../dist/www',
    emptyOutDir: false,
    target: 'es2022',
    // The first that know light-dark(): it stays as it is.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { entryFileNames: 'assets/[name]-[hash].js', chunkFileNames: 'assets/[name]-[hash].js', assetFileNames: 'assets/[name]-[hash][extname]' },
    },
  },
  server: { proxy: Object.fromEntries(['operations', 'operation-types', 'deliveries', 'subscriptions', 'mailboxes', 'session', 'hubs', 'health', 'openapi', 'docs'].map(path => [`/${path}`, { target: 'http://localhost:5080', ws: true }])) },
} satisfies UserConfig;
