import type { OperationState, Status } from '../../client/index.js';

/** Which operations the board shows. It stands in the address, so that it can be shared. */
export interface Filter {
  /** All of these words, in the id, the type, a tag or the last message. */
  text: string;
  type: string;
  state: OperationState | '';
  /** A tag's name, or name=value. */
  tag: string;
}

export const everything: Filter = { text: '', type: '', state: '', tag: '' };

const names = ['text', 'type', 'state', 'tag'] as const;

export function filterOf(query: URLSearchParams): Filter {
  return Object.fromEntries(names.map(name => [name, query.get(name) ?? ''])) as unknown as Filter;
}

export function queryOf(filter: Filter): URLSearchParams {
  return new URLSearchParams(names.filter(name => filter[name]).map(name => [name, filter[name]]));
}

export const isEverything = (filter: Filter): boolean => names.every(name => !filter[name]);

/** The test that a filter is. */
export function matching({ text, type, state, tag }: Filter): (status: Status) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const [name = '', value] = tag.split(/=(.*)/s);
  return status => (!type || status.type === type)
    && (!state || status.state === state)
    && (!name || (value === undefined ? status.tags?.[name] !== undefined : status.tags?.[name] === value))
    && (words.length === 0 || contains(status, words));
}

function contains({ id, type, tags = {}, message = '' }: Status, words: readonly string[]): boolean {
  const all = [id, type, message, ...Object.entries(tags).flat()].join('\n').toLowerCase();
  return words.every(word => all.includes(word));
}
