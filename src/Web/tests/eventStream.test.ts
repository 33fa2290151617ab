import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { eventStream } from '../src/client/eventStream.js';
import type { Status } from '../src/client/index.js';
import type { Attempt } from '../src/client/transport.js';
import { status } from './statuses.js';

const bytes = new TextEncoder();
let stream: ReadableStreamDefaultController<Uint8Array>;
let requests: Headers[];
let answers: (() => Response)[];
let delivered: number[];
let alive: number;

beforeEach(() => {
  [requests, delivered, alive] = [[], [], 0];
  answers = [() => new Response(new ReadableStream({ start: controller => void (stream = controller) }), { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })];
});

afterEach(() => mock.timers.reset());

function watch(known?: number): Promise<void> {
  const target = {
    url: new URL('http://gateway.example/operations/demo.steps/a'),
    headers: async () => new Headers({ authorization: 'Bearer key' }),
    fetch: async (_: unknown, init?: RequestInit) => {
      requests.push(new Headers(init?.headers));
      return answers.shift()!();
    },
  };
  const attempt: Attempt = { target, known, signal: new AbortController().signal, deliver: (of: Status) => delivered.push(of.version), alive: () => void alive++ };
  return eventStream.run(attempt);
}

const event = (version: number): string => `id: ${version}\ndata: ${JSON.stringify(status(version))}\n\n`;
const send = (text: string): void => stream.enqueue(bytes.encode(text));
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('run_closedByTheServer_resolvesWithWhatCame', async () => {
  const watching = watch();
  await turn();
  send('retry: 2000\n\n' + event(1) + 'event: heartbeat\ndata: {}\n\n' + event(2));
  stream.close();
  await watching;
  assert.deepEqual(delivered, [1, 2]);
  assert.equal(alive, 0, 'only a snapshot shows that it works');
  assert.equal(requests[0]?.get('accept'), 'text/event-stream');
  assert.equal(requests[0]?.get('last-event-id'), null);
  assert.equal(requests[0]?.get('authorization'), 'Bearer key');
});

test('run_versionKnown_saysSoAndIsAliveWithoutASnapshot', async () => {
  const watching = watch(7);
  await turn();
  send('retry: 2000\n\n');
  stream.close();
  await watching;
  assert.equal(requests[0]?.get('last-event-id'), '7');
  assert.equal(alive, 1);
});

test('run_cutInsideAnEvent_dropsItAndCountsAsUnreachable', async () => {
  const watching = watch();
  await turn();
  send(event(1) + event(2).slice(0, -1));
  await turn();
  stream.error(new TypeError('terminated'));
  await assert.rejects(watching, { name: 'TransportFailure', kind: 'unreachable' });
  assert.deepEqual(delivered, [1]);
});

test('run_twoHeartbeatsMissing_countsAsUnreachable', async () => {
  mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const watching = watch();
  await turn();
  send(event(1));
  await turn();
  mock.timers.tick(20_000);
  send('event: heartbeat\ndata: {}\n\n');
  await turn();
  mock.timers.tick(29_000);
  assert.equal(delivered.length, 1);
  mock.timers.tick(1_000);
  await assert.rejects(watching, { name: 'TransportFailure', kind: 'unreachable' });
});

test('run_ended204_asksOnceForTheFinalStatus', async () => {
  answers = [() => new Response(null, { status: 204 }), () => Response.json(status(9, 100))];
  await watch(9);
  assert.deepEqual(delivered, [9]);
  assert.equal(requests.length, 2);
});

for (const [code, expected] of [[401, 'ProblemError'], [403, 'ProblemError'], [404, 'ProblemError'], [410, 'ProblemError']] as const) {
  test(`run_${code}_isHopeless`, async () => {
    answers = [() => Response.json({ title: 'No' }, { status: code, headers: { 'content-type': 'application/problem+json' } })];
    await assert.rejects(watch(), { name: expected, status: code, message: 'No' });
  });
}

test('run_overburdened_isUnreachableAndTellsWhenToComeBack', async () => {
  answers = [() => new Response('Bad gateway', { status: 503, headers: { 'retry-after': '5' } })];
  await assert.rejects(watch(), { name: 'TransportFailure', kind: 'unreachable', retryAfter: 5_000 });
});

test('run_anotherMediaType_isRefused', async () => {
  answers = [() => new Response('<html>', { headers: { 'content-type': 'text/html' } })];
  await assert.rejects(watch(), { name: 'TransportFailure', kind: 'refused' });
});
