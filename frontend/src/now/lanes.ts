// Where the ribbons of the bus picture run: pure geometry.  Ribbons of one source never cross: the far consumer takes
// the outer lane.  The sun's lanes lie on top, those of battery and grid below.
import { SINKS, SOURCES, type Sink, type Source } from "../lib/words";

/** The fixed places of a drawing. */
export interface Plan {
  name: "wide" | "narrow";
  width: number;
  height: number;
  sky: { x: number; y: number; rx: number; ry: number };
  sunRadius: number;
  busY: number;
  nodeY: number;
  radius: number;
  margin: number;
  widest: number;
}

export const PLANS: Plan[] = [
  {
    name: "wide", width: 780, height: 476, sky: { x: 390, y: 222, rx: 268, ry: 172 },
    sunRadius: 23, busY: 248, nodeY: 348, radius: 36, margin: 97, widest: 48,
  },
  {
    name: "narrow", width: 358, height: 350, sky: { x: 179, y: 152, rx: 130, ry: 104 },
    sunRadius: 17, busY: 172, nodeY: 240, radius: 26, margin: 43, widest: 27,
  },
];

export interface Point {
  x: number;
  y: number;
}

export interface Ribbon {
  source: Source;
  sink: Sink;
  watts: number;
  width: number;
  path: string;
  head: string;
}

interface Strand extends Pick<Ribbon, "source" | "sink" | "watts" | "width"> {
  start: number;
  lane: number;
  end: number;
  corner: number;
}

/** W that fill the widest ribbon at least: a standby load is a thread, whatever the day was. */
const LEAST_SCALE = 3000;
const THINNEST = 3.2;
const GAP = 3;
const CORNER = 10;

export function columns(plan: Plan, sinks: readonly Sink[]): Map<Sink, number> {
  const step = (plan.width - 2 * plan.margin) / Math.max(sinks.length - 1, 1);
  return new Map(sinks.map((name, index) => [name, plan.margin + step * index]));
}

/** Lay out the flows that are above their dead-band; `peak` W fill the widest ribbon. */
export function ribbons(
  flow: (source: Source, sink: Sink) => number, plan: Plan, places: Map<Sink, number>, sun: Point, peak: number,
  deadBand: Record<Source, number>,
): Ribbon[] {
  const all = SOURCES.reduce((sum, source) => sum + SINKS.reduce((one, sink) => one + flow(source, sink), 0), 0);
  const scale = plan.widest / Math.max(LEAST_SCALE, peak, all);
  const strands: Strand[] = SOURCES.flatMap((source) =>
    SINKS.filter((sink) => places.has(sink) && flow(source, sink) > deadBand[source]).map((sink) => {
      const watts = flow(source, sink);
      return { source, sink, watts, width: Math.max(watts * scale, THINNEST), start: 0, lane: 0, end: 0, corner: 0 };
    }));
  const at = (name: Source | Sink) => (name === "sun" ? sun.x : places.get(name as Sink)!);
  for (const source of SOURCES) {
    // Side by side in the order of the consumers; what climbs from below has the far one on the outer side.
    const turn = source === "sun" ? 1 : -1;
    const mine = strands.filter((one) => one.source === source).sort((a, b) => turn * (at(a.sink) - at(b.sink)));
    sideBySide(mine, at(source), (one, x) => (one.start = x));
  }
  for (const sink of places.keys()) {
    const here = strands.filter((one) => one.sink === sink).sort((a, b) => at(a.source) - at(b.source));
    sideBySide(here, at(sink), (one, x) => (one.end = x));
  }
  stackLanes(strands, plan.busY);
  const order = { grid: 0, store: 1, sun: 2 };
  return strands.sort((a, b) => order[a.source] - order[b.source]).map((one) => drawn(one, plan, sun));
}

function sideBySide(strands: Strand[], middle: number, put: (one: Strand, x: number) => void): void {
  let at = middle - (sum(strands) - GAP) / 2;
  for (const one of strands) {
    put(one, at + one.width / 2);
    at += one.width + GAP;
  }
}

function sum(strands: Strand[]): number {
  return strands.reduce((total, one) => total + one.width + GAP, 0);
}

/** Give each strand its height on the bus, the far consumers on top, and concentric corners. */
function stackLanes(strands: Strand[], bus: number): void {
  const of = (source: Source) => strands.filter((one) => one.source === source);
  const left = of("sun").filter((one) => one.end < one.start);
  const right = of("sun").filter((one) => one.end >= one.start);
  const above = Math.max(sum(left), sum(right));
  let top = bus - (above + sum(of("store")) + sum(of("grid")) - GAP) / 2;
  const stack = (chosen: Strand[], from: number): number => {
    let place = from;
    let corner = CORNER;
    for (const one of chosen.sort((a, b) => Math.abs(b.end - b.start) - Math.abs(a.end - a.start))) {
      one.lane = place + one.width / 2;
      one.corner = corner + one.width / 2;
      place += one.width + GAP;
      corner += one.width + GAP;
    }
    return place;
  };
  stack(left, top + (above - sum(left)) / 2);
  stack(right, top + (above - sum(right)) / 2);
  top += above;
  // What climbs turns outwards: its outer lane has the wide corner, so the radii run the other way round.
  for (const source of ["store", "grid"] as const) {
    const mine = of(source);
    top = stack(mine, top);
    const inner = mine.at(-1);
    if (inner) for (const one of mine) one.corner = CORNER + inner.width / 2 + (inner.lane - one.lane);
  }
}

function drawn(one: Strand, plan: Plan, sun: Point): Ribbon {
  const bottom = plan.nodeY - plan.radius - 4;
  const half = one.width / 2 + 4;
  const neck = bottom - Math.min(8 + one.width * 0.4, 18);
  const head = `M${n(one.end - half)} ${n(neck)}H${n(one.end + half)}L${n(one.end)} ${n(bottom)}z`;
  const { source, sink, watts, width } = one;
  return { source, sink, watts, width, head, path: path(one, plan, sun, neck + 0.5) };
}

/** From its source to the bus, along its lane, and off to the consumer. */
function path(one: Strand, plan: Plan, sun: Point, neck: number): string {
  const across = Math.abs(one.end - one.start);
  const right = one.end > one.start;
  const fromSun = one.source === "sun";
  const down = Math.max(neck - one.lane, 0);
  const sharp = Math.min(CORNER + one.width / 2, down, across / 2);
  const first = Math.min(one.corner, across - sharp);
  const top = fromSun
    ? Math.min(sun.y + plan.sunRadius + 7, one.lane - first)
    : plan.nodeY - plan.radius - 4;
  if (across < 1) return `M${n(one.start)} ${n(top)}V${n(neck)}`;
  const rise = fromSun ? -first : first;
  // Coming down, a turn to the right runs against the clock; climbing, with it.
  const sweep = fromSun === right ? 0 : 1;
  const away = right ? 1 : -1;
  return (
    `M${n(one.start)} ${n(top)}V${n(one.lane + rise)}` +
    `A${n(first)} ${n(first)} 0 0 ${sweep} ${n(one.start + away * first)} ${n(one.lane)}` +
    `H${n(one.end - away * sharp)}` +
    `A${n(sharp)} ${n(sharp)} 0 0 ${right ? 1 : 0} ${n(one.end)} ${n(one.lane + sharp)}V${n(neck)}`
  );
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
