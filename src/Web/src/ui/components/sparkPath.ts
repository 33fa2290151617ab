/** The paths of a small curve from zero in a box of that size. Where there is no value, its neighbours are joined. */
export function sparkPath(values: readonly (number | undefined)[], width: number, height: number): { line: string; area: string } {
  const top = Math.max(...values.map(value => value ?? 0), Number.MIN_VALUE);
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const points = values.flatMap((value, index) => (value === undefined ? [] : [{ x: round(index * step), y: round(1 + (height - 2) * (1 - value / top)) }]));
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) {
    return { line: '', area: '' };
  }

  const path = points.map(({ x, y }) => `${x} ${y}`).join('L');
  return { line: `M${path}${points.length === 1 ? 'h.01' : ''}`, area: `M${first.x} ${height}L${path}L${last.x} ${height}Z` };
}

const round = (value: number): number => Math.round(value * 100) / 100;
