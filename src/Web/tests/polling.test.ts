import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import type { Status } from '../src/client/index.js';
import { longPoll } from '../src/client/longPoll.js';
import { poll } from '../src/client/poll.js';
import type { Transport } from '../src/client/transport.js';
import { status } from './statuses.js';

let requests: Headers[];
let delivered: number[];
let alive: number;
let end: AbortController;
let watching: Promise<void>;

beforeEach(() => {
  [requests, delivered, alive, end] = [[], [], 0, new AbortController()];
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(Math, 'random', () => 0);
});

afterEach(async () => {
  end.abort();
  await watching.catch(() => undefined);
  mock.timers.reset();
  mock.restoreAll();
});

function start(transport: Transport, answers: Response[], known?: number): void {
  const target = {
    url: new URL('http://gateway.example/operations/demo.steps/a'),
    headers: async () => new Headers(),
    fetch: async (_: unknown, init?: RequestInit) => {
      requests.push(new Headers(init?.headers));
      return answers.shift() ?? new Promise<never>((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
    },
  };
  watching = transport.run({ target, known, signal: end.signal, deliver: (of: Status) => delivered.push(of.version), alive: () => void alive++ });
}

const answer = (version: number, headers: Record<string, string>): Response => Response.json(status(version), { status: 202, headers });
const empty = (code: number, headers: Record<string, string>): Response => new Response(null, { status: code, headers });
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('poll_retryAfter_isWaitedFor', async () => {
  const answers = [answer(1, { 'retry-after': '3' }), empty(304, { 'retry-after': '7' }), empty(429, { 'retry-after': '20' }), answer(2, {})];
  start(poll, answers);
  for (const [index, seconds] of [3, 7, 20].entries()) {
    await turn();
    mock.timers.tick(seconds * 1_000 - 1);
    await turn();
    assert.equal(requests.length, index + 1);
    mock.timers.tick(1);
  }

  await turn();
  assert.deepEqual(requests.map(headers => headers.get('if-none-match')), [null, 'W/"1"', 'W/"1"', 'W/"1"']);
  assert.deepEqual(delivered, [1, 2]);
  assert.equal(alive, 2);
});

test('longPoll_firstRequest_isAnsweredAtOnceAndTheNextAreHeld', async () => {
  const waited = { 'preference-applied': 'wait=25' };
  start(longPoll, [answer(5, waited), empty(304, waited), answer(6, waited)], 5);
  for (let request = 0; request < 3; request++) {
    await turn();
    mock.timers.tick(100);
  }

  await turn();
  assert.deepEqual(requests.map(headers => headers.get('if-none-match')), ['W/"0"', 'W/"5"', 'W/"5"', 'W/"6"']);
  assert.ok(requests.every(headers => headers.get('prefer') === 'wait=25'));
  assert.deepEqual(delivered, [5, 6]);
});

test('longPoll_preferenceNotHonoured_isRefused', async () => {
  start(longPoll, [answer(5, {})]);
  await assert.rejects(watching, { name: 'TransportFailure', kind: 'refused' });
});
