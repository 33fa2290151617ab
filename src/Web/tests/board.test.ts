import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperationState, Status } from '../src/client/index.js';
import { BoardView } from '../src/ui/board/boardView.js';
import { everything, filterOf, matching, queryOf } from '../src/ui/board/filter.js';
import { drawn, scrollFor } from '../src/ui/board/layout.js';
import { OperationStore, type Change } from '../src/ui/live/operationStore.js';
import { median, Pace } from '../src/ui/live/pace.js';

function operation(id: string, state: OperationState, version = 1, more: Partial<Status> = {}): Status {
  const ended = ['succeeded', 'failed', 'canceled'].includes(state);
  return {
    uri: `http://gateway.example/operations/demo.steps/${id}`, type: 'demo.steps', id, state, version, progress: ended ? 100 : 0, attempt: 1,
    createdAt: `2026-01-01T00:00:0${id.charCodeAt(0) % 10}.000Z`, updatedAt: '2026-01-01T00:00:00.000Z', ...ended ? { endedAt: '2026-01-01T00:00:09.000Z' } : {}, ...more,
  };
}

function lines(view: BoardView): string[] {
  return Array.from({ length: view.length }, (_, index) => {
    const row = view.row(index)!;
    return row.status ? row.status.id : `${row.group} ${row.count}`;
  });
}

function storeWithView(): { store: OperationStore; view: BoardView; told: (readonly Change[])[]; flush: () => void } {
  let flush = (): void => undefined;
  const store = new OperationStore(tell => {
    flush = tell;
  });
  const view = new BoardView();
  const told: (readonly Change[])[] = [];
  store.listen(changes => {
    told.push(changes);
    view.apply(changes, () => store.all());
  });
  return { store, view, told, flush: () => flush() };
}

test('store_manyChangesInAFrame_tellsTheNewestOfEachOnce', () => {
  const { store, told, flush } = storeWithView();
  store.put(operation('a', 'queued', 1));
  store.put(operation('a', 'running', 3));
  store.put(operation('a', 'running', 2));
  store.put(operation('b', 'queued', 1));
  flush();
  assert.deepEqual(told.map(changes => changes.map(({ after }) => [after!.id, after!.version])), [[['a', 3], ['b', 1]]]);
});

test('store_goneBeforeItWasTold_isNeverTold', () => {
  const { store, told, flush } = storeWithView();
  store.put(operation('a', 'queued'));
  store.remove(operation('a', 'queued').uri);
  flush();
  assert.deepEqual(told, []);
});

test('store_inDoubt_showsWhatItKnewUntilAllIsToldAnew', () => {
  const { store, view, flush } = storeWithView();
  ['a', 'b', 'c'].forEach(id => store.put(operation(id, 'running', 5)));
  flush();
  store.doubt();
  store.put(operation('a', 'queued', 1));
  store.put(operation('b', 'running', 5));
  store.put(operation('b', 'running', 4));
  flush();
  assert.deepEqual(lines(view), ['running 2', 'c', 'b', 'queued 1', 'a']);
  store.settle();
  flush();
  assert.deepEqual(lines(view), ['running 1', 'b', 'queued 1', 'a']);
});

test('view_changes_movesBetweenTheGroupsInOrder', () => {
  const { store, view, flush } = storeWithView();
  ['c', 'a', 'b'].forEach(id => store.put(operation(id, 'queued')));
  store.put(operation('d', 'running'));
  flush();
  assert.deepEqual(lines(view), ['running 1', 'd', 'queued 3', ...['d', 'a', 'b', 'c'].filter(id => id !== 'd').sort((x, y) => x.charCodeAt(0) % 10 - y.charCodeAt(0) % 10)]);
  store.put(operation('a', 'running', 2));
  store.put(operation('d', 'succeeded', 2));
  flush();
  assert.deepEqual(lines(view), ['running 1', 'a', 'queued 2', 'b', 'c', 'ended 1', 'd']);
  store.remove(operation('a', 'running').uri);
  flush();
  assert.deepEqual(lines(view), ['queued 2', 'b', 'c', 'ended 1', 'd']);
});

