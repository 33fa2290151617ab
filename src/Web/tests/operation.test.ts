import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryEvent } from '../src/ui/api/shapes.js';
import { frequent, histogram, isCsvProfile, type Column } from '../src/ui/operation/csvProfile.js';
import { failureOf } from '../src/ui/operation/failure.js';
import { hostOf, lineOf, pageOf } from '../src/ui/operation/historyWords.js';
import { closeJson } from '../src/ui/operation/jsonPrefix.js';
import { JsonTree } from '../src/ui/operation/jsonTree.js';
import { fileName, kindOf, readPart } from '../src/ui/operation/payload.js';
import { Refresher } from '../src/ui/operation/refresher.js';
import { axisEnd, ticks, timelineOf } from '../src/ui/operation/timeline.js';
import { waysOf } from '../src/ui/operation/ways.js';
import { status } from './statuses.js';

const start = Date.parse('2026-01-01T00:00:00Z');
const happened = (ms: number, event: HistoryEvent['event'], more: object = {}): HistoryEvent => ({ at: new Date(start + ms).toISOString(), event, ...more });
const retried = [happened(0, 'accepted'), happened(100, 'started', { attempt: 1 }), happened(300, 'activity', { attempt: 1, activity: 'a' }), happened(600, 'attemptFailed', { attempt: 1, message: 'No disk.' }), happened(1_600, 'started', { attempt: 2 })];

test('timelineOf_retriedAndRunning_hasALaneForEachAttemptAndGrows', () => {
  const { lanes, from, to } = timelineOf(retried, 'running', start + 5_000);
  assert.deepEqual([from, to], [start, start + 5_000]);
  assert.deepEqual(lanes, [
    { attempt: 1, waits: { from: start, to: start + 100 }, runs: { from: start + 100, to: start + 600 }, outcome: 'failed', reason: 'No disk.', activities: [start + 300] },
    { attempt: 2, waits: { from: start + 600, to: start + 1_600 }, runs: { from: start + 1_600, to: start + 5_000 }, outcome: 'running', activities: [] },
  ]);
});

test('timelineOf_failedForGood_hasNoLaneAfterTheLastAttempt', () => {
  const { lanes, to } = timelineOf([...retried.slice(0, 4), happened(600, 'ended', { attempt: 1 })], 'failed', start + 9_000);
  assert.deepEqual([lanes.length, lanes[0]!.outcome, to], [1, 'failed', start + 600]);
});

test('timelineOf_canceledWhileItWaits_waitsToTheEnd', () => {
  const { lanes, cancelRequestedAt } = timelineOf([...retried.slice(0, 4), happened(900, 'cancelRequested'), happened(900, 'ended')], 'canceled', start + 9_000);
  assert.deepEqual([lanes.length, lanes[1]!.outcome, lanes[1]!.waits.to, cancelRequestedAt], [2, 'canceled', start + 900, start + 900]);
  assert.equal(timelineOf(retried.slice(0, 4), 'retrying', start + 700).lanes[1]!.outcome, 'retrying');
  assert.equal(timelineOf([], 'queued', start).lanes.length, 1);
});

test('ticks_anyLength_areFewAndRound', () => {
  assert.deepEqual(ticks(7_300, 8).map(({ label }) => label), ['0', '1 s', '2 s', '3 s', '4 s', '5 s', '6 s', '7 s']);
  assert.deepEqual(ticks(3_600_000 * 50, 4).map(({ label }) => label), ['0', '1 d', '2 d']);
  for (const length of [1, 17, 900, 61_000, 86_400_000 * 400]) {
    assert.ok(ticks(length, 6).length <= 7, `${length}`);
  }
});

test('axisEnd_whileLive_standsStillForAWhile', () => {
  const ends = [20_000, 20_400, 20_900].map(ms => axisEnd(timelineOf(retried, 'running', start + ms), true));
  assert.equal(new Set(ends).size, 1);
  assert.ok(ends[0]! > start + 20_900);
  assert.equal(axisEnd(timelineOf(retried, 'running', start + 20_000), false), start + 20_000);
});

test('lineOf_everyEvent_saysItInWords', () => {
  assert.equal(lineOf(happened(0, 'attemptFailed', { attempt: 1, message: 'No disk.' })).text, 'Attempt 1 failed: No disk.');
  assert.equal(lineOf(happened(0, 'attemptFailed', { attempt: 2, message: 'Attempt 2 failed, as asked.' })).text, 'Attempt 2 failed, as asked.');
  assert.equal(lineOf(happened(0, 'delivery', { webhook: 'http://a.b:1/c', error: 'connectionRefused' })).text, 'Web hook to a.b:1: connection refused');
  assert.equal(lineOf(happened(0, 'resubmitted', { uri: 'http://x/base/operations/a/b' })).href, '/ui/operations/a/b');
  assert.deepEqual([hostOf('mailbox:a'), hostOf('nothing'), pageOf('https://x/operations/t/i')], ['mailbox:a', 'nothing', '/ui/operations/t/i']);
});

test('closeJson_anyCut_isTheWholeOfWhatIsComplete', () => {
  const value = { a: [1, 'x,]"}', { b: null }], 'k"': true, n: -1.5e3, deep: [[['ש']]] };
  const text = JSON.stringify(value);
  for (let length = 1; length <= text.length; length++) {
    assert.doesNotThrow(() => JSON.parse(closeJson(text.slice(0, length))!), text.slice(0, length));
  }

  assert.deepEqual(JSON.parse(closeJson(text)!), value);
  assert.equal(closeJson('{"a":[1,2],"b":3,"c'), '{"a":[1,2],"b":3}');
  assert.equal(closeJson('"long tex'), undefined);
});

