import { isFinal, type Status } from '../../client/index.js';
import type { Change } from '../live/operationStore.js';
import { everything, matching, type Filter } from './filter.js';
import type { Section } from './layout.js';
import { SortedList } from './sortedList.js';

export type Group = 'running' | 'queued' | 'ended';
export const groups: readonly Group[] = ['running', 'queued', 'ended'];

/** What stands in a line of the board: the head of a group, or an operation. */
export type Row = { group: Group; count: number; open: boolean; status?: undefined } | { group: Group; status: Status };

/** So many changes at once are sorted faster than placed one by one. */
const many = 1_000;

/** The operations that a filter lets through, in groups and in order, kept so while they change. */
export class BoardView {
  readonly #lists: Record<Group, SortedList<Status>> = {
    running: new SortedList(by(({ createdAt }) => createdAt, -1)),
    queued: new SortedList(by(({ createdAt }) => createdAt, 1)),
    ended: new SortedList(by(({ endedAt, updatedAt }) => endedAt ?? updatedAt, -1)),
  };

  readonly #closed = new Set<Group>();
  #matches = matching(everything);

  /** Shows what this filter lets through, of all these. */
  reset(all: Iterable<Status>, filter: Filter): void {
    this.#matches = matching(filter);
    this.#sort([...all].filter(this.#matches));
  }

  apply(changes: readonly Change[], all: () => Iterable<Status>): void {
    if (changes.length > many) {
      this.#sort([...all()].filter(this.#matches));
      return;
    }

    for (const { before, after } of changes) {
      const was = before && this.#matches(before) ? before : undefined;
      const is = after && this.#matches(after) ? after : undefined;
      this.#change(was, is);
    }
  }

  count(group: Group): number {
    return this.#lists[group].length;
  }

  /** How many operations. */
  get total(): number {
    return groups.reduce((sum, group) => sum + this.count(group), 0);
  }

  /** The groups that have any. */
  get sections(): Section[] {
    let first = 0;
    return groups.filter(group => this.count(group) > 0).map(group => {
      const section = { group, count: this.count(group), lines: this.#lines(group) - 1, open: !this.#closed.has(group), first };
      first += section.lines + 1;
      return section;
    });
  }

  /** How many lines: an empty group has none. */
  get length(): number {
    return groups.reduce((sum, group) => sum + this.#lines(group), 0);
  }

  row(index: number): Row | undefined {
    let rest = index;
    for (const group of groups) {
      const lines = this.#lines(group);
      if (rest < lines) {
        const status = rest > 0 ? this.#lists[group].at(rest - 1) : undefined;
        return status ? { group, status } : { group, count: this.count(group), open: !this.#closed.has(group) };
      }

      rest -= lines;
    }

    return undefined;
  }

  /** The line of an operation, or of a group's head; -1 when it has none. */
  indexOf(of: Status | Group): number {
    const wanted = typeof of === 'string' ? of : groupOf(of);
    let first = 0;
    for (const group of groups) {
      if (group === wanted) {
        if (typeof of === 'string') {
          return this.count(group) > 0 ? first : -1;
        }

        const index = this.#lists[group].indexOf(of);
        return !this.#closed.has(group) && this.#lists[group].at(index)?.uri === of.uri ? first + 1 + index : -1;
      }

      first += this.#lines(group);
    }

    return -1;
  }

  toggle(group: Group): void {
    if (!this.#closed.delete(group)) {
      this.#closed.add(group);
    }
  }

  #lines(group: Group): number {
    const count = this.count(group);
    return count === 0 ? 0 : this.#closed.has(group) ? 1 : count + 1;
  }

  #change(before: Status | undefined, after: Status | undefined): void {
    const from = before && this.#lists[groupOf(before)];
    const to = after && this.#lists[groupOf(after)];
    if (from && from === to && from.indexOf(before!) === from.indexOf(after!)) {
      from.replace(before!, after!);
      return;
    }

    if (before) {
      from!.remove(before);
    }

    if (after) {
      to!.add(after);
    }
  }

  #sort(statuses: readonly Status[]): void {
    for (const group of groups) {
      this.#lists[group].reset(statuses.filter(status => groupOf(status) === group));
    }
  }
}

export function groupOf(status: Status): Group {
  return isFinal(status) ? 'ended' : status.state === 'queued' ? 'queued' : 'running';
}

function by(key: (status: Status) => string, direction: 1 | -1): (a: Status, b: Status) => number {
  return (a, b) => compare(key(a), key(b)) * direction || compare(a.uri, b.uri);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
