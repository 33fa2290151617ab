import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listDeliveries, readMailbox, redeliverAll } from '../src/ui/api/callbacks.js';
import { hrefs, routeOf } from '../src/ui/app/routes.js';
import { attemptWords, lastAttempt, operationName } from '../src/ui/callbacks/deliveryWords.js';
import { blank, changeOf, faultsByField, fieldsOf, wishOf } from '../src/ui/callbacks/subscriptionForm.js';

test('wishOf_whatIsLeftEmpty_isLeftOut', () => {
  assert.deepEqual(wishOf({ ...blank, webhook: ' mailbox:orders ' }), { webhook: 'mailbox:orders', events: 'completed' });
  assert.deepEqual(wishOf({ ...blank, webhook: 'x', types: ['a'], states: ['failed'], tags: ' team = maps \n\nurl=a=b\nalone' }), {
    webhook: 'x', events: 'completed', types: ['a'], states: ['failed'], tags: { team: 'maps', url: 'a=b', alone: '' },
  });
});

test('changeOf_whatWasTakenOut_isNull', () => {
  assert.deepEqual(changeOf(blank), { events: 'completed', types: null, states: null, tags: null, expiresAt: null });
});

test('fieldsOf_aSubscription_becomesItselfAgain', () => {
  const one = { webhook: 'https://x.example/', types: ['a'], states: ['failed' as const], tags: { team: 'maps', מ: 'ש' }, events: 'changes' as const, expiresAt: '2031-05-06T07:08:00.000Z' };
  assert.deepEqual(wishOf(fieldsOf({ ...one, uri: 'u', id: 'i', state: 'active', createdAt: '2026-01-01T00:00:00.000Z' })), one);
});

test('faultsByField_anyPointer_standsAtItsFieldOrBesideAll', () => {
  const { at, others } = faultsByField([
    { pointer: '/webhook', detail: 'no URI' }, { pointer: '/types/0', detail: 'unknown' }, { pointer: '/types/2', detail: 'unknown' }, { pointer: '/other', detail: 'odd' }, { pointer: '', detail: 'whole' },
  ]);
  assert.deepEqual(at, { webhook: 'no URI', types: '0: unknown; 2: unknown' });
  assert.deepEqual(others.map(({ pointer }) => pointer), ['/other', '']);
});

test('attemptWords_anyTry_saysHowItWent', () => {
  const at = '2026-01-01T00:00:00.000Z';
  assert.equal(attemptWords({ at, status: 204, durationMs: 12 }), 'HTTP 204 · 12 ms');
  assert.equal(attemptWords({ at, status: 500, durationMs: 12, error: 'status' }), 'HTTP 500 · not taken · 12 ms');
  assert.equal(attemptWords({ at, durationMs: 15_000, error: 'timedOut' }), 'no answer in time · 15 s');
  assert.equal(attemptWords({ at, durationMs: 1, error: 'newOne' }), 'newOne · 1 ms');
  assert.equal(lastAttempt({ attempts: [], webhook: 'mailbox:a', state: 'pending' }), 'waits in its mailbox');
});

test('operationName_statusUris_areRead', () => {
  assert.deepEqual(operationName('https://x.example/base/operations/demo.steps/a%7Eb'), { type: 'demo.steps', id: 'a~b' });
  assert.equal(operationName(''), undefined);
});

test('calls_callbacks_nameWhatTheyDo', () => {
  assert.equal(listDeliveries({ state: '', subscription: 'a b', pageSize: 50 }).query?.toString(), 'subscription=a+b&pageSize=50');
  assert.equal(redeliverAll({ state: 'dead' }).query?.toString(), 'state=dead');
  assert.deepEqual(readMailbox('a', { visibility: 30, pageSize: 5, wait: 25 }).headers, { prefer: 'wait=25' });
});

test('routeOf_callbacks_areSections', () => {
  assert.deepEqual([hrefs.subscriptions, `${hrefs.deliveries}/`, hrefs.mailboxes, hrefs.mailbox('a~b')].map(routeOf), [
    { page: 'callbacks', section: 'subscriptions' }, { page: 'callbacks', section: 'deliveries' }, { page: 'callbacks', section: 'mailboxes' }, { page: 'callbacks', section: 'mailboxes', mailbox: 'a~b' },
  ]);
  assert.equal(hrefs.deliveriesOf({ subscription: 'x' }), '/ui/callbacks/deliveries?subscription=x');
});