test('jsonTree_manyChildren_showsAFewAndMoreOnDemand', () => {
  const tree = new JsonTree({ rows: Array.from({ length: 250 }, (_, id) => ({ id })), 'a/b': null });
  assert.deepEqual(tree.rows().map(({ id, text, open }) => [id, text, open]), [['', '{2}', true], ['/rows', '[250]', false], ['/a~1b', 'null', undefined]]);
  tree.toggle(tree.rows()[1]!);
  const [rest] = tree.rows().filter(({ kind }) => kind === 'more');
  assert.deepEqual([tree.rows().length, rest!.text, rest!.depth], [104, '100 more of 150', 2]);
  tree.toggle(rest!);
  assert.equal(tree.rows().find(({ kind }) => kind === 'more')!.text, '50 more of 50');
  tree.toggle(tree.rows()[1]!);
  assert.equal(tree.rows().length, 3);
});

test('jsonTree_small_isOpen', () => {
  assert.deepEqual(new JsonTree({ a: [1, { b: [] }] }).rows().map(({ text }) => text), ['{1}', '[2]', '1', '{1}', '[]']);
  assert.equal(new JsonTree('x'.repeat(5_000)).rows()[0]!.text.length, 1_001);
});

const column: Column = { name: 'n', type: 'number', count: 100, empty: 0, distinct: 80, distinctEstimated: false, top: [{ value: '1', count: 2 }], quantiles: { p01: 0, p05: 0, p25: 25, p50: 50, p75: 50, p95: 95, p99: 100 } };

test('histogram_quantiles_keepTheirMasses', () => {
  const bars = histogram(column, 4);
  assert.equal(Math.max(...bars), 1);
  // 24 below 25, 25 up to 50, then the 25 that lie on 50 itself and 25/45 of the 20, then the rest.
  assert.deepEqual(bars.map(bar => Math.round(bar * 100)), [66, 69, 100, 36]);
  assert.ok(histogram({ ...column, quantiles: { p01: 3, p05: 3, p25: 3, p50: 3, p75: 3, p95: 3, p99: 3 } }, 4).every(Number.isFinite));
});

test('histogram_fewValues_isExact', () => {
  const few = { ...column, distinct: 2, top: [{ value: '0', count: 30 }, { value: '100', count: 60 }] };
  assert.deepEqual(histogram(few, 4), [.5, 0, 0, 1]);
});

test('frequent_nothingStandsOut_isEmpty', () => {
  assert.deepEqual(frequent({ ...column, count: 1_000 }, 3), []);
  assert.deepEqual(frequent(column, 3), [{ value: '1', count: 2, part: .02 }]);
  assert.ok(isCsvProfile({ rows: 1, badRows: { count: 0, first: [] }, columns: [column] }) && !isCsvProfile([]) && !isCsvProfile(null));
});

test('readPart_longBody_readsNoMoreThanAsked', async () => {
  let asked = 0;
  const endless = new ReadableStream<Uint8Array>({ pull: controller => (asked++, controller.enqueue(new Uint8Array(1_000).fill(65))) });
  const part = await readPart(new Response(endless, { headers: { 'content-length': '5000000' } }), 2_500);
  assert.deepEqual([part.bytes.length, part.whole, part.size], [2_500, false, 5_000_000]);
  assert.ok(asked < 6);
  const all = await readPart(new Response('abc'), 3);
  assert.deepEqual([new TextDecoder().decode(all.bytes), all.whole, all.size], ['abc', true, 3]);
  assert.deepEqual((await readPart(new Response(null), 3)).size, 0);
});

test('kindOf_mediaType_saysHowToShowIt', () => {
  assert.deepEqual(['application/json; charset=utf-8', 'application/problem+json', 'text/csv', 'image/svg+xml', 'application/xml', 'application/pdf', ''].map(kindOf), ['json', 'json', 'text', 'image', 'text', 'other', 'other']);
  assert.deepEqual([fileName('a', 'text/csv; header=present'), fileName('a', 'image/png'), fileName('a', 'x/y')], ['a.csv', 'a.png', 'a']);
});

test('failureOf_anyCode_saysWhatToDo', () => {
  const failed = { ...status(3, 100), state: 'failed', attempt: 4 } as const;
  assert.match(failureOf({ ...failed, status: 500, message: 'x' }).advice, /tried 4 times/);
  assert.equal(failureOf({ ...failed, status: 507, message: 'No disk.', error: { title: 'Full' } }).title, 'Full');
  assert.ok(failureOf({ ...failed, status: -3 }).text);
});

test('waysOf_operation_canBePasted', () => {
  const ways = waysOf({ type: 't', id: 'i' }, 'http://x');
  assert.equal(ways.find(({ way }) => way === 'eventStream')!.text, "curl -sSN http://x/operations/t/i -H 'Accept: text/event-stream'");
  assert.match(ways.find(({ way }) => way === 'signalR')!.text, /watch\('http:\/\/x\/operations\/t\/i'/);
});

test('refresher_manyWishes_loadsOnceAndOnceMoreForThoseThatCameMeanwhile', async () => {
  let loads = 0;
  let finish = (): void => undefined;
  const loading = (): Promise<void> => new Promise(resolve => {
    loads++;
    finish = resolve;
  });
  const refresher = new Refresher(loading, 0);
  [1, 2, 3].forEach(() => refresher.within(0));
  while (loads < 1) await new Promise(resolve => setTimeout(resolve, 1));
  refresher.within(0);
  refresher.within(0);
  finish();
  while (loads < 2) await new Promise(resolve => setTimeout(resolve, 1));
  finish();
  refresher.stop();
  refresher.within(0);
  await new Promise(resolve => setTimeout(resolve, 10));
  assert.equal(loads, 2);
});
