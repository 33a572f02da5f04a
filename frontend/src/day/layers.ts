// The stack of a day: from the axis up first what was used, by origin, then what was left over.  The ink line is
// consumption: below it is how it was covered, above it is surplus.
import type { Day, Series } from "../api/types";
import { runs } from "../lib/runs";
import type { Source } from "../lib/words";

export interface Layer {
  hue: Source;
  pattern: "p-car" | "p-store" | "p-grid" | null;
  flows: readonly string[];
  text: string;
}

/** In stacking order.  Colour says where from, pattern says where to. */
export const LAYERS: readonly Layer[] = [
  { hue: "sun", pattern: null, flows: ["pv_load"], text: "day.sun.house" },
  { hue: "sun", pattern: "p-car", flows: ["pv_wallbox"], text: "day.sun.car" },
  { hue: "store", pattern: null, flows: ["battery_load", "battery_wallbox"], text: "day.store" },
  { hue: "grid", pattern: null, flows: ["grid_load", "grid_wallbox"], text: "day.grid" },
  { hue: "sun", pattern: "p-store", flows: ["pv_battery"], text: "day.sun.store" },
  { hue: "sun", pattern: "p-grid", flows: ["pv_grid"], text: "day.sun.grid" },
  { hue: "grid", pattern: "p-store", flows: ["grid_battery"], text: "day.grid.store" },
  { hue: "store", pattern: "p-grid", flows: ["battery_grid"], text: "day.store.grid" },
];

export type Column = (number | null)[];

/** What the picture is made of; all columns have one value per point of `t` (s since 1970). */
export interface Stack {
  t: number[];
  layers: { layer: Layer; roof: Column }[];
  use: Column;
  soc: Column;
  /** Spans of which nothing is known, in s. */
  gaps: [number, number][];
  peak: number;
}

/** W: what never exceeds this is a sliver that needs no line in the legend. */
const NEWS = 20;
const VISIBLE = 1;

export function stack(day: Day): Stack {
  const { series } = day;
  const known = series.load.map((_, index) => complete(series, index));
  const places = points(day, known);
  const pick = (values: Column): Column => places.map(({ index }) => values[index] ?? null);
  const blank = (values: Column): Column => values.map((value, index) => (known[index] ? value : null));
  const use = blank(series.load.map((load, index) => (load ?? 0) + (series.wallbox?.[index] ?? 0)));
  let floor: number[] = series.load.map(() => 0);
  const layers: Stack["layers"] = [];
  for (const layer of LAYERS) {
    const heights = floor.map((_, index) => layer.flows.reduce((sum, flow) => sum + (series.split[flow]?.[index] ?? 0), 0));
    const roof = floor.map((low, index) => low + heights[index]!);
    const seen = widened(heights.map((height) => height > VISIBLE));
    if (heights.some((height) => height > NEWS))
      layers.push({ layer, roof: pick(blank(roof.map((value, index) => (seen[index] ? value : null)))) });
    floor = roof;
  }
  const peak = Math.max(0, ...floor, ...use.map((value) => value ?? 0));
  return { t: places.map(({ at }) => at), layers, use: pick(use), soc: pick(series.soc), gaps: gaps(day, known), peak };
}

function complete(series: Series, index: number): boolean {
  return [series.pv, series.battery, series.grid, series.load, series.wallbox].every((column) => column === null || column[index] != null);
}

/** The middles of the steps, and both sides of every edge of something unknown, so that lines reach to it. */
function points(day: Day, known: boolean[]): { at: number; index: number }[] {
  const { series } = day;
  const out: { at: number; index: number }[] = [];
  const alike = (one: number, other: number) =>
    known[one] === known[other] && (series.soc[one] == null) === (series.soc[other] == null);
  known.forEach((_, index) => {
    const begin = series.start + index * series.step;
    if (index === 0 || !alike(index, index - 1)) out.push({ at: begin, index });
    out.push({ at: Math.min(begin + series.step / 2, day.until), index });
    const end = Math.min(begin + series.step, day.until);
    if (index === known.length - 1 || !alike(index, index + 1)) out.push({ at: end - 1, index });
  });
  return out;
}

/** One point more on either side, so that an area ends in its neighbours' slope. */
function widened(seen: boolean[]): boolean[] {
  return seen.map((one, index) => one || seen[index - 1] === true || seen[index + 1] === true);
}

function gaps(day: Day, known: boolean[]): [number, number][] {
  const { start, step } = day.series;
  const found: [number, number][] = [];
  let from = day.start;
  for (const run of runs(known.map((one) => (one ? 1 : null)))) {
    const begin = start + run.first * step;
    if (begin > from) found.push([from, begin]);
    from = Math.min(start + (run.last + 1) * step, day.until);
  }
  // The poll of this minute may still be on its way.
  if (day.until - from > (day.until === day.end ? 0 : 2 * step)) found.push([from, day.until]);
  return found;
}
