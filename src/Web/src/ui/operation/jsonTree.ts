export interface TreeRow {
  /** The JSON Pointer; of a line that shows more, that of its parent with a space. */
  id: string;
  depth: number;
  key: string | number | undefined;
  kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null' | 'more';
  text: string;
  /** Only of what can be opened. */
  open: boolean | undefined;
  position: number;
  siblings: number;
}

/** So many children of one node are shown at first, and more with each wish. */
const batch = 100;
/** So much opens by itself. */
const atFirst = 40;
const longestText = 1_000;

/** A JSON value as lines, of which only those exist that are open. */
export class JsonTree {
  readonly #root: unknown;
  readonly #open = new Set<string>();
  readonly #shown = new Map<string, number>();

  constructor(root: unknown) {
    this.#root = root;
    this.#openFirst();
  }

  rows(): TreeRow[] {
    const rows: TreeRow[] = [];
    this.#add(rows, this.#root, '', undefined, 0, 1, 1);
    return rows;
  }

  toggle({ id, kind, open }: TreeRow): void {
    if (kind === 'more') {
      const parent = id.slice(0, -1);
      this.#shown.set(parent, this.#shownOf(parent) + batch);
    } else if (open) {
      this.#open.delete(id);
    } else if (open === false) {
      this.#open.add(id);
    }
  }

  #shownOf(id: string): number {
    return this.#shown.get(id) ?? batch;
  }

  #add(rows: TreeRow[], value: unknown, id: string, key: string | number | undefined, depth: number, position: number, siblings: number): void {
    const children = childrenOf(value);
    const open = children && children.length > 0 ? this.#open.has(id) : undefined;
    rows.push({ id, depth, key, kind: kindOf(value), text: textOf(value), open, position, siblings });
    if (!children || !open) {
      return;
    }

    const shown = Math.min(children.length, this.#shownOf(id));
    for (let index = 0; index < shown; index++) {
      const [name, child] = children.at(index);
      this.#add(rows, child, `${id}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`, name, depth + 1, index + 1, children.length);
    }

    if (shown < children.length) {
      const text = `${Math.min(batch, children.length - shown)} more of ${(children.length - shown).toLocaleString('en')}`;
      rows.push({ id: `${id} `, depth: depth + 1, key: undefined, kind: 'more', text, open: undefined, position: shown + 1, siblings: children.length });
    }
  }

  /** Level by level, as long as it stays short. */
  #openFirst(): void {
    this.#open.add('');
    for (let level = 1; level < 4; level++) {
      const closed = this.rows().filter(row => row.open === false);
      closed.forEach(({ id }) => this.#open.add(id));
      if (closed.length === 0 || this.rows().length > atFirst) {
        closed.forEach(({ id }) => this.#open.delete(id));
        return;
      }
    }
  }
}

interface Children {
  length: number;
  at(index: number): [string | number, unknown];
}

function childrenOf(value: unknown): Children | undefined {
  if (Array.isArray(value)) {
    return { length: value.length, at: index => [index, value[index]] };
  }

  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value);
    return { length: entries.length, at: index => entries[index]! };
  }

  return undefined;
}

function kindOf(value: unknown): TreeRow['kind'] {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value as TreeRow['kind'];
}

function textOf(value: unknown): string {
  const children = childrenOf(value);
  if (children) {
    const [left, right] = Array.isArray(value) ? '[]' : '{}';
    return children.length === 0 ? `${left}${right}` : `${left}${children.length.toLocaleString('en')}${right}`;
  }

  const text = JSON.stringify(value);
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
