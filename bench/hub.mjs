// Watches one operation over so many hub connections (the real npm client) and counts what arrives and what the server's process spent on it.
//   node hub.mjs LABEL STATUS_URI CONNECTIONS SECONDS SERVER_PID     -> one JSON line
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const { HubConnectionBuilder, HttpTransportType, LogLevel } = createRequire(new URL('../src/Web/package.json', import.meta.url))('@microsoft/signalr');
const [label, uri, connections, seconds, pid] = process.argv.slice(2);
const ticks = () => { const t = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' '); return +t[11] + +t[12]; };
const sleep = ms => new Promise(done => setTimeout(done, ms));
let delivered = 0, ends = 0;
const open = [];
for (let i = 0; i < +connections; i++) {
  const hub = new HubConnectionBuilder().withUrl(new URL('/hubs/operations', uri).href, { skipNegotiation: true, transport: HttpTransportType.WebSockets }).configureLogging(LogLevel.None).build();
  await hub.start();
  hub.stream('Watch', uri, null).subscribe({ next: status => { delivered++; ends += status.progress === 100 ? 1 : 0; }, error: () => {}, complete: () => {} });
  open.push(hub);
}
await sleep(3000);
const before = delivered, cpu = ticks();
await sleep(seconds * 1000);
const count = delivered - before, spent = ticks() - cpu;
for (let waited = 0; ends < open.length && waited < 20000; waited += 100) await sleep(100);
console.log(JSON.stringify({ label, connections: open.length, seconds: +seconds, delivered: count, per_s: count / seconds, cpu_us_per_delivery: spent * 10000 / count, ends_lost: open.length - ends }));
await Promise.all(open.map(hub => hub.stop()));
