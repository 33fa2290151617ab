// What a user of a generated client writes: it compiles only if the document says all of this, and runs only if the document is right.
import createClient from 'openapi-fetch';
import type { components, paths } from './build/api.js';

declare const process: { argv: string[] };

const options = {
  baseUrl: process.argv[2]!,
  // Tags are parameters of their own names.
  querySerializer: { object: { style: 'form', explode: true }, array: { style: 'form', explode: true } },
} as const;

// Of answers that may be streams too, the JSON.
const { GET, POST, PUT, PATCH, DELETE } = createClient<paths, `application/${'json' | 'problem+json'}`>(options);
const bytes = createClient<paths, '*/*'>(options);

type Status = components['schemas']['Status'];

function check(holds: boolean, what: string): asserts holds {
  if (!holds) {
    throw new Error(what);
  }
}

function at(uri: string): { type: string; id: string } {
  const [type, id] = new URL(uri).pathname.split('/').slice(-2);
  return { type: type!, id: id! };
}

// Submit, with the input of this very type; the answer tells where and when to ask.
const submitted = await POST('/operations/demo.steps', {
  params: { query: { tags: { 'tag.team': 'maps' } } },
  body: { steps: 40, stepMs: 100, result: { answer: 42 }, message: 'All done.' },
});
check(submitted.response.status === 202 && submitted.data !== undefined, 'A submission is accepted.');
const first: Status = submitted.data;
check(first.progress === 0 && first.tags?.['team'] === 'maps', 'The first Status is the initial one, with its tags.');
check(submitted.response.headers.get('Location') === first.uri && Number(submitted.response.headers.get('Retry-After')) >= 1, 'It says where and when.');

// Poll.
const path = at(first.uri);
const poll = await GET('/operations/{type}/{id}', { params: { path } });
check(poll.data !== undefined && ['queued', 'running'].includes(poll.data.state), 'A poll shows the state.');

// Long poll, until it differs and then until the end.
const next = await GET('/operations/{type}/{id}', { params: { path, header: { Prefer: 'wait=30', 'If-None-Match': `W/"${first.version}"` } } });
check((next.data?.version ?? 0) > first.version, 'A long poll answers with what is newer.');
const end = await GET('/operations/{type}/{id}', { params: { path, header: { Prefer: 'wait=30' } } });
check(end.response.status === 200 && end.data?.progress === 100 && end.data.status === 0 && end.data.message === 'All done.', 'A long poll answers with the end.');

// The outcome, which is of any type.
const result = await bytes.GET('/operations/{type}/{id}/result', { params: { path }, parseAs: 'json' });
check(JSON.stringify(result.data) === '{"answer":42}', 'The outcome is the handler\'s.');

// Lists with filters, page by page.
await PUT('/operations/demo.steps/{id}', { params: { path: { id: 'mine' }, query: { tags: { 'tag.team': 'maps' } }, header: { Prefer: 'wait=30' } }, body: { steps: 1, stepMs: 0 } });
const found: string[] = [];
let pageToken: string | undefined;
do {
  const page = await GET('/operations/{type}', {
    params: { path: { type: 'demo.steps' }, query: { state: ['succeeded', 'failed'], tags: { 'tag.team': 'maps' }, pageSize: 1, ...(pageToken ? { pageToken } : {}) } },
  });
  check(page.data !== undefined, 'A page is answered.');
  found.push(...page.data.operations.map(operation => operation.id));
  pageToken = page.data.nextPageToken;
} while (pageToken);
check(found.length === 2 && found[0] === 'mine', `The list has both, newest first: ${found.join()}`);

// Cancel; the reason of the end is typed.
const endless = await POST('/operations/demo.steps', { body: { steps: 1000, stepMs: 1000 } });
const endlessPath = at(endless.data!.uri);
const canceled = await POST('/operations/{type}/{id}/cancel', { params: { path: endlessPath } });
check(canceled.response.status === 202, 'It is asked to stop.');
const stopped = await GET('/operations/{type}/{id}', { params: { path: endlessPath, header: { Prefer: 'wait=30' } } });
check(stopped.data?.state === 'canceled' && stopped.data.error?.code === 499, 'It has stopped.');

// A problem, with every fault and its place.
const faulty = await POST('/operations/demo.steps', { body: { steps: -1, stepMs: -1 } });
const problem: components['schemas']['Problem'] | undefined = faulty.error;
check(faulty.response.status === 400 && problem?.type === 'urn:realtimeops:invalid-input', 'A bad input is refused.');
check(problem.errors?.map(fault => fault.pointer).sort().join() === '/stepMs,/steps', 'Each fault has its pointer.');
const other = await PUT('/operations/demo.steps/{id}', { params: { path: { id: 'mine' } }, body: { steps: 2, stepMs: 0 } });
check(other.response.status === 409 && other.error?.differences?.join() === '/steps', 'Another input under the same id names what differs.');

// The expiry, a mailbox, deletion.
const moved = await PATCH('/operations/{type}/{id}', { params: { path }, body: { expiresAt: new Date(Date.now() + 3_600_000).toISOString() } });
check(moved.data?.currentTime !== undefined && moved.data.uri === first.uri, 'Moving the expiry tells the server\'s time.');
await PUT('/operations/demo.steps/{id}', { params: { path: { id: 'told' }, header: { Prefer: 'wait=30' } }, body: { steps: 1, stepMs: 0, webhook: 'mailbox:box' } });
const messages = await GET('/mailboxes/{mailbox}', { params: { path: { mailbox: 'box' }, header: { Prefer: 'wait=10' } } });
const message = messages.data?.messages?.[0];
check(message?.headers['webhook-signature'].startsWith('v1,') === true, 'The message is signed.');
check((await DELETE('/mailboxes/{mailbox}/{message}', { params: { path: { mailbox: 'box', message: message.id } } })).response.status === 204, 'It is acknowledged.');
check((await DELETE('/operations/{type}/{id}', { params: { path } })).response.status === 204, 'It is deleted.');

// 429: this server wants to be asked no earlier than it said.
const paced = await POST('/operations/demo.steps', { body: { steps: 1000, stepMs: 1000 } });
const pacedPath = at(paced.data!.uri);
let refused = await GET('/operations/{type}/{id}', { params: { path: pacedPath } });
for (let polls = 0; refused.response.status !== 429 && polls < 10; polls++) {
  refused = await GET('/operations/{type}/{id}', { params: { path: pacedPath } });
}
check(refused.response.status === 429 && refused.error?.type === 'urn:realtimeops:too-early', 'Whoever polls too often is told so.');
check((refused.error.earlyBy ?? 0) > 0 && Number(refused.response.headers.get('Retry-After')) >= 1, 'And when to come back.');
await POST('/operations/{type}/{id}/cancel', { params: { path: pacedPath } });
console.log('The journey is over.');
