import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summary } from '../src/ui/race/summary.js';
import { Tracks } from '../src/ui/race/tracks.js';

/** The server's clock is an hour and some off the page's. */
const status = (version: number, ms: number, progress = 50): { version: number; updatedAt: string; progress: number } => ({ version, updatedAt: new Date(Date.UTC(2026, 0, 1) + ms).toISOString(), progress });

function race(): Tracks {
  const tracks = new Tracks(1);
  for (const [version, ms] of [[2, 0], [3, 100], [4, 200]] as const) {
    tracks.learn('sse', status(version, ms), 1_005 + ms);
  }

  tracks.learn('poll', status(2, 0), 1_020);
  tracks.learn('poll', status(4, 200), 1_300);
  for (const [way, late] of [['sse', 5], ['poll', 700], ['callback', 30]] as const) {
    tracks.learn(way, status(5, 300, 100), 1_300 + late);
  }

  return tracks;
}

test('lateness_clocksThatDiffer_isAgainstTheQuickestMessage', () => {
  assert.deepEqual(race().lateness('sse'), [0, 0, 0, 0]);
  assert.deepEqual(race().changes, [1_005, 1_105, 1_205, 1_305]);
});

test('lateness_passedOver_countsUntilTheNext', () => {
  const tracks = race();
  assert.deepEqual(tracks.lateness('poll'), [15, 195, 95, 695]);
  assert.equal(tracks.medianLateness('poll'), 195);
  assert.deepEqual(tracks.marks('poll'), [{ at: 1_020, since: 1_005, final: false }, { at: 1_300, since: 1_105, final: false }, { at: 2_000, since: 1_305, final: true }]);
});

test('lateness_callback_isThatOfTheEnd', () => {
  const tracks = race();
  assert.deepEqual([tracks.lateness('callback'), tracks.endLateness('callback'), tracks.endedAt], [[25], 25, 1_305]);
  assert.deepEqual(tracks.marks('callback'), [{ at: 1_330, since: 1_305, final: true }]);
  assert.equal(tracks.endLateness('signalr'), undefined);
});

test('learn_whatIsKnown_isNothingNew', () => {
  const tracks = race();
  tracks.learn('poll', status(1, -50), 900);
  tracks.learn('poll', status(5, 300, 100), 3_000);
  assert.equal(tracks.marks('poll').length, 3);
});

test('summary_whatIsMissing_isNotSpokenOf', () => {
  const none = { requests: 0, median: undefined, end: undefined };
  assert.equal(summary(5_000, 27, { poll: { requests: 5, median: 700, end: 460 }, longpoll: none, sse: none, signalr: none, callback: { requests: 1, median: 30, end: 30 } }),
    'The operation took 5.0 s and changed 27 times. Polling, as often as the server suggests, took 5 requests, was 700 ms behind and learnt the end 460 ms late. The callback told only the end, 30 ms after it.');
});
