import { module } from './vite.module.ts';

/** <operation-progress>, with all it needs. The first of the builds. */
export default module('operation-progress', 'src/element/operation-progress.ts', true);
