import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperationType } from '../src/ui/api/shapes.js';
import { faultsOf } from '../src/ui/submit/faults.js';
import { at, isObject, JsonNumber, pointerOf, put, unfinished, Unfinished, write } from '../src/ui/submit/json.js';
import { isoDuration, optionNamed, readOptions } from '../src/ui/submit/options.js';
import { parse } from '../src/ui/submit/parse.js';
import { fieldOf, fits, initial, type Schema } from '../src/ui/submit/schema.js';
import { Speed } from '../src/ui/submit/speed.js';
import { fileTypes, mediaTypeOf, Naming, submissionOf, takesJson } from '../src/ui/submit/submission.js';

test('parse_anyJson_isWrittenAsItWas', () => {
  const text = '{"big":12345678901234567890,"money":1.50,"exp":-1e+9,"text":"a \\"b\\" \\u05e9 \\\\","none":null,"yes":true,"list":[[],{},"",0],"__proto__":{"a":1},"":2}';
  const written = write(parse(text));
  assert.equal(written.replace(/\n\s*/g, '').replaceAll('": ', '":'), text.replace('\\u05e9', 'ש'));
  assert.equal(write(parse(written)), written);
});

test('parse_noJson_saysWhere', () => {
  for (const [text, where] of [['{"a": 1,}', 'column 9'], ['{"a" 1}', 'column 6'], ['[1\n2]', 'line 2, column 1'], ['', 'too early'], ['{"a":1} x', 'one value'], ['"open', 'does not end'], ['01', '01 is not'], ['{"a":1,"a":2}', 'two members'], ["{'a':1}", 'name'], ['"a\nb"', 'line break'], ['nul', 'nul is not'], ['[', 'too early']] as const) {
    assert.throws(() => parse(text), (error: Error) => error instanceof SyntaxError && error.message.includes(where), text);
  }
});

test('put_anywhere_changesThatPlaceOnly', () => {
  const before = parse('{"a":{"b":[1,2,3]},"c":1.0}');
  const after = put(before, ['a', 'b', '1'], undefined);
  assert.equal(write(after!).replace(/\s/g, ''), '{"a":{"b":[1,3]},"c":1.0}');
  assert.equal(write(before).replace(/\s/g, ''), '{"a":{"b":[1,2,3]},"c":1.0}');
  assert.equal(write(put(undefined, ['x', 'y'], true)!).replace(/\s/g, ''), '{"x":{"y":true}}');
  assert.equal(at(after, ['a', 'b', '7']), undefined);
  assert.equal(pointerOf(['a/b', 'c~d']), '/a~1b/c~0d');
});

test('unfinished_typedButNotTaken_isNamedAndKept', () => {
  const value = put(parse('{"n":1}'), ['n'], new Unfinished('12a', 'must be a number'))!;
  assert.deepEqual(unfinished(value), [{ path: ['n'], fault: 'must be a number' }]);
  assert.match(write(value), /"n": 12a/);
});

const schema: Schema = {
  type: 'object',
  required: ['count', 'place', 'list', 'flag'],
  properties: {
    count: { type: 'integer', minimum: -2147483648, maximum: 2147483647, description: 'How many.' },
    share: { type: ['number', 'null'], minimum: 0, maximum: 1 },
    level: { enum: ['low', 'high', null] },
    flag: { type: 'boolean' },
    when: { type: 'string', format: 'date-time' },
    place: { type: 'object', required: ['city'], properties: { city: { type: 'string', minLength: 1, maxLength: 80 }, country: { type: 'string', default: 'CH' } } },
    list: { type: 'array', items: { $ref: '#/properties/place' }, maxItems: 5 },
    extra: { anyOf: [{ $ref: '#/properties/place' }, { type: 'null' }] },
    shape: { anyOf: [{ type: 'object' }, { type: 'string' }] },
    labels: { type: ['object', 'null'], additionalProperties: { type: ['string', 'null'] } },
    anything: {},
  },
};

test('fieldOf_whatTheServerEmits_hasAControl', () => {
  const root = fieldOf(schema, schema);
  const fields = Object.fromEntries(root.members.map(member => [member.name, fieldOf(member.schema, schema)]));
  assert.deepEqual(Object.entries(fields).map(([name, { kind, nullable }]) => `${name}:${kind}${nullable ? '?' : ''}`), ['count:number', 'share:number?', 'level:choice?', 'flag:boolean', 'when:text', 'place:object', 'list:list', 'extra:object?', 'shape:any', 'labels:object?', 'anything:any']);
  assert.deepEqual(root.members.filter(({ required }) => required).map(({ name }) => name), ['count', 'flag', 'place', 'list']);
  assert.equal(fields['count']!.hint, 'How many.');
  assert.equal(fields['share']!.hint, '0 to 1.');
  assert.equal(fields['list']!.hint, 'At most 5 items.');
  assert.equal(fieldOf(fields['list']!.items, schema).kind, 'object');
  assert.equal(root.others, undefined);
  assert.notEqual(fields['labels']!.others, undefined);
});

