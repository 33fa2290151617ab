import { JsonNumber, Unfinished, isList, isObject, type Json } from './json.js';
import { parse } from './parse.js';

/** A JSON Schema as it was read. */
export type Schema = boolean | { readonly [keyword: string]: unknown };

/** What a form makes of a schema. What it has no control for is `any`: a JSON value. */
export interface Field {
  kind: 'text' | 'number' | 'boolean' | 'choice' | 'object' | 'list' | 'any';
  nullable: boolean;
  /** Instead of its name. */
  title: string | undefined;
  /** The description, and the limits in words. */
  hint: string;
  format: string | undefined;
  /** Whether a text may have several lines. */
  long: boolean;
  /** The choices. */
  values: readonly Json[];
  members: readonly { name: string; schema: Schema; required: boolean }[];
  /** Members that the schema does not name: theirs; undefined when there may be none. */
  others: Schema | undefined;
  items: Schema;
}

type Keywords = Record<string, unknown>;

const kinds: Record<string, Field['kind']> = { string: 'text', number: 'number', integer: 'number', boolean: 'boolean', object: 'object', array: 'list' };
const examples: Record<string, string> = { time: 'such as 12:30:00', timespan: 'such as 00:05:00', duration: 'such as PT5M', uuid: 'such as 3f2504e0-4f89-11d3-9a0c-0305e82c3301', version: 'such as 1.2.3', char: 'one character' };
/** Limits that only say how a number is stored. */
const largest = 2 ** 31 - 1;
/** A text that may be longer gets several lines. */
const oneLine = 200;

export function fieldOf(schema: Schema, root: Schema): Field {
  const { keywords, nullable: optional } = resolve(schema, root);
  const types = [keywords['type'] ?? []].flat() as string[];
  const others = types.filter(type => type !== 'null');
  const values = Array.isArray(keywords['enum']) ? (keywords['enum'] as unknown[]).map(fromPlain) : [];
  const complex = ['anyOf', 'oneOf', 'allOf', 'not', '$ref'].some(name => name in keywords);
  const kind = complex ? 'any' : values.length > 0 ? 'choice' : others.length === 1 ? kinds[others[0]!] ?? 'any' : 'any';
  const properties = (keywords['properties'] ?? {}) as Record<string, Schema>;
  const required = new Set(keywords['required'] as string[] | undefined);
  const additional = keywords['additionalProperties'] as Schema | undefined;
  const format = keywords['format'] as string | undefined;
  return {
    kind,
    nullable: optional || types.includes('null') || values.includes(null),
    title: keywords['title'] as string | undefined,
    hint: [keywords['description'], limits(keywords, format)].filter(Boolean).join(' '),
    format,
    long: format === undefined && Number(keywords['maxLength'] ?? Infinity) > oneLine && keywords['pattern'] === undefined,
    values: values.filter(value => value !== null),
    members: Object.entries(properties).map(([name, member]) => ({ name, schema: member, required: required.has(name) })),
    others: additional === false ? undefined : additional ?? (Object.keys(properties).length > 0 ? undefined : true),
    items: (keywords['items'] ?? true) as Schema,
  };
}

/** What a form begins with: defaults, and whatever must be there and can be empty. */
export function initial(schema: Schema, root: Schema, required: boolean): Json | undefined {
  const { keywords } = resolve(schema, root);
  if (keywords['default'] !== undefined && keywords['default'] !== null) {
    return fromPlain(keywords['default']);
  }

  const field = fieldOf(schema, root);
  if (!required || field.nullable) {
    return undefined;
  }

  if (field.kind === 'list') {
    return [];
  }

  const members = field.members.flatMap(({ name, schema: member, required: needed }) => {
    const value = initial(member, root, needed);
    return value === undefined ? [] : [[name, value] as const];
  });
  return field.kind === 'object' ? new Map(members) : undefined;
}

/** Whether the field's control can show the value: else it is shown as JSON, and stays what it is. */
export function fits({ kind, values }: Field, value: Json | undefined): boolean {
  if (value === undefined || value === null) {
    return true;
  }

  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return value instanceof JsonNumber || value instanceof Unfinished;
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return values.some(choice => sameScalar(choice, value));
    case 'object':
      return isObject(value);
    case 'list':
      return isList(value);
    case 'any':
      return true;
  }
}

export const sameScalar = (a: Json, b: Json): boolean => a === b || (a instanceof JsonNumber && b instanceof JsonNumber && a.text === b.text);
export const fromPlain = (value: unknown): Json => parse(JSON.stringify(value));

/** Follows references within the document, and takes "this or null" for what it is. */
function resolve(schema: Schema, root: Schema, hops = 0): { keywords: Keywords; nullable: boolean } {
  if (typeof schema === 'boolean') {
    return { keywords: {}, nullable: false };
  }

  const { $ref, anyOf, ...beside } = schema as Keywords & { $ref?: string; anyOf?: Schema[] };
  const target = $ref?.startsWith('#') && hops < 20 ? lookUp(root, $ref) : undefined;
  if (target !== undefined) {
    const { keywords, nullable } = resolve(target, root, hops + 1);
    return { keywords: { ...keywords, ...beside }, nullable };
  }

  const others = anyOf?.filter(one => typeof one === 'boolean' || one['type'] !== 'null');
  if (anyOf && others?.length === 1 && anyOf.length === 2) {
    return { keywords: { ...resolve(others[0]!, root, hops + 1).keywords, ...beside }, nullable: true };
  }

  return { keywords: schema as Keywords, nullable: false };
}

function lookUp(root: Schema, reference: string): Schema | undefined {
  const parts = decodeURIComponent(reference.slice(1)).split('/').slice(1).map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return parts.reduce<unknown>((place, part) => (place as Keywords | undefined)?.[part], root) as Schema | undefined;
}

function limits(keywords: Keywords, format: string | undefined): string {
  const number = (name: string): number | undefined => (typeof keywords[name] === 'number' && Math.abs(keywords[name]) < largest ? keywords[name] : undefined);
  const [low, high] = [number('minimum'), number('maximum')];
  const [above, below] = [number('exclusiveMinimum'), number('exclusiveMaximum')];
  const words = [
    low !== undefined && high !== undefined ? `${say(low)} to ${say(high)}` : low !== undefined ? `${say(low)} or more` : high !== undefined ? `at most ${say(high)}` : '',
    above === undefined ? '' : `more than ${say(above)}`,
    below === undefined ? '' : `less than ${say(below)}`,
    (number('minLength') ?? 0) > 1 ? `at least ${say(number('minLength')!)} characters` : '',
    number('maxLength') === undefined ? '' : `at most ${say(number('maxLength')!)} characters`,
    number('minItems') === undefined ? '' : `at least ${say(number('minItems')!)} items`,
    number('maxItems') === undefined ? '' : `at most ${say(number('maxItems')!)} items`,
    keywords['pattern'] === undefined ? '' : `matching ${String(keywords['pattern']).replace(/^\^\(\?:(.*)\)\$$/s, '$1')}`,
    (format === undefined ? undefined : examples[format]) ?? '',
  ].filter(Boolean).join(', ');
  return words && `${words[0]!.toUpperCase()}${words.slice(1)}.`;
}

const say = (value: number): string => value.toLocaleString('en');
