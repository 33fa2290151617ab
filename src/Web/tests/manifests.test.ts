import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path: string): { dependencies: Record<string, string> } =>
  JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) as { dependencies: Record<string, string> };

test('manifests_clientAndWorkshop_agreeOnTheDependencies', () => {
  assert.deepEqual(read('src/client/package.json').dependencies, read('package.json').dependencies);
});

test('lockFile_anywhere_namesNoDownloadAddress', () => {
  assert.doesNotMatch(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8'), /"resolved"/);
});
