// Prints the tables of results/*.jsonl as Markdown:  node table.mjs     (one value per round, " / " between; ratio = of the means of the quiet runs)
import fs from 'node:fs';

const read = f => { try { return fs.readFileSync(new URL(`results/${f}.jsonl`, import.meta.url), 'utf8').trim().split('\n').map(l => JSON.parse(l)); } catch { return []; } };
const by = (rows, label) => rows.filter(r => r.label === label);
const show = v => v === undefined || v === null ? '–' : typeof v === 'string' ? v : Math.abs(v) >= 1000 ? String(Math.round(v)) : String(+v.toPrecision(3));
const noisy = r => r.other_cpu_s > r.seconds / 3; // others used more than a third of one core: marked †
const all = (rows, f) => rows.map(r => show(f(r)) + (noisy(r) ? '†' : '')).join(' / ') || '–';
const range = (rows, f) => `${show(Math.min(...rows.map(f)))}–${show(Math.max(...rows.map(f)))}`;
const mean = (rows, f) => { // of the quiet runs, if there are any
  const quiet = rows.filter(r => !noisy(r)), used = quiet.length ? quiet : rows;
  return used.length ? used.reduce((s, r) => s + f(r), 0) / used.length : NaN; };
const ratio = (a, b) => Number.isFinite(a / b) ? (a / b).toFixed(2) : '–';
const table = (title, head, rows) => { if (rows.length) console.log(`\n**${title}**\n\n| ${head.join(' | ')} |\n|${head.map(() => '---|').join('')}\n${rows.map(r => `| ${r.join(' | ')} |`).join('\n')}`); };

const conditions = read('conditions');
if (conditions.length) { const c = conditions.at(-1); console.log(`${c.cpu}, ${c.memory_gib} GiB, kernel ${c.kernel}, ${c.fs}; .NET SDK ${c.dotnet}, Node ${c.node}, Redis ${c.redis}; 4 KiB fsync p50 ${range(conditions, r => r.fsync_p50_ms)} ms, p99 ${range(conditions, r => r.fsync_p99_ms)} ms`); }

const poll = read('poll'), raw = by(poll, 'raw-kestrel');
table('Polling, wrk -t1 -c64', ['server', 'requests/s', 'of raw Kestrel', 'p50', 'p99', 'bad', 'server CPU µs/request', 'of raw Kestrel'],
  ['raw-kestrel', 'gateway-running', 'gateway-ended'].map(l => by(poll, l)).filter(r => r.length).map(r => [r[0].label, all(r, x => x.per_s), ratio(mean(r, x => x.per_s), mean(raw, x => x.per_s)),
    all(r, x => x.p50), all(r, x => x.p99), all(r, x => x.bad), all(r, x => x.server_cpu_us_per_unit), ratio(mean(r, x => x.server_cpu_us_per_unit), mean(raw, x => x.server_cpu_us_per_unit))]));

const submit = read('submit'), adds = by(submit, 'bullmq').map(r => r.add_c50);
table('Durable acceptances', ['server', 'per second', 'of BullMQ', 'p50 ms', 'p99 ms', 'server CPU µs each', 'client CPU µs each'], [
  ...['gateway-stored', 'gateway-run'].map(l => by(submit, l)).filter(r => r.length).map(r => [r[0].label, all(r, x => x.per_s), ratio(mean(r, x => x.per_s), mean(adds, x => x.per_s)), all(r, x => x.p50_ms), all(r, x => x.p99_ms), all(r, x => x.server_cpu_us_per_unit), all(r, x => x.client_cpu_us_per_unit)]),
  ...adds.length ? [['BullMQ add, concurrency 50', all(adds, x => x.per_s), '1', all(adds, x => x.p50_ms), all(adds, x => x.p99_ms), all(adds, x => x.redis_cpu_us_per_unit), all(adds, x => x.node_cpu_us_per_unit)]] : []]);

const noop = read('noop'), b = by(noop, 'bullmq');
table('No-op operations to the durable end', ['setting', 'gateway per second', 'BullMQ per second', 'ratio', 'gateway server CPU µs each', 'succeeded'],
  [['gateway-submitted', 'from the first submission', 'noop_submit'], ['gateway-filled', 'queue filled first', 'noop_c20']].map(([l, title, peer]) => [by(noop, l), title, b.map(r => r[peer])]).filter(([r]) => r.length)
    .map(([r, title, p]) => [title, all(r, x => x.per_s), all(p, x => x.per_s), ratio(mean(r, x => x.per_s), mean(p, x => x.per_s)), all(r, x => x.server_cpu_us_per_unit), all(r, x => `${x.succeeded} of ${x.count}`)]));

const idle = read('idle'), g = by(idle, 'gateway'), q = by(idle, 'bullmq').map(r => r.idle_start);
if (g.length) table('Idle: submission call to start', ['', 'p50 ms', 'p99 ms'], [
  ['gateway, accepted (first event)', all(g, x => x.first_event_p50_ms), all(g, x => x.first_event_p99_ms)],
  ['gateway, start stamped by the handler', all(g, x => x.start_stamped_p50_ms), all(g, x => x.start_stamped_p99_ms)],
  ['gateway, start seen by the client', all(g, x => x.start_seen_p50_ms), all(g, x => x.start_seen_p99_ms)],
  ['BullMQ, add call to handler', all(q, x => x.from_call_p50_ms), all(q, x => x.from_call_p99_ms)]]);