test('view_manyAtOnce_isWhatOneByOneWouldBe', () => {
  const [bulk, single] = [storeWithView(), storeWithView()];
  for (let i = 0; i < 1_500; i++) {
    const status = operation(`n${i}`, (['queued', 'running', 'succeeded'] as const)[i % 3]!, 1, { createdAt: new Date(i * 7_919 % 1_000 * 1_000).toISOString() });
    bulk.store.put(status);
    single.store.put(status);
    single.flush();
  }

  bulk.flush();
  assert.equal(bulk.view.total, 1_500);
  assert.deepEqual(lines(bulk.view), lines(single.view));
});

test('view_closedGroup_keepsItsHead', () => {
  const { store, view, flush } = storeWithView();
  store.put(operation('a', 'running'));
  store.put(operation('b', 'queued'));
  flush();
  view.toggle('running');
  assert.deepEqual(lines(view), ['running 1', 'queued 1', 'b']);
  assert.equal(view.indexOf(operation('a', 'running')), -1);
  assert.equal(view.indexOf(operation('b', 'queued')), 2);
  assert.equal(view.indexOf('queued'), 1);
});

test('view_filteredByState_followsWhatComesAndGoes', () => {
  const { store, view, flush } = storeWithView();
  view.reset([], { ...everything, state: 'running' });
  store.put(operation('a', 'queued'));
  flush();
  assert.deepEqual(lines(view), []);
  store.put(operation('a', 'running', 2));
  flush();
  assert.deepEqual(lines(view), ['running 1', 'a']);
  store.put(operation('a', 'failed', 3));
  flush();
  assert.deepEqual(lines(view), []);
});

test('filter_anyQuery_roundTrips', () => {
  const filter = { text: 'maps & more', type: 'csv.profile', state: 'failed', tag: 'team=a=b' } as const;
  assert.deepEqual(filterOf(new URLSearchParams(queryOf(filter).toString())), filter);
  assert.equal(queryOf(everything).toString(), '');
});

test('matching_textAndTags_findsAllWordsAnywhere', () => {
  const status = operation('Report-7', 'failed', 1, { tags: { team: 'maps', eq: 'a=b' }, message: 'No header line.' });
  const found = (filter: Partial<typeof everything>): boolean => matching({ ...everything, ...filter })(status);
  assert.ok(found({ text: 'report HEADER' }) && found({ text: 'maps' }) && found({ tag: 'team' }) && found({ tag: 'team=maps' }) && found({ tag: 'eq=a=b' }));
  assert.ok(!found({ text: 'report footer' }) && !found({ tag: 'team=' }) && !found({ tag: 'owner' }) && !found({ type: 'csv.profile' }));
});

test('drawn_anyPlace_coversWhatIsSeenOfEachGroup', () => {
  const heights = { head: 40, row: 50 };
  const sections = [
    { group: 'running', count: 20, lines: 20, open: true, first: 0 } as const,
    { group: 'queued', count: 7, lines: 0, open: false, first: 21 } as const,
    { group: 'ended', count: 5_000, lines: 5_000, open: true, first: 22 } as const,
  ];
  assert.deepEqual(drawn(sections, 0, 500, heights), [{ from: 0, to: 14 }, { from: 0, to: 0 }, { from: 0, to: 0 }]);
  assert.deepEqual(drawn(sections, 900, 500, heights), [{ from: 13, to: 20 }, { from: 0, to: 0 }, { from: 0, to: 10 }]);
  assert.deepEqual(drawn(sections, 99_999_999, 500, heights)[2], { from: 5_000, to: 5_000 });
  assert.deepEqual([0, 21, 22].map(head => scrollFor(head, sections, 500, 500, heights)), [0, 580, 620]);
  assert.deepEqual([1, 14, 30].map(line => scrollFor(line, sections, 500, 500, heights)), [0, 500, 1_020]);
});

test('pace_ends_areCountedInTheSlotOfTheirTime', () => {
  const pace = new Pace();
  [100, 300, 200].forEach(took => pace.add(10_500, took));
  const { rate, latency } = pace.series(12_100);
  assert.deepEqual([rate.at(-1), latency.at(-1), rate.at(-2), latency.at(-2)], [1.5, 200, 0, undefined]);
  assert.equal(pace.series(1_000_000).rate.reduce((sum, value) => sum + value), 0);
  assert.equal(median([]), undefined);
});
