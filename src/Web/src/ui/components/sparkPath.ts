/** The paths of a small curve in a box of that size. */
export function sparkPath(values: readonly (number | undefined)[], width: number, height: number): { line: string; area: string } {
  const top = Math.max(...values.map(value => value ?? 0), Number.MIN_VALUE);
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const room = height - 2;
  let [line, area] = ['', ''];
  for (let from = 0; from < values.length; from++) {
    if (values[from] === undefined) {
      continue;
    }

    let to = from;
    const points: string[] = [];
    for (; to < values.length && values[to] !== undefined; to++) {
      points.push(`${round(to * step)} ${round(1 + room * (1 - values[to]! / top))}`);
    }

    line += `M${points.join('L')}${points.length === 1 ? 'h.01' : ''}`;
    area += `M${round(from * step)} ${height}L${points.join('L')}L${round((to - 1) * step)} ${height}Z`;
    from = to;
  }

  return { line, area };
}

const round = (value: number): number => Math.round(value * 100) / 100;
