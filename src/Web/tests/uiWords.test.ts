import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { ProblemError } from '../src/client/index.js';
import { curl } from '../src/ui/api/curl.js';
import { cancelOperation, listOperations, uriOf } from '../src/ui/api/operations.js';
import { Unreachable } from '../src/ui/api/request.js';
import { hrefs, routeOf } from '../src/ui/app/routes.js';
import { bytes, duration, shortly } from '../src/ui/components/format.js';
import { sparkPath } from '../src/ui/components/sparkPath.js';
import { explain } from '../src/ui/components/words.js';

test('routeOf_everyHref_isItsPage', () => {
  const odd = { type: 'csv.profile', id: 'a.b~c_D-1.js' };
  assert.deepEqual(routeOf(hrefs.operation(odd)), { page: 'operation', ...odd });
  assert.deepEqual([hrefs.board, '/ui', '/ui/', hrefs.submit, hrefs.race, '/ui/callbacks/'].map(path => routeOf(path)?.page), ['board', 'board', 'board', 'submit', 'race', 'callbacks']);
  assert.deepEqual(['/ui/nothing', '/operations/a/b', '/ui/operations/a', '/ui/operations/a/%E0%A4%A'].map(routeOf), [undefined, undefined, undefined, undefined]);
});

test('curl_anyText_reachesTheShellUnchanged', () => {
  const json = { text: `it's "quoted" $HOME \`id\` \\ \n!`, other: 'ש' };
  const command = curl({ method: 'POST', path: '/subscriptions', query: new URLSearchParams({ a: 'b c&d' }), json }, 'http://x');
  const words = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }; ${command}`]).toString().split('\0').slice(0, -1);
  assert.deepEqual(words, ['-sS', '-X', 'POST', 'http://x/subscriptions?a=b+c%26d', '-H', 'Content-Type: application/json', '-d', JSON.stringify(json)]);
});

test('curl_file_isNamed', () => {
  const call = { method: 'PUT', path: '/operations/csv.profile/a' } as const;
  assert.equal(curl(call, 'http://x', { name: 'my file.csv', type: 'text/csv' }), "curl -sS -X PUT http://x/operations/csv.profile/a -H 'Content-Type: text/csv' --data-binary '@my file.csv'");
});

test('calls_oddNames_areEscaped', () => {
  assert.equal(uriOf({ type: 'a', id: 'b/c?d' }), '/operations/a/b%2Fc%3Fd');
  assert.equal(cancelOperation({ type: 'a', id: 'b' }).path, '/operations/a/b/cancel');
  assert.equal(listOperations({ states: ['failed', 'canceled'], tags: { team: 'maps & more' }, pageSize: 5 }).query?.toString(), 'state=failed&state=canceled&tag.team=maps+%26+more&pageSize=5');
});

test('duration_anyLength_saysTheTwoLargestUnits', () => {
  assert.deepEqual([0, 400, 1_250, 12_400, 59_999, 200_000, 3_600_000, 7_500_000, 273_600_000].map(duration), ['0 ms', '400 ms', '1.3 s', '12 s', '1 min', '3 min 20 s', '1 h', '2 h 5 min', '3 d 4 h']);
  assert.deepEqual([-5, 59_000, 61_000, 7_200_000, 200_000_000].map(shortly), ['0 s', '59 s', '1 min', '2 h', '2 d']);
  assert.deepEqual([0, 999, 1_000, 15_300_000].map(bytes), ['0 B', '999 B', '1.0 KB', '15.3 MB']);
});

test('sparkPath_gaps_joinsTheNeighbours', () => {
  assert.deepEqual(sparkPath([0, undefined, 2], 10, 12), { line: 'M0 11L10 1', area: 'M0 12L0 11L10 1L10 12Z' });
  assert.deepEqual(sparkPath([undefined], 10, 12), { line: '', area: '' });
  assert.ok(!sparkPath([0, 0], 10, 12).line.includes('NaN'));
});

test('explain_anyError_saysWhatToDo', () => {
  assert.match(explain(new Unreachable('x')).title, /cannot be reached/);
  assert.deepEqual(explain(new ProblemError({ status: 400, title: 'Invalid input', detail: 'steps is missing.' })), { title: 'Invalid input', text: 'steps is missing.', again: false });
  assert.equal(explain(new ProblemError({ status: 502 })).again, true);
  assert.equal(explain(new ProblemError({ status: 401 })).title, 'You are signed out');
});
