import { JsonNumber, numberPattern, type Json } from './json.js';

const token = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|([^\s{}[\],:"]+)|$)/y;

/** Parses JSON and keeps its numbers as they are written. Throws a SyntaxError that says where. */
export function parse(text: string): Json {
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  #at = 0;
  #next = '';

  constructor(text: string) {
    this.#text = text;
    this.#advance();
  }

  parse(): Json {
    const value = this.#value();
    return this.#next === '' ? value : this.#fail('one value was expected');
  }

  #value(): Json {
    const word = this.#next;
    if (word === '{') {
      return this.#object();
    }

    if (word === '[') {
      return this.#list();
    }

    this.#advance();
    if (word.startsWith('"')) {
      return this.#string(word);
    }

    if (word === 'true' || word === 'false') {
      return word === 'true';
    }

    return word === 'null' ? null : numberPattern.test(word) ? new JsonNumber(word) : this.#fail(word === '' ? 'it ends too early' : `${word} is not JSON`);
  }

  #object(): Json {
    const members = new Map<string, Json>();
    for (this.#advance(); this.#next !== '}'; this.#separator('}')) {
      const name = this.#next.startsWith('"') ? this.#string(this.#next) : this.#fail("a member's name, in quotes, was expected");
      if (members.has(name)) {
        this.#fail(`there are two members ${JSON.stringify(name)}`);
      }

      this.#advance();
      this.#take(':');
      members.set(name, this.#value());
    }

    this.#advance();
    return members;
  }

  #list(): Json {
    const items: Json[] = [];
    for (this.#advance(); this.#next !== ']'; this.#separator(']')) {
      items.push(this.#value());
    }

    this.#advance();
    return items;
  }

  #separator(end: string): void {
    if (this.#next !== end) {
      this.#take(',');
      if (this.#next === end) {
        this.#fail('there is a comma too many');
      }
    }
  }

  #take(expected: string): void {
    if (this.#next !== expected) {
      this.#fail(`${expected} was expected`);
    }

    this.#advance();
  }

  #string(word: string): string {
    try {
      return JSON.parse(word) as string;
    } catch {
      return this.#fail('a text has a line break or a wrong \\ in it');
    }
  }

  #advance(): void {
    token.lastIndex = this.#at;
    const match = token.exec(this.#text) ?? this.#fail('a text does not end');
    this.#at = token.lastIndex;
    this.#next = match[1] ?? match[2] ?? match[3] ?? '';
  }

  #fail(what: string): never {
    const before = this.#text.slice(0, this.#at - this.#next.length).split('\n');
    throw new SyntaxError(`is not well-formed JSON: ${what} (line ${before.length}, column ${before.at(-1)!.length + 1})`);
  }
}
