// What the energies of a span tell: the rules of web/plain/balance.py (a browser test compares what both print).
import type { Energies, Energy } from "../api/types";

/** The share of the consumption in % that did not come from the grid. */
export function autarky(one: Energies): number | null {
  if (one.load === null || one.import === null) return null;
  const used = one.load + (one.ev ?? 0);
  return used > 0 ? 100 * Math.min(Math.max(1 - one.import / used, 0), 1) : null;
}

/** The latest span of a site. */
export function latest({ buckets }: Energy, site: string): Energies | null {
  return buckets.findLast((one) => site in one.sites)?.sites[site] ?? null;
}
