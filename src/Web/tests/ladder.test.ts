import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { ProblemError } from '../src/client/index.js';
import { Ladder, snapshots } from '../src/client/ladder.js';
import { TransportFailure, type Target, type TransportName } from '../src/client/transport.js';
import { FakeTransport } from './fakeTransport.js';
import { status } from './statuses.js';

const target = {} as Target;
let sse: FakeTransport;
let longpoll: FakeTransport;
let poll: FakeTransport;
let delivered: number[];
let used: (TransportName | undefined)[];
let finish: AbortController;
let finished: Promise<void>;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  mock.method(Math, 'random', () => 0.5);
});

afterEach(async () => {
  finish.abort();
  await finished.catch(() => undefined);
  mock.timers.reset();
  mock.restoreAll();
});

function start(course = snapshots): void {
  [sse, longpoll, poll] = [new FakeTransport('sse'), new FakeTransport('longpoll'), new FakeTransport('poll')];
  [delivered, used, finish] = [[], [], new AbortController()];
  const watcher = {
    get version() {
      return delivered.at(-1);
    },
    deliver: (of: { version: number }) => delivered.push(of.version),
    use: (transport: TransportName | undefined) => used.push(transport),
    trouble: () => undefined,
  };
  finished = new Ladder([sse, longpoll, poll], target, watcher, finish.signal, course).run();
}

/** Lets the time pass in small steps, and everything that waits for it run. */
async function pass(ms: number): Promise<void> {
  await settle();
  for (let passed = 0; passed < ms; passed += 100) {
    mock.timers.tick(100);
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await Promise.resolve();
  }
}

test('run_finalSnapshot_resolvesAndClosesTheTransport', async () => {
  start();
  sse.newest.attempt.deliver(status(1, 100));
  await finished;
  assert.ok(sse.newest.attempt.signal.aborted);
  assert.deepEqual(used, ['sse']);
});

test('run_nothingComes_fallsToTheNextWithinThreeSeconds', async () => {
  start();
  await pass(2_600);
  assert.ok(sse.newest.attempt.signal.aborted);
  assert.equal(longpoll.opened.length, 1);
});

test('run_refused_fallsAtOnce', async () => {
  start();
  sse.newest.fail(new TransportFailure('refused', 'no'));
  await pass(100);
  longpoll.newest.fail(new TransportFailure('refused', 'no'));
  await pass(100);
  poll.newest.attempt.deliver(status(1));
  await settle();
  assert.equal(used.at(-1), 'poll');
});

test('run_gone_rejects', async () => {
  start();
  sse.newest.fail(new ProblemError({ status: 410 }));
  await assert.rejects(finished, { name: 'ProblemError', status: 410 });
});

test('run_plainGetRefused_rejectsWithItsProblem', async () => {
  start();
  const problem = new ProblemError({ status: 400 });
  for (const transport of [sse, longpoll, poll]) {
    transport.newest.fail(new TransportFailure('refused', 'no', problem));
    await pass(100);
  }

  await assert.rejects(finished, problem);
});

test('run_closedWithoutTheEnd_comesBackWithTheVersionItHas', async () => {
  start();
  sse.newest.attempt.deliver(status(7));
  sse.newest.close();
  await pass(600);
  assert.equal(sse.opened.length, 2);
  assert.equal(sse.newest.attempt.known, 7);
  assert.equal(used.at(-1), undefined);
  sse.newest.attempt.alive();
  await settle();
  assert.equal(used.at(-1), 'sse');
});

test('run_serverOutOfReach_triesEverMoreRarelyAndWithoutEnd', async () => {
  start();
  const out = (): TransportFailure => new TransportFailure('unreachable', 'out');
  sse.newest.fail(out());
  await pass(100);
  longpoll.newest.fail(out());
  await pass(100);
  for (let failures = 0; failures < 12; failures++) {
    poll.newest.fail(out());
    const bound = Math.min(30_000, 1_000 * 2 ** failures);
    await pass(bound / 2 - 100);
    assert.equal(poll.opened.length, failures + 1);
    await pass(200);
    assert.equal(poll.opened.length, failures + 2);
  }
});

test('run_serverSaysWhen_isObeyed', async () => {
  start();
  sse.newest.fail(new TransportFailure('unreachable', 'busy', undefined, 5_000));
  await pass(4_900);
  assert.equal(longpoll.opened.length, 0);
  await pass(200);
  assert.equal(longpoll.opened.length, 1);
});

test('run_betterTransportWorksAgain_climbsWithoutAGap', async () => {
  start();
  sse.newest.fail(new TransportFailure('refused', 'no'));
  await pass(100);
  longpoll.newest.attempt.deliver(status(3));
  await pass(11_000);
  longpoll.newest.attempt.deliver(status(4));
  await pass(500);
  assert.equal(sse.opened.length, 2);
  assert.equal(sse.newest.attempt.known, undefined, 'the climber has to show the newest snapshot');
  assert.equal(longpoll.newest.attempt.signal.aborted, false, 'the old one stays until then');
  sse.newest.attempt.deliver(status(4));
  await settle();
  assert.ok(longpoll.newest.attempt.signal.aborted);
  assert.deepEqual(used.filter((name, index) => name !== used[index - 1]), ['longpoll', 'sse']);
});

test('run_resumingCourseClimbs_goesOnFromOneSideOnly', async () => {
  start({ ...snapshots, resumes: true });
  sse.newest.fail(new TransportFailure('refused', 'no'));
  await pass(100);
  longpoll.newest.attempt.deliver(status(3));
  await pass(11_500);
  assert.equal(sse.newest.attempt.known, 3, 'the climber has to reach the position');
  longpoll.newest.attempt.deliver(status(4));
  sse.newest.attempt.deliver(status(5));
  await settle();
  assert.ok(longpoll.newest.attempt.signal.aborted);
  assert.equal(sse.opened.length, 3);
  assert.equal(sse.newest.attempt.known, 4, 'what the trial brought comes again');
  assert.deepEqual(delivered, [3, 4]);
  sse.newest.attempt.deliver(status(5));
  assert.deepEqual(delivered, [3, 4, 5]);
});

test('run_climbFails_isTriedEverMoreRarely', async () => {
  start();
  sse.newest.fail(new TransportFailure('refused', 'no'));
  await pass(100);
  longpoll.newest.attempt.deliver(status(3));
  await pass(120_000);
  // After 11, 23 and 45 s more, and each shows nothing for 2.5 s: the next would come after 90.
  assert.equal(sse.opened.length, 4);
  assert.equal(longpoll.opened.length, 1);
});

test('run_aborted_rejectsWithTheReason', async () => {
  start();
  finish.abort('enough');
  await assert.rejects(finished, reason => reason === 'enough');
  assert.ok(sse.newest.attempt.signal.aborted);
});
