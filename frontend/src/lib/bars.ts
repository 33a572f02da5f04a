// In and out at one scale: the pieces of one colour stand below one another.
import type { SiteNow } from "../api/types";
import { PATTERN, SINKS, SOURCES, type Source, flow, given, taken } from "./words";

export interface Piece {
  hue: Source;
  pattern: string | null;
  x: number;
  width: number;
}

type Part = Pick<Piece, "hue" | "pattern"> & { watts: number };

const BETWEEN = 2;

/** `upper` is where power comes from, `lower` where it goes, `whole` the W of the longer of both. */
export function bars(site: SiteNow, width: number): { upper: Piece[]; lower: Piece[]; whole: number } {
  const came = SOURCES.map((source): Part => ({ hue: source, pattern: null, watts: given(site, source) }));
  const went = SOURCES.flatMap((source) =>
    SINKS.map((sink): Part => ({ hue: source, pattern: PATTERN[sink], watts: flow(site, source, sink) })));
  const whole = Math.max(1, ...[came.map((one) => one.watts), SINKS.map((sink) => taken(site, sink))]
    .map((side) => side.reduce((sum, watts) => sum + watts, 0)));
  return { upper: laid(came, width / whole), lower: laid(went, width / whole), whole };
}

function laid(parts: Part[], scale: number): Piece[] {
  let x = 0;
  return parts.map(({ hue, pattern, watts }) => {
    const width = watts * scale;
    x += width;
    return { hue, pattern, x: x - width, width: width - BETWEEN };
  }).filter((piece) => piece.width > 0);
}
