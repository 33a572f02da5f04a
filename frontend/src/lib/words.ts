// What the taps are called: in the API, in texts and style sheet, and the patterns of where power goes.
import { type Status, live } from "../api/live.svelte";
import type { SiteNow } from "../api/types";

export const SOURCES = ["sun", "store", "grid"] as const;
export const SINKS = ["house", "car", "store", "grid"] as const;
export type Source = (typeof SOURCES)[number];
export type Sink = (typeof SINKS)[number];
export type Tap = Source | Sink;

export const API: Record<Tap, "pv" | "battery" | "grid" | "load" | "wallbox"> = {
  sun: "pv", store: "battery", grid: "grid", house: "load", car: "wallbox",
};
export const PATTERN: Record<Sink, string | null> = { house: null, car: "p-car", store: "p-store", grid: "p-grid" };
/** W: below it nothing is going on. */
export const DEAD_BAND: Record<Tap, number> = { sun: 20, house: 0, car: 20, store: 20, grid: 30 };

/** The power of a tap in W; 0 for one that the site does not have, null for unknown. */
export function power(site: SiteNow, tap: Tap): number | null {
  const one = site[API[tap]];
  return one === null ? 0 : one.power;
}

/** The state of what a tap shows; the server's word for it, or worse while there is no stream. */
export function status(site: SiteNow, tap: Tap): Status {
  return live.status(site[API[tap]]?.status ?? "ok");
}

export function flow(site: SiteNow, source: Source, sink: Sink): number {
  return site.flows?.[API[source]]?.[API[sink]] ?? 0;
}

export function given(site: SiteNow, source: Source): number {
  return Math.max(power(site, source) ?? 0, 0);
}

export function taken(site: SiteNow, sink: Sink): number {
  const watts = power(site, sink) ?? 0;
  return Math.max(sink === "store" || sink === "grid" ? -watts : watts, 0);
}

/** The text key of what a tap does. */
export function state(tap: Tap, watts: number | null): string {
  if (watts === null) return "unknown";
  if (tap === "house") return "house.uses";
  if (Math.abs(watts) <= DEAD_BAND[tap]) return `${tap}.rests`;
  return tap === "car" || watts < 0 ? `${tap}.takes` : `${tap}.gives`;
}
