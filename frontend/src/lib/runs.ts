// Neighbouring points of which something is known: what lines and areas are drawn over.  A gap is a gap.

export interface Run {
  first: number;
  last: number;
}

export function runs(values: readonly (number | null)[]): Run[] {
  const out: Run[] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const open = out.at(-1);
    if (open && open.last === index - 1) open.last = index;
    else out.push({ first: index, last: index });
  });
  return out;
}

/** One decimal is a tenth of a pixel. */
export function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
