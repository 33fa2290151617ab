import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { mock, test } from 'node:test';
import { delay, fullJitter, LinkedController, retryAfter } from '../src/client/time.js';

test('fullJitter_anyChance_staysBelowTheDoublingBound', () => {
  mock.method(Math, 'random', () => 0.5);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 2_000].map(failures => fullJitter(failures)), [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  mock.restoreAll();
});

test('retryAfter_secondsDateOrNonsense_isMilliseconds', () => {
  const of = (value: string): number | undefined => retryAfter(new Response(null, { headers: { 'retry-after': value } }));
  assert.equal(of('7'), 7_000);
  assert.equal(of('soon'), undefined);
  assert.equal(of('Thu, 01 Jan 1970 00:00:00 GMT'), 0);
  assert.equal(retryAfter(new Response()), undefined);
});

test('delay_aborted_rejectsWithTheReason', async () => {
  const controller = new AbortController();
  const waiting = delay(60_000, controller.signal);
  controller.abort('enough');
  await assert.rejects(waiting, reason => reason === 'enough');
  await assert.rejects(delay(0, controller.signal), reason => reason === 'enough');
});

test('LinkedController_aborted_followsItsParentAndLeavesNoListener', () => {
  const parent = new AbortController();
  new LinkedController(parent.signal).abort();
  assert.equal(getEventListeners(parent.signal, 'abort').length, 0);
  const child = new LinkedController(parent.signal);
  parent.abort('over');
  assert.equal(child.signal.reason, 'over');
  assert.equal(new LinkedController(parent.signal).signal.reason, 'over');
});
