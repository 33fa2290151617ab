/** A number as it is written: 1.50 and 12345678901234567890 stay what they are. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What somebody has typed into a field that does not take it. It is written as it stands, so that it is never lost. */
export class Unfinished {
  readonly text: string;
  readonly fault: string;

  constructor(text: string, fault: string) {
    this.text = text;
    this.fault = fault;
  }
}

/** A JSON value that keeps what JavaScript's own would lose. It is never changed, only replaced. */
export type Json = string | boolean | null | JsonNumber | Unfinished | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;
export type Path = readonly string[];

export const numberPattern = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

export const isObject = (json: Json | undefined): json is JsonObject => json instanceof Map;
export const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);
export const pointerOf = (path: Path): string => path.map(part => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

export function write(json: Json, indent = ''): string {
  const inner = `${indent}  `;
  if (isObject(json)) {
    const members = [...json].map(([name, value]) => `${inner}${JSON.stringify(name)}: ${write(value, inner)}`);
    return members.length > 0 ? `{\n${members.join(',\n')}\n${indent}}` : '{}';
  }

  if (isList(json)) {
    return json.length > 0 ? `[\n${json.map(item => inner + write(item, inner)).join(',\n')}\n${indent}]` : '[]';
  }

  return json instanceof JsonNumber || json instanceof Unfinished ? json.text : JSON.stringify(json);
}

/** The value at a path; none when there is no such place. */
export function at(json: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((place, part) => (isObject(place) ? place.get(part) : isList(place) ? place[Number(part)] : undefined), json);
}

/** The same with another value at that path, or with none. */
export function put(json: Json | undefined, [part, ...rest]: Path, value: Json | undefined): Json | undefined {
  if (part === undefined) {
    return value;
  }

  if (isList(json)) {
    return json.flatMap((item, index) => {
      const changed = index === Number(part) ? put(item, rest, value) : item;
      return changed === undefined ? [] : [changed];
    });
  }

  const members = new Map(isObject(json) ? json : []);
  const changed = put(members.get(part), rest, value);
  if (changed === undefined) {
    members.delete(part);
  } else {
    members.set(part, changed);
  }

  return members;
}

/** What has been typed but cannot be sent, with its place. */
export function unfinished(json: Json | undefined, path: Path = []): { path: Path; fault: string }[] {
  if (json instanceof Unfinished) {
    return [{ path, fault: json.fault }];
  }

  const members: [string, Json][] = isObject(json) ? [...json] : isList(json) ? json.map((item, index) => [String(index), item]) : [];
  return members.flatMap(([part, value]) => unfinished(value, [...path, part]));
}
