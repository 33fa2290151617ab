import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newOperationId } from '../src/client/index.js';

test('newOperationId_laterTime_sortsLater', () => {
  const ids = [0, 1, 31, 32, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1].map(newOperationId);
  assert.deepEqual([...ids].sort(), ids);
  assert.match(ids[0]!, /^0{10}[0-9a-hjkmnp-tv-z]{16}$/);
  assert.equal(new Set(Array.from({ length: 1_000 }, () => newOperationId(0))).size, 1_000);
});
