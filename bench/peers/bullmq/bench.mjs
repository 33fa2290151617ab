// BullMQ figures: node bench.mjs --port 16379 --redis-pid PID [--label everysec] [--scale 1] [--sections add,idle,noop,submit,prog,read]
// One Node process holds queue, worker and listener (separate Redis connections), so one clock serves all latencies.
// Only "submit" has a second process, which adds: there producer and worker would else share one thread.
import { Queue, Worker, QueueEvents } from 'bullmq';
import IORedis from 'ioredis';
import fs from 'node:fs';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const arg = (n, d) => { const i = process.argv.indexOf('--' + n); return i < 0 ? d : process.argv[i + 1]; };
const port = Number(arg('port', 16379)), pid = Number(arg('redis-pid', 0)), label = arg('label', ''), scale = Number(arg('scale', 1));
const sections = arg('sections', 'add,idle,noop,submit,prog,read').split(','), want = s => sections.includes(s);
const mk = () => new IORedis({ host: '127.0.0.1', port, maxRetriesPerRequest: null });
const redisCpu = () => { if (!pid) return NaN; const f = fs.readFileSync(`/proc/${pid}/stat`, 'utf8'); const p = f.slice(f.lastIndexOf(')') + 2).split(' '); return (Number(p[11]) + Number(p[12])) / 100; };
const machineCpu = () => { const f = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/ +/).map(Number); return (f[1] + f[2] + f[3] + f[6] + f[7]) / 100; };
const selfCpu = () => { const u = process.cpuUsage(); return (u.user + u.system) / 1e6; };
const ms = () => Number(process.hrtime.bigint()) / 1e6;
const sleep = t => new Promise(r => setTimeout(r, t));
const pct = (a, q) => { if (!a.length) return null; const s = [...a].sort((x, y) => x - y); return +s[Math.min(s.length - 1, Math.ceil(q * s.length) - 1)].toFixed(3); };
const data = i => ({ kind: 'bench', tenant: 't1', input: { n: i, pad: 'x'.repeat(140) } }); // about 200 bytes of JSON
const out = { label, node: process.version };
const section = async (name, units, f) => {
  const t0 = ms(), r0 = redisCpu(), s0 = selfCpu(), m0 = machineCpu();
  const extra = await f();
  const n = extra.units ?? units, w = (ms() - t0) / 1e3, rc = redisCpu() - r0, sc = selfCpu() - s0, mc = machineCpu() - m0;
  delete extra.units;
  out[name] = { n, seconds: +w.toFixed(3), per_s: Math.round(n / w), redis_cpu_us_per_unit: Math.round(rc * 1e6 / n), node_cpu_us_per_unit: Math.round(sc * 1e6 / n), other_cpu_s: +(mc - rc - sc).toFixed(2), ...extra };
};
const rm = { removeOnComplete: { count: 1000 }, removeOnFail: { count: 1000 } };
const addAll = async (q, n, lat) => { let i = 0; await Promise.all(Array.from({ length: 50 }, async () => { while (i < n) { const k = i++; const t = ms(); await q.add('j', data(k)); lat?.push(ms() - t); } })); };

if (arg('produce')) { // the second process of "submit": adds on command, says when it began and when all adds were acknowledged
  const q = new Queue('submit', { connection: mk(), defaultJobOptions: rm });
  await q.waitUntilReady();
  process.on('message', async n => { const began = ms(), s0 = selfCpu(); await addAll(q, n); process.send({ began, added: ms(), cpu: selfCpu() - s0 }); });
  process.on('disconnect', () => process.exit(0));
  process.send('ready');
  await new Promise(() => {});
}

const conn = mk();
await conn.flushall();

