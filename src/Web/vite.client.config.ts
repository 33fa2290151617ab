import { module } from './vite.module.ts';

/** The client, for pages without a bundler. A build of its own: with shared chunks each of the two would cost a page more requests. */
export default module('realtimeops-client', 'src/client/index.ts', false);
