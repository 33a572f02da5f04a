// The hours of a local day: 23, 24 or 25 of them; the one that comes twice is a and b.
import { clock } from "../lib/times";

export interface Hour {
  at: number;
  hour: number;
  label: string;
}

const QUARTER = 900;

/** The instants in [start, end) at which an hour of the local clock begins. */
export function hoursOf(start: number, end: number, zone: string): Hour[] {
  const found: Hour[] = [];
  for (let at = start; at < end; at += QUARTER) {
    const [hour, minute] = clock(at * 1000, zone).split(":");
    if (minute === "00") found.push({ at, hour: Number(hour), label: hour! });
  }
  for (const one of found) {
    const twins = found.filter((other) => other.hour === one.hour);
    if (twins.length > 1) one.label += "ab"[twins.indexOf(one)];
  }
  return found;
}

/** The time of day; the end of the day is 24:00. */
export function clockIn(day: { end: number; timezone: string }, at: number): string {
  return at >= day.end ? "24:00" : clock(at * 1000, day.timezone);
}

const MOST_LINES = 5;
const LEAST_PEAK = 900;

/** Round steps, so that `peak` W fits below few lines. */
export function axis(peak: number): { tick: number; most: number } {
  const most = Math.max(peak, LEAST_PEAK);
  const decade = 10 ** Math.floor(Math.log10(most / MOST_LINES));
  const tick = [1, 2, 5, 10].map((factor) => factor * decade).find((one) => most <= one * MOST_LINES) ?? 10 * decade;
  return { tick, most: tick * Math.ceil(most / tick) };
}
