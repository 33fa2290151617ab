import type { Group } from './boardView.js';

/** What a group takes of the board: the line of its head, and of as many operations. */
export interface Section {
  group: Group;
  count: number;
  /** How many of them have a line: none while the group is closed. */
  lines: number;
  open: boolean;
  /** The number of its head among all lines. */
  first: number;
}

export interface Heights {
  head: number;
  row: number;
}

/** Which operations of each section are drawn: those that are seen, and some around them. */
export function drawn(sections: readonly Section[], scrollTop: number, height: number, heights: Heights, around = 4): { from: number; to: number }[] {
  let top = 0;
  return sections.map(({ lines }) => {
    const start = top + heights.head;
    top = start + lines * heights.row;
    const from = Math.floor((scrollTop - start) / heights.row) - around;
    const to = Math.ceil((scrollTop + height - start) / heights.row) + around;
    return { from: Math.max(0, Math.min(lines, from)), to: Math.max(0, Math.min(lines, to)) };
  });
}

/** Where to scroll so that the line is seen, below the head that stays at the top, with the least movement. */
export function scrollFor(line: number, sections: readonly Section[], scrollTop: number, height: number, heights: Heights): number {
  const before = sections.filter(({ first }) => first < line).length;
  const isHead = sections.some(({ first }) => first === line);
  const top = before * heights.head + (line - before) * heights.row;
  const bottom = top + (isHead ? heights.head : heights.row);
  const covered = isHead ? 0 : heights.head;
  return top - covered < scrollTop ? top - covered : bottom > scrollTop + height ? bottom - height : scrollTop;
}
