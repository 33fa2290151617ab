import type { Status } from '../src/client/index.js';

/** A snapshot of that version; the final one when the progress is 100. */
export function status(version: number, progress = 0): Status {
  return {
    uri: 'http://gateway.example/operations/demo.steps/a',
    progress,
    ...progress === 100 ? { status: 0 } : {},
    state: progress === 100 ? 'succeeded' : 'running',
    type: 'demo.steps',
    id: 'a',
    version,
    attempt: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  };
}
