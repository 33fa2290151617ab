import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStreamParser } from '../src/client/eventStreamParser.js';

const cases: [name: string, stream: string, events: [type: string, data: string][]][] = [
  ['a message', 'data: a\n\n', [['message', 'a']]],
  ['a named event', 'event: heartbeat\ndata: {}\n\n', [['heartbeat', '{}']]],
  ['the name lasts for one event', 'event: x\ndata: a\n\ndata: b\n\n', [['x', 'a'], ['message', 'b']]],
  ['an event without data is none', 'retry: 2000\n\nid: 5\n\nevent: x\n\ndata: a\n\n', [['message', 'a']]],
  ['several lines of data', 'data: a\ndata:\ndata:  b\n\n', [['message', 'a\n\n b']]],
  ['carriage returns', 'data: a\r\rdata: b\r\r', [['message', 'a'], ['message', 'b']]],
  ['carriage returns with line feeds', 'data: a\r\ndata: b\r\n\r\n', [['message', 'a\nb']]],
  ['mixed line ends', 'data: a\r\n\ndata: b\n\r\n', [['message', 'a'], ['message', 'b']]],
  ['comments and unknown fields', ': hello\n:\nfoo: bar\ndata\n\n', [['message', '']]],
  ['an event that is cut off', 'data: a\n\ndata: b\n', [['message', 'a']]],
];

for (const [name, stream, events] of cases) {
  test(`push_${name}_wholeOrByteByByte`, () => {
    for (const pieces of [[stream], [...stream], ['', ...[...stream].flatMap(piece => [piece, ''])]]) {
      const parser = new EventStreamParser();
      const parsed = pieces.flatMap(piece => parser.push(piece)).map(({ type, data }) => [type, data]);
      assert.deepEqual(parsed, events);
    }
  });
}

test('push_ids_lastUntilTheNextAndNoneHoldsANull', () => {
  const events = new EventStreamParser().push('data: a\n\nid: 1\ndata: b\n\ndata: c\n\nid: 2\n\ndata: d\n\nid: 3\0\ndata: e\n\nid\ndata: f\n\n');
  assert.deepEqual(events.map(({ id }) => id), ['', '1', '1', '2', '2', '']);
});