test('initial_requiredAndDefaults_areThere', () => {
  assert.equal(write(initial(schema, schema, true)!).replace(/\s/g, ''), '{"place":{"country":"CH"},"list":[]}');
});

test('fieldOf_schemaThatRefersToItself_isFollowedNoFurtherThanShown', () => {
  const tree: Schema = { type: 'object', properties: { children: { type: 'array', items: { $ref: '#' } }, next: { anyOf: [{ $ref: '#' }, { type: 'null' }] } } };
  assert.equal(fieldOf(fieldOf(tree, tree).members[1]!.schema, tree).kind, 'object');
  assert.equal(fieldOf({ $ref: '#/properties/loop' }, { properties: { loop: { $ref: '#/properties/loop' } } }).kind, 'any');
  assert.equal(isObject(initial(tree, tree, true)), true);
});

test('fits_valueOfAnotherKind_isLeftToTheJsonField', () => {
  const number = fieldOf({ type: 'integer' }, true);
  assert.deepEqual([new JsonNumber('1'), 'x', null, undefined, true].map(value => fits(number, value)), [true, false, true, true, false]);
});

test('options_asTyped_becomeTheQuery', () => {
  const { id, query } = readOptions(parse('{"id":" mine ","tags":{"team":"maps & more"},"webhook":"mailbox:a","delay":"10 min","ttl":"7 d","notBefore":""}'));
  assert.equal(id, 'mine');
  assert.equal(query.toString(), 'tag.team=maps+%26+more&webhook=mailbox%3Aa&delay=PT10M&ttl=P7D');
  assert.deepEqual(['90s', '1.5 h', 'PT5M', 'soon', '2 sec'].map(isoDuration), ['PT90S', 'PT1.5H', 'PT5M', 'soon', 'PT2S']);
  assert.deepEqual(["'delay' must be", 'The id is malformed', "The tag 'x' is malformed", 'Too many'].map(optionNamed), ['delay', 'id', 'tags', undefined]);
});

test('faultsOf_pointers_goToTheInnermostControl', () => {
  const controls = new Set(['input/steps', 'input/place', 'input/place/city', 'options/webhook']);
  const errors = [{ pointer: '/place/street/name', detail: 'is unknown' }, { pointer: '/steps', detail: 'is required' }, { pointer: '/webhook', detail: 'must be' }, { pointer: '', detail: 'is odd' }];
  assert.deepEqual(faultsOf({ status: 400, errors }, controls), [
    { id: 'input/steps', place: 'steps', detail: 'is required' },
    { id: 'input/place', place: 'place / street / name', detail: '/street/name is unknown' },
    { id: 'options/webhook', place: 'webhook', detail: 'must be' },
    { id: undefined, place: 'The input', detail: 'is odd' },
  ]);
  assert.deepEqual(faultsOf({ status: 503 }, controls), []);
  assert.deepEqual(faultsOf({ status: 400, detail: "'ttl' must be a duration" }, controls), [{ id: 'options/ttl', place: 'ttl', detail: "'ttl' must be a duration" }]);
});

const csv: OperationType = { name: 'csv.profile', mediaTypes: ['text/csv'] };

test('submission_triedAgain_keepsItsIdUntilSomethingChanges', () => {
  const naming = new Naming();
  const first = submissionOf(csv, undefined, 'a', naming).call.path;
  assert.equal(submissionOf(csv, undefined, 'b', naming).call.path, first, 'Nothing was sent yet.');
  naming.tried(csv.name, '', 'b');
  assert.equal(submissionOf(csv, undefined, 'b', naming).call.path, first);
  assert.notEqual(submissionOf(csv, undefined, 'c', naming).call.path, first);
  assert.equal(submissionOf(csv, parse('{"id":"mine"}'), 'd', naming).call.path, '/operations/csv.profile/mine');
});

test('mediaTypeOf_whateverTheSystemCallsIt_isOneThatIsTaken', () => {
  assert.equal(mediaTypeOf(new Blob([], { type: 'application/vnd.ms-excel' }), ['text/csv']), 'text/csv');
  assert.equal(mediaTypeOf(new Blob([], { type: 'image/png' }), ['image/*']), 'image/png');
  assert.equal(mediaTypeOf(new Blob([]), ['*/*']), 'application/octet-stream');
  assert.deepEqual([csv, { name: 'a', mediaTypes: ['application/json'] }, { name: 'b', mediaTypes: ['application/geo+json', 'text/csv'] }].map(type => [takesJson(type), fileTypes(type).length]), [[false, 1], [true, 0], [true, 1]]);
});

test('speed_lastSeconds_areWhatCounts', () => {
  const speed = new Speed();
  assert.equal(speed.add(0, 0), undefined);
  assert.equal(speed.add(1_000, 1_000), 1_000);
  for (let at = 2_000; at <= 10_000; at += 1_000) {
    speed.add(1_000 + (at - 1_000) * 5, at);
  }

  assert.equal(speed.add(51_000, 11_000), 5_000);
});
