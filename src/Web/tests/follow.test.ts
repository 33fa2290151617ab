import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { feedPoll } from '../src/client/feedPoll.js';
import { follow, type Follow, type FollowOptions, type Status } from '../src/client/index.js';
import type { FeedEvent } from '../src/client/feed.js';
import { status } from './statuses.js';

let server: Server;
let requests: IncomingMessage[];
let answers: ((response: ServerResponse) => void)[];
let told: string[];
let arrived: () => void;
let end: AbortController;

beforeEach(async () => {
  [requests, answers, told, end] = [[], [], [], new AbortController()];
  server = createServer((request, response) => {
    requests.push(request);
    (answers.shift() ?? (held => void held.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()))(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  end.abort();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function start(options: FollowOptions = {}): Follow {
  const tell = (text: string): void => {
    told.push(text);
    arrived?.();
  };
  return follow(`http://127.0.0.1:${(server.address() as AddressInfo).port}/gateway/`, {
    transport: 'sse',
    signal: end.signal,
    onStatus: ({ version }) => tell(`status ${version}`),
    onGone: uri => tell(`gone ${uri}`),
    onReset: () => tell('reset'),
    onReady: () => tell('ready'),
    onTransport: transport => tell(`transport ${transport}`),
    ...options,
  });
}

async function until(text: string): Promise<void> {
  while (!told.includes(text)) {
    await new Promise<void>(resolve => {
      arrived = resolve;
    });
  }
}

const stream = (...events: string[]) => (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(events.map(event => `${event}\n\n`).join(''));
};
const changed = (version: number, position: string): string => `id: ${position}\ndata: ${JSON.stringify(status(version))}`;

test('follow_stream_tellsEachKindAndItsPosition', async () => {
  answers = [stream('retry: 2000', 'event: reset\ndata: {}', changed(3, 'p1'), 'event: ready\nid: p2\ndata: {}', 'event: heartbeat\ndata: {}', 'event: gone\nid: p3\ndata: {"uri":"http://x/a"}')];
  const feed = start({ position: 'p0' });
  await until('gone http://x/a');
  assert.deepEqual(told, ['transport sse', 'reset', 'status 3', 'ready', 'gone http://x/a']);
  assert.equal(feed.position, 'p3');
  assert.equal(requests[0]?.headers['last-event-id'], 'p0');
});

test('follow_cut_comesBackAtItsPosition', async () => {
  answers = [stream(changed(1, 'p1')), response => response.writeHead(502).end(), stream(changed(2, 'p2'))];
  start();
  await until('status 2');
  assert.deepEqual(requests.map(({ headers }) => headers['last-event-id']), [undefined, 'p1', 'p1']);
});

test('follow_filter_goesIntoTheAddress', async () => {
  answers = [stream('event: ready\nid: p\ndata: {}')];
  start({ filter: { type: 'csv.profile', state: ['queued', 'running'], tags: { team: 'maps & more' } } });
  await until('ready');
  assert.equal(requests[0]?.url, '/gateway/operations/csv.profile?state=queued&state=running&tag.team=maps+%26+more');
});

test('follow_nothingButPlainAnswers_pollsTheList', async () => {
  const list = (response: ServerResponse): void => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ operations: [status(7)] }));
  answers = [response => response.writeHead(404).end(), list, list];
  start({ transport: 'auto' });
  await until('ready');
  assert.deepEqual(told.filter(text => !text.startsWith('transport undefined')), ['transport poll', 'status 7', 'ready']);
  assert.match(requests[0]!.url!, /^\/gateway\/hubs\/operations/);
  assert.equal(requests.at(-1)!.url, '/gateway/operations?pageSize=200');
});

test('follow_unknownType_rejectsWithTheProblem', async () => {
  answers = [response => response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"title":"No such type"}')];
  const errors: boolean[] = [];
  const feed = start({ filter: { type: 'no.such' }, onError: (_, retrying) => errors.push(retrying) });
  await assert.rejects(feed.finished, { name: 'ProblemError', status: 404, message: 'No such type' });
  assert.deepEqual(errors, [false]);
});

test('poll_list_tellsWhatHasChangedOldestFirst', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const of = (id: string, version: number): Status => ({ ...status(version), uri: id });
  const lists = [[of('b', 1), of('a', 1)], [of('c', 4), of('b', 1), of('a', 2)]];
  const events: FeedEvent[] = [];
  const polling = feedPoll.run({
    target: { url: new URL('http://gateway.example/operations'), headers: async () => new Headers(), fetch: async () => Response.json({ operations: lists.shift() ?? [] }) },
    known: 'p', signal: end.signal, deliver: event => events.push(event), alive: () => undefined,
  });
  for (let turn = 0; turn < 2; turn++) {
    await new Promise(resolve => setImmediate(resolve));
    mock.timers.tick(5_500);
  }

  await new Promise(resolve => setImmediate(resolve));
  end.abort();
  await assert.rejects(polling);
  mock.timers.reset();
  assert.deepEqual(events.map(({ status: of, ready }) => (ready ? 'ready' : `${of!.uri} ${of!.version}`)), ['a 1', 'b 1', 'ready', 'a 2', 'c 4']);
});
