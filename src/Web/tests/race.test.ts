import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockBounds } from '../src/ui/race/clockBounds.js';
import { RaceRecord } from '../src/ui/race/raceRecord.js';
import { axisLength, dots, lines, x } from '../src/ui/race/strip.js';
import { headSize, hubMessageSize, Traffic } from '../src/ui/race/traffic.js';
import { spoken, verdict } from '../src/ui/race/words.js';
import { status } from './statuses.js';

const start = Date.parse('2026-01-01T00:00:00Z');
const made = (version: number, ms: number, progress = version): ReturnType<typeof status> => ({ ...status(version, progress), updatedAt: new Date(start + ms).toISOString(), createdAt: new Date(start).toISOString() });

/** The server's clock is right; versions 2 to 4 are made at 100, 200 and 300 ms. */
function record(): RaceRecord {
  const race = new RaceRecord();
  race.begin(made(1, 0), start - 5);
  race.learn('eventStream', made(2, 100), start + 102);
  race.learn('eventStream', made(3, 200), start + 202);
  race.learn('poll', made(3, 200), start + 250);
  race.learn('eventStream', made(4, 300, 100), start + 304);
  race.learn('callback', made(4, 300, 100), start + 310);
  race.learn('poll', made(4, 300, 100), start + 1_800);
  return race;
}

test('stepsOf_aWayThatMissedSnapshots_learnsOfThemWithTheNext', () => {
  assert.deepEqual(record().stepsOf('poll').map(({ madeAt, learntAt }) => [madeAt - start, learntAt - start]), [[100, 250], [200, 250], [300, 1_800]]);
  assert.deepEqual(record().stepsOf('signalR'), []);
});

test('latenessOf_eachWay_isCountedFromWhenTheServerMadeIt', () => {
  const race = record();
  assert.deepEqual(race.latenessOf('eventStream'), { steps: 3, messages: 3, median: 2, worst: 4, end: 4 });
  assert.deepEqual(race.latenessOf('poll'), { steps: 3, messages: 2, median: 150, worst: 1_500, end: 1_500 });
  assert.deepEqual(race.latenessOf('callback'), { steps: 1, messages: 1, median: 10, worst: 10, end: 10 });
  assert.deepEqual(race.latenessOf('longPoll'), { steps: 0, messages: 0 });
});

test('begin_whatEverybodyKnows_isNoStep', () => {
  const race = new RaceRecord();
  race.begin(made(1, 0), start);
  race.learn('poll', made(1, 0), start + 20);
  assert.deepEqual([race.stepsOf('poll'), race.ended, race.endedAt], [[], false, undefined]);
});

test('ahead_clocksThatMayAgree_isNothing', () => {
  const clock = new ClockBounds();
  clock.asked(1_000, 1_010);
  clock.heard(1_050, 1_045);
  assert.deepEqual([clock.ahead, clock.doubt], [0, { less: 5, more: 11 }]);
});

test('ahead_clocksThatCannotAgree_isTheLeastThatIsPossible', () => {
  const ahead = new ClockBounds();
  ahead.asked(1_000, 4_010);
  ahead.heard(1_050, 4_040);
  assert.deepEqual([ahead.ahead, ahead.doubt], [2_990, { less: 0, more: 21 }]);
  const behind = new ClockBounds();
  behind.asked(5_000, 1_010);
  behind.heard(5_050, 1_045);
  assert.deepEqual([behind.ahead, behind.doubt], [-3_989, { less: 16, more: 0 }]);
});

test('latenessOf_aServerWithAnotherClock_isNeverNegative', () => {
  const race = new RaceRecord();
  race.begin(made(1, 0), start - 60_010);
  race.learn('signalR', made(2, 100), start - 59_890);
  race.learn('poll', made(2, 100), start - 59_000);
  assert.deepEqual([race.latenessOf('signalR').median, race.latenessOf('poll').median], [0, 890]);
});

test('lines_soonAndLate_areTwoPaths', () => {
  const axis = { from: 0, to: 10_000, width: 100 };
  assert.deepEqual(lines([{ madeAt: 1_000, learntAt: 1_100 }, { madeAt: 2_000, learntAt: 5_000 }], axis, 8, 48), { soon: 'M10 8L11 48', late: 'M20 8L50 48' });
  assert.equal(dots([5_000, 5_000, 6_000], axis, 4), 'M50 4h0M60 4h0');
  assert.deepEqual([x(axis, -500), x(axis, 99_000)], [0, 100]);
});

test('axisLength_aLongWaitForTheEnd_growsInSteps', () => {
  assert.equal(axisLength(15_000, 3_000), axisLength(15_000, 16_000));
  const later = [17_000, 18_000, 19_000].map(elapsed => axisLength(15_000, elapsed));
  assert.equal(new Set(later).size, 1);
  assert.ok(later[0]! >= 19_000);
});

test('fetch_eachAnswer_isCountedWithHeadAndBody', async t => {
  t.mock.method(globalThis, 'fetch', async () => new Response('twelve bytes', { status: 200, statusText: 'OK', headers: { etag: 'W/"1"' } }));
  const traffic = new Traffic();
  assert.equal(await (await traffic.fetch('/')).text(), 'twelve bytes');
  assert.equal(traffic.requests, 1);
  // HTTP/1.1 200 OK, content-type: text/plain;charset=UTF-8, etag: W/"1"
  assert.equal(traffic.bytes, 17 + 40 + 13 + 2 + 12);
});

test('fetch_anAnswerWithoutBody_isCounted', async t => {
  t.mock.method(globalThis, 'fetch', async () => new Response(null, { status: 304 }));
  const traffic = new Traffic();
  assert.equal((await traffic.fetch('/')).status, 304);
  assert.deepEqual([traffic.requests, traffic.bytes], [1, headSize({ status: 304, statusText: '', headers: new Headers() })]);
});

test('hubMessageSize_anItem_isItsRecordInAFrame', () => {
  assert.equal(hubMessageSize(1), '{"type":2,"invocationId":"0","item":1}'.length + 1 + 2);
  assert.equal(hubMessageSize('ü'.repeat(100)), '{"type":2,"invocationId":"0","item":""}'.length + 200 + 1 + 4);
});

test('verdict_aRace_comparesTheQuickestAndTheSlowest', () => {
  const outcome = { steps: 60, messages: 60, bytes: 0 };
  const outcomes = [
    { way: 'poll', requests: 8, median: 1_400, end: 880, ...outcome },
    { way: 'longPoll', requests: 62, median: 9, end: 100, ...outcome },
    { way: 'eventStream', requests: 1, median: 4, end: 5, ...outcome },
    { way: 'callback', requests: 2, median: 12, end: 12, ...outcome },
  ] as const;
  assert.equal(verdict(outcomes), 'Server-sent events learnt of a step after 4 ms with 1 request, poll after 1.4 s with 8. Long poll took 62 requests to learn of it after 9 ms. The callback came 12 ms after the end, and nobody had to ask.');
  assert.equal(verdict([]), '');
  assert.equal(spoken({ ...outcomes[0], messages: 8 }), 'Poll: 60 steps learnt in 8 messages, half of them within 1.4 s. The end learnt after 880 ms.');
  assert.equal(spoken(outcomes[3]), 'Callback: The end learnt after 12 ms.');
});
