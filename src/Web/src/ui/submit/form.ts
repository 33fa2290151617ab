import { pointerOf, put, type Json, type Path } from './json.js';
import type { Schema } from './schema.js';

/** What is being filled in. */
export class Form {
  /** The ids of its controls are this and the JSON Pointer. */
  readonly prefix: string;
  readonly schema: Schema;
  value: Json | undefined;
  /** What is wrong, by JSON Pointer. */
  faults: ReadonlyMap<string, readonly string[]> = new Map();
  /** Whether what is unfinished is a fault yet: not while it is typed for the first time. */
  checked = false;
  /** The text in fields for any JSON, by id. */
  readonly typed = new Map<string, { value: Json | undefined; text: string }>();
  readonly #changed: (focus: string | undefined) => void;

  /** @param changed Called after each change, with the id of the control that is to have the focus then. */
  constructor(prefix: string, schema: Schema, value: Json | undefined, changed: (focus: string | undefined) => void) {
    this.prefix = prefix;
    this.schema = schema;
    this.value = value;
    this.#changed = changed;
  }

  set(path: Path, value: Json | undefined): void {
    this.value = put(this.value, path, value);
    const pointer = pointerOf(path);
    this.faults = new Map([...this.faults].filter(([at]) => at !== pointer && !pointer.startsWith(`${at}/`)));
    this.#changed(undefined);
  }

  focus(path: Path): void {
    this.#changed(this.prefix + pointerOf(path));
  }
}
