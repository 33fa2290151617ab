// dist/client is the package that is published: what tsc built, with its manifest, read-me and licence beside it.
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = path => fileURLToPath(new URL(path, import.meta.url));
copyFileSync(at('../src/client/package.json'), at('../dist/client/package.json'));
copyFileSync(at('../src/client/README.md'), at('../dist/client/README.md'));
copyFileSync(at('../../../LICENSE'), at('../dist/client/LICENSE'));