const hangfire = read('hangfire'), plain = by(hangfire, 'plain-hangfire');
if (plain.length) table('The Hangfire engine and plain Hangfire, in memory', ['', 'gateway', 'plain Hangfire', 'ratio'], [
  ...[['hangfire-submitted', 'no-ops a second, from the first submission', 'submitted_per_s'], ['hangfire-filled', 'no-ops a second, queue filled first', 'filled_per_s']]
    .map(([l, title, p]) => [title, all(by(hangfire, l), x => x.per_s), all(plain, x => x[p]), ratio(mean(by(hangfire, l), x => x.per_s), mean(plain, x => x[p]))]),
  ['idle: call to start, p50 ms', all(by(hangfire, 'hangfire-idle'), x => x.start_stamped_p50_ms), all(plain, x => x.idle_start_p50_ms), ''],
  ['idle: call to start, p99 ms', all(by(hangfire, 'hangfire-idle'), x => x.start_stamped_p99_ms), all(plain, x => x.idle_start_p99_ms), '']]);

const size = read('size'), two = (what, f) => [by(size, 'few-' + what), by(size, 'many-' + what)].flatMap((r, _, [few]) => r === few ? [all(r, f)] : [all(r, f), ratio(mean(r, f), mean(few, f))]);
if (size.length) table(`Size of the store: ${by(size, 'fill-few')[0]?.count} and ${by(size, 'fill-many')[0]?.count} ended operations`, ['', 'few', 'many', 'many / few'], [
  ['poll: requests/s', ...two('poll', x => x.per_s)], ['poll: server CPU µs', ...two('poll', x => x.server_cpu_us_per_unit)],
  ['poll, not in memory: requests/s', '', all(by(size, 'many-poll-cold'), x => x.per_s), ''], ['poll, not in memory: server CPU µs', '', all(by(size, 'many-poll-cold'), x => x.server_cpu_us_per_unit), ''],
  ['submission: per second', ...two('submit', x => x.per_s)], ['submission: server CPU µs', ...two('submit', x => x.server_cpu_us_per_unit)],
  ['ready after start, ms', ...two('start', x => x.ready_ms)], ['store, MiB', ...two('start', x => x.store_mib)], ['peak resident, MiB', ...two('memory', x => x.peak_mib)]]);

const memory = by(read('memory'), 'gateway'), file = by(read('memory'), 'file');
if (memory.length) table(`csv.profile of ${(file.at(-1).bytes / 1e9).toFixed(2)} GB, ${file.at(-1).rows} rows`, ['upload s', 'profile s', 'server CPU s', 'resident MiB: idle', 'peak after upload', 'peak', 'rows', 'bad rows'],
  memory.map(r => [r.upload_s, r.profile_s, r.server_cpu_s, r.idle_mib, r.peak_after_upload_mib, r.peak_mib, r.rows, r.bad_rows].map(show)));

const sse = [...read("sse").reduce((m, r) => { const k = `${r.connections} × ${r.rate}/s, ${r.seconds} s|${r.label}`; return m.set(k, [...m.get(k) ?? [], r]); }, new Map())].sort();
table('Server-sent events', ['load', 'server', 'connected', 'delivered', 'lost or merged', 'ends lost', 'p50 ms', 'p99 ms', 'CPU µs/delivery', 'KiB/connection', 'other CPU s'],
  sse.map(([k, r]) => [...k.split('|'), all(r, x => x.connected), all(r, x => x.delivered), all(r, x => x.lost), all(r, x => x.ends_lost), all(r, x => x.p50_ms), all(r, x => x.p99_ms), all(r, x => x.cpu_us_per_delivery), all(r, x => x.pss_per_connection_after_kib), all(r, x => x.other_cpu_s)]));

const idlers = read('watchers'), idleLabels = [...new Set(idlers.map(r => r.label))];
table('Idle watchers', ['server', 'connected', 'RSS KiB each', 'PSS KiB each', 'RSS MiB before', 'RSS MiB with them'],
  idleLabels.map(l => by(idlers, l)).map(r => [r[0].label, all(r, x => x.connected), all(r, x => x.rss_per_connection_kib), all(r, x => x.pss_per_connection_kib), all(r, x => x.rss_before_kib / 1024), all(r, x => x.rss_connected_kib / 1024)]));

const report = read('report'), counts = [...new Set(report.map(r => r.watchers))];
table('Report(): one handler reports without pause', ['watchers', 'ns per report', 'bytes allocated per report'],
  counts.map(w => report.filter(r => r.watchers === w)).map(r => [r[0].watchers, all(r, x => x.ns_per_report), all(r, x => x.bytes_per_report)]));

const hooks = read('webhooks'), free = by(hooks, 'submit-none');
table('Webhook deliveries to a receiver on this machine', ['', 'deliveries/s', 'server CPU µs each', 'receiver CPU µs each'],
  [['resumed', 'kept for a subscription that resumes'], ['submitted', 'from the first submission to the last delivery']].map(([l, title]) => [by(hooks, l), title]).filter(([r]) => r.length)
    .map(([r, title]) => [title, all(r, x => x.per_s), all(r, x => x.server_cpu_us_per_unit), all(r, x => x.receiver_cpu_us_per_unit)]));
table('Submissions with 100,000 messages pending for a dead target', ['', 'per second', 'of none pending', 'p50 ms', 'server CPU µs each', 'of none pending'],
  [['submit-none', 'none pending'], ['submit-dead', '100,000 pending']].map(([l, title]) => [by(hooks, l), title]).filter(([r]) => r.length)
    .map(([r, title]) => [title, all(r, x => x.per_s), ratio(mean(r, x => x.per_s), mean(free, x => x.per_s)), all(r, x => x.p50_ms), all(r, x => x.server_cpu_us_per_unit), ratio(mean(r, x => x.server_cpu_us_per_unit), mean(free, x => x.server_cpu_us_per_unit))]));
