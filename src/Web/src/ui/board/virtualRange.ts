/** Which lines are drawn: those that are seen, and some around them. */
export function virtualRange(scrollTop: number, height: number, rowHeight: number, count: number, around = 6): { from: number; to: number } {
  const from = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight)) - around);
  return { from, to: Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + around) };
}

/** Where to scroll so that the line is seen, with the least movement. */
export function scrollFor(index: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = index * rowHeight;
  return top < scrollTop ? top : top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
