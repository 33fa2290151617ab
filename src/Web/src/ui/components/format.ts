/** How long, in the two largest units: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min, 3 d 4 h. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 1) {
    return `${Math.round(Math.max(0, ms))} ms`;
  }

  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }

  const whole = Math.round(seconds);
  for (const [unit, size, below, part] of [['d', 86_400, 'h', 3_600], ['h', 3_600, 'min', 60], ['min', 60, 's', 1]] as const) {
    if (whole >= size) {
      const rest = Math.floor(whole % size / part);
      return rest ? `${Math.floor(whole / size)} ${unit} ${rest} ${below}` : `${Math.floor(whole / size)} ${unit}`;
    }
  }

  return `${whole} s`;
}

/** How long, in one unit: for narrow columns. */
export function shortly(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  for (const [unit, size] of [['d', 86_400], ['h', 3_600], ['min', 60]] as const) {
    if (seconds >= size) {
      return `${Math.floor(seconds / size)} ${unit}`;
    }
  }

  return `${Math.floor(seconds)} s`;
}

const numbers = new Intl.NumberFormat('en');
export const count = (value: number): string => numbers.format(value);

/** 1.2 KB, as people read it. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  return power === 0 ? `${value} B` : `${(value / 1_000 ** power).toFixed(1)} ${'KMGT'[power - 1]}B`;
}
