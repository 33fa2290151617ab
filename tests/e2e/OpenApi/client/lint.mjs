// node lint.mjs DOCUMENT: the faults of an OpenAPI document, a line each.
import { readFile } from 'node:fs/promises';
import { createConfig, lintFromString } from '@redocly/openapi-core';

const config = await createConfig({ extends: ['recommended-strict'] });
const faults = await lintFromString({ source: await readFile(process.argv[2], 'utf8'), absoluteRef: '/v1.json', config });
for (const { ruleId, message, location } of faults) {
  console.log(`${ruleId}: ${message} (${location[0]?.pointer})`);
}