// 1. durable add, awaited, concurrency 50
if (want('add')) {
  const q = new Queue('add', { connection: mk(), defaultJobOptions: rm });
  await q.waitUntilReady();
  const run = async n => { const lat = []; await addAll(q, n, lat); return lat; };
  await run(Number(arg('warm', 1000)));
  const n = Math.round(20000 * scale);
  await section('add_c50', n, async () => { const lat = await run(n); return { p50_ms: pct(lat, .5), p99_ms: pct(lat, .99) }; });
  const n1 = Math.round(1000 * scale);
  await section('add_c1', n1, async () => { const lat = []; for (let i = 0; i < n1; i++) { const t = ms(); await q.add('j', data(i)); lat.push(ms() - t); } return { p50_ms: pct(lat, .5), p99_ms: pct(lat, .99) }; });
  const nb = Math.round(20000 * scale);
  await section('add_bulk100', nb, async () => { for (let i = 0; i < nb; i += 100) await q.addBulk(Array.from({ length: 100 }, (_, k) => ({ name: 'j', data: data(i + k) }))); return {}; });
  await q.obliterate({ force: true }); await q.close();
}
// 2. idle add -> processing start
if (want('idle')) {
  const q = new Queue('idle', { connection: mk(), defaultJobOptions: rm });
  let started; const w = new Worker('idle', async () => { started(ms()); }, { connection: mk(), concurrency: 20 });
  await w.waitUntilReady(); await sleep(300);
  const fromCall = [], fromAck = [];
  const n = Math.round(500 * scale);
  await section('idle_start', n, async () => {
    for (let i = -20; i < n; i++) {
      const p = new Promise(r => { started = r; }); const t = ms();
      let ack; const a = q.add('j', data(i)).then(() => { ack = ms(); });
      const s = await p; await a; if (i >= 0) { fromCall.push(s - t); fromAck.push(s - ack); }
      await sleep(10);
    }
    return { from_call_p50_ms: pct(fromCall, .5), from_call_p99_ms: pct(fromCall, .99), from_ack_p50_ms: pct(fromAck, .5), from_ack_p99_ms: pct(fromAck, .99) };
  });
  await w.close(); await q.close();
}
// 3. no-op jobs, concurrency 20, queue filled first
if (want('noop')) {
  const q = new Queue('noop', { connection: mk(), defaultJobOptions: rm });
  const n = Math.round(20000 * scale), warm = Number(arg('warm', 1000));
  for (let i = 0; i < n + warm; i += 500) await q.addBulk(Array.from({ length: 500 }, (_, k) => ({ name: 'j', data: data(i + k) })));
  let done = 0, t0, fin; const all = new Promise(r => { fin = r; });
  const w = new Worker('noop', async () => {}, { connection: mk(), concurrency: 20, autorun: false });
  w.on('completed', () => { if (++done === n + warm) fin(); });
  const warmed = new Promise(r => w.on('completed', () => { if (done === warm) r(); }));
  w.run(); await warmed;
  await section('noop_c20', n, async () => { await all; return {}; });
  await w.close(); await q.close();
}
// 3b. no-op jobs, concurrency 20, from the first awaited add (concurrency 50, other process) to the last completion
if (want('submit')) {
  const n = Math.round(20000 * scale), warm = Number(arg('warm', 1000));
  let done = 0, target = 0, fin; const w = new Worker('submit', async () => {}, { connection: mk(), concurrency: 20 });
  w.on('completed', () => { if (++done === target) fin(); });
  await w.waitUntilReady();
  const producer = fork(fileURLToPath(import.meta.url), ['--produce', '1', '--port', String(port)]);
  const heard = () => new Promise(r => producer.once('message', r));
  await heard();
  const run = async n => { done = 0; target = n; const all = new Promise(r => { fin = r; }), said = heard(); producer.send(n); await all; const ended = ms(); return { ...await said, ended }; };
  await run(warm);
  const r0 = redisCpu(), s0 = selfCpu(), m0 = machineCpu(), r = await run(n), s = (r.ended - r.began) / 1e3, rc = redisCpu() - r0, sc = selfCpu() - s0 + r.cpu;
  out.noop_submit = { n, seconds: +s.toFixed(3), per_s: Math.round(n / s), added_s: +((r.added - r.began) / 1e3).toFixed(3), redis_cpu_us_per_unit: Math.round(rc * 1e6 / n), node_cpu_us_per_unit: Math.round(sc * 1e6 / n), other_cpu_s: +(machineCpu() - m0 - rc - sc).toFixed(2) };
  producer.disconnect(); await w.close();
}
// 4. progress: worker.updateProgress -> QueueEvents listener
if (want('prog')) {
  const q = new Queue('prog', { connection: mk(), defaultJobOptions: rm });
  const qe = new QueueEvents('prog', { connection: mk() }); await qe.waitUntilReady(); await sleep(300);
  let lat = [], got = 0; qe.on('progress', ({ data: d }) => { got++; lat.push(ms() - d.t); });
  const upd = (job, i) => job.updateProgress({ t: ms(), percent: i % 100, message: 'x'.repeat(150) });
  const w = new Worker('prog', async job => {
    const { mode, count } = job.data; let i = 0;
    if (mode === 'paced') { const t0 = ms(); for (; i < count; i++) { const due = t0 + i * 10; const d = due - ms(); if (d > 0) await sleep(d); await upd(job, i); } }
    else for (; i < count; i++) await upd(job, i);
    return i;
  }, { connection: mk(), concurrency: 20 });
  const wait = jobs => Promise.all(jobs.map(j => j.waitUntilFinished(qe)));
  await wait([await q.add('warm', { mode: 'fast', count: 500 })]); await sleep(200);
  lat = []; got = 0;
  const n = Math.round(1000 * scale);
  await section('progress_100_per_s', n, async () => { await wait([await q.add('p', { mode: 'paced', count: n })]); await sleep(200); return { received: got, p50_ms: pct(lat, .5), p99_ms: pct(lat, .99) }; });
  lat = []; got = 0;
  const per = Math.round(1000 * scale);
  await section('progress_20_jobs_full_speed', per * 20, async () => {
    await wait(await q.addBulk(Array.from({ length: 20 }, () => ({ name: 'f', data: { mode: 'fast', count: per } }))));
    await sleep(200); return { received: got, p50_ms: pct(lat, .5), p99_ms: pct(lat, .99) }; });
  await w.close(); await qe.close(); await q.close();
}
// 5. status read, as a poll handler would do it: getJob + state (awaited, concurrency 50)
if (want('read')) {
  const q = new Queue('read', { connection: mk(), defaultJobOptions: rm });
  const job = await q.add('j', data(1));
  const n = Math.round(20000 * scale);
  await section('status_read_c50', n, async () => { let i = 0; await Promise.all(Array.from({ length: 50 }, async () => { while (i < n) { i++; const j = await q.getJob(job.id); await j.getState(); } })); return {}; });
  await q.obliterate({ force: true }); await q.close();
}
out.redis_used_memory = (await conn.info('memory')).match(/used_memory_human:(\S+)/)[1];
console.log(JSON.stringify(out));
process.exit(0);
