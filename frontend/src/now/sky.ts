// The sun's path between sunrise and sunset: an ellipse that is also a clock.
import { clock } from "../lib/times";
import type { Plan, Point } from "./lanes";

const HOUR = 3_600_000;

export interface Tick {
  path: string;
  label: string;
  at: Point;
}

export interface Sky {
  /** Share of the way, 0 at sunrise, 1 at sunset. */
  way: number;
  up: boolean;
  sun: Point;
  past: string;
  whole: string;
  ticks: Tick[];
}

export function sky(plan: Plan, rise: number, set: number, now: number, zone: string): Sky {
  const way = Math.min(Math.max((now - rise) / (set - rise), 0), 1);
  const { x, y, rx, ry } = plan.sky;
  const start = place(plan, 0);
  const sun = place(plan, way);
  const arc = (end: Point) => `M${n(start.x)} ${n(start.y)}A${rx} ${ry} 0 0 1 ${n(end.x)} ${n(end.y)}`;
  return {
    way, sun, up: now > rise && now < set, past: way > 0 ? arc(sun) : "", whole: arc({ x: x + rx, y }),
    ticks: ticks(plan, rise, set, sun, zone),
  };
}

function place(plan: Plan, way: number, out = 0): Point {
  const turn = Math.PI * way;
  return {
    x: plan.sky.x - (plan.sky.rx + out) * Math.cos(turn),
    y: plan.sky.y - (plan.sky.ry + out) * Math.sin(turn),
  };
}

/** Full hours, every third with its number where neither the sun nor an end of the path is in the way. */
function ticks(plan: Plan, rise: number, set: number, sun: Point, zone: string): Tick[] {
  const out: Tick[] = [];
  const wide = plan.name === "wide";
  const room = wide ? 46 : 32;
  for (let at = Math.ceil(rise / HOUR) * HOUR; at < set; at += HOUR) {
    const way = (at - rise) / (set - rise);
    const hour = Number(clock(at, zone).slice(0, 2));
    const third = hour % 3 === 0;
    const from = place(plan, way, wide ? 5 : 4);
    const to = place(plan, way, (wide ? 9 : 7) + (third ? 3 : 0));
    const text = place(plan, way, wide ? 24 : 17);
    const middle = { x: text.x, y: text.y + 4 };
    const free =
      Math.hypot(middle.x - sun.x, middle.y - sun.y) > room &&
      !(Math.abs(middle.y - sun.y - 12) < 34 && inLabel(plan, sun, middle.x)) &&
      plan.sky.y - middle.y > (wide ? 30 : 24);
    out.push({
      path: `M${n(from.x)} ${n(from.y)}L${n(to.x)} ${n(to.y)}`,
      label: third && free ? String(hour) : "",
      at: middle,
    });
  }
  return out;
}

/** Which side of the sun its figure stands on: the one with room. */
export function leftOf(plan: Plan, sun: Point): boolean {
  return sun.x > plan.sky.x + plan.sky.rx * 0.45;
}

function inLabel(plan: Plan, sun: Point, x: number): boolean {
  const far = plan.sunRadius + (plan.name === "wide" ? 110 : 90);
  return leftOf(plan, sun) ? x < sun.x && x > sun.x - far : x > sun.x && x < sun.x + far;
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
