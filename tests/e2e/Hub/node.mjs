// node node.mjs BASE TRANSPORT JOURNEY
import { createRequire } from 'node:module';
import { run } from './journeys.mjs';

// The build of the server has installed it there.
const signalR = createRequire(new URL('../../../src/Web/package.json', import.meta.url))('@microsoft/signalr');
await run(signalR, ...process.argv.slice(2));
