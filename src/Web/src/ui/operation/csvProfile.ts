export interface Column {
  name: string;
  type: 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'text';
  count: number;
  empty: number;
  distinct: number;
  distinctEstimated: boolean;
  min?: string | number;
  max?: string | number;
  mean?: number;
  standardDeviation?: number;
  quantiles?: Quantiles;
  top: { value: string; count: number }[];
}

export type Quantiles = Record<'p01' | 'p05' | 'p25' | 'p50' | 'p75' | 'p95' | 'p99', number>;

export interface CsvProfile {
  rows: number;
  badRows: { count: number; first: { line: number; reason: string }[] };
  delimiter: string;
  encoding: string;
  columns: Column[];
}

export function isCsvProfile(value: unknown): value is CsvProfile {
  const { rows, badRows, columns } = (value ?? {}) as Partial<CsvProfile>;
  return typeof rows === 'number' && typeof badRows === 'object' && Array.isArray(columns) && columns.every(column => typeof column?.name === 'string' && Array.isArray(column.top));
}

/** Where a number stands between the 1st and the 99th percentile: what lies outside would press everything else together. */
export function scaleOf({ p01, p99 }: Quantiles): (value: number) => number {
  const width = p99 - p01;
  return value => (width > 0 ? Math.min(1, Math.max(0, (value - p01) / width)) : .5);
}

const masses = [['p01', 'p05', 4], ['p05', 'p25', 20], ['p25', 'p50', 25], ['p50', 'p75', 25], ['p75', 'p95', 20], ['p95', 'p99', 4]] as const;

/**
 * The heights (0 to 1) of a histogram of so many bars. Where the most frequent values are all there are, it is exact; else between two
 * quantiles the values are taken to lie evenly.
 */
export function histogram({ quantiles, top, distinct, distinctEstimated }: Column, bars: number): number[] {
  const sums = new Array<number>(bars).fill(0);
  if (!quantiles) {
    return sums;
  }

  const scale = scaleOf(quantiles);
  const barOf = (place: number): number => Math.min(bars - 1, Math.floor(place * bars));
  if (distinct <= top.length && !distinctEstimated) {
    top.forEach(({ value, count }) => sums[barOf(scale(Number(value)))]! += count);
  } else {
    for (const [low, high, mass] of masses) {
      spread(sums, scale(quantiles[low]) * bars, scale(quantiles[high]) * bars, mass);
    }
  }

  const highest = Math.max(...sums, Number.MIN_VALUE);
  return sums.map(sum => sum / highest);
}

function spread(sums: number[], from: number, to: number, mass: number): void {
  const [first, last] = [Math.min(sums.length - 1, Math.floor(from)), Math.min(sums.length - 1, Math.floor(to))];
  for (let bar = first; bar <= last; bar++) {
    const part = to > from ? Math.max(0, Math.min(bar + 1, to) - Math.max(bar, from)) / (to - from) : 1;
    sums[bar]! += mass * part;
  }
}

/** The most frequent values with their parts of all; none when no value stands out. */
export function frequent({ top, count }: Column, most: number): { value: string; count: number; part: number }[] {
  const parts = top.slice(0, most).map(({ value, count: times }) => ({ value, count: times, part: count > 0 ? times / count : 0 }));
  return (parts[0]?.part ?? 0) >= .02 ? parts : [];
}
