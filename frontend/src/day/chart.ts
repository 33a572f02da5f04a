// The picture of a day on a canvas.
import uPlot from "uplot";
import type { Day } from "../api/types";
import { THIN, type Numbers } from "../lib/numbers";
import { clock } from "../lib/times";
import { type Hour, axis, clockIn, hoursOf } from "./hours";
import type { Column, Stack } from "./layers";
import { paint } from "./paint";

export interface Chart {
  plot: uPlot;
  zoom: (from: number, to: number) => void;
}

export interface Asked {
  day: Day;
  stack: Stack;
  numbers: Numbers;
  words: { gap: (span: string) => string };
  size: { width: number; height: number };
  /** The span that is shown, in s. */
  span: [number, number];
  onSpan: (span: [number, number]) => void;
  onCursor: (at: number | null) => void;
}

const MIN_SPAN = 1800;
/** Pixels that a label of the time axis has for itself at least. */
const ROOM = 64;

export function chart(place: HTMLElement, asked: Asked): Chart {
  const { day, stack } = asked;
  const ratio = devicePixelRatio;
  const brush = paint(place, ratio);
  const power = axis(stack.peak);
  const hours = hoursOf(day.start, day.end, day.timezone);
  const line = { points: { show: false }, spanGaps: false };
  const roofs = [...stack.layers].reverse();
  const text = { font: brush.font.replace(/^\d+/, "13"), stroke: brush.color("ink-3") };
  const plot = new uPlot({
    ...asked.size,
    legend: { show: false },
    padding: [28, 0, 0, 0],
    cursor: { y: false, drag: { x: true, y: false, dist: 6 }, points: { show: false } },
    scales: {
      x: { time: false, range: () => asked.span },
      power: { range: [0, power.most] },
      soc: { range: [0, 100] },
    },
    axes: [
      {
        ...text, size: 30, gap: 6, grid: { show: false }, ticks: { stroke: brush.color("scale"), width: 1, size: 5 },
        splits: (plot) => marks(plot, hours, asked).map((one) => one.at),
        values: (plot) => marks(plot, hours, asked).map((one) => one.label),
      },
      {
        ...text, scale: "power", size: 40, gap: 8, ticks: { show: false },
        grid: { stroke: brush.color("line"), width: 1 },
        splits: () => Array.from({ length: Math.round(power.most / power.tick) + 1 }, (_, index) => index * power.tick),
        values: (_, splits) => splits.map((watts) => asked.numbers.plain(watts / 1000, watts && power.tick < 1000 ? 1 : 0)),
      },
      {
        ...text, stroke: brush.color("store-text"), scale: "soc", side: 1, size: 40, gap: 8, ticks: { show: false },
        grid: { show: false }, splits: () => [0, 25, 50, 75, 100],
      },
    ],
    series: [
      {},
      ...roofs.map(({ layer }) => ({
        ...line, scale: "power", width: 1.4, stroke: brush.color(`${layer.hue}-edge`), fill: () => brush.fill(layer.hue, layer.pattern) as string,
      })),
      { ...line, scale: "power", width: 3.6, stroke: brush.color("panel") },
      { ...line, scale: "power", width: 1.9, stroke: brush.color("use") },
      { ...line, scale: "soc", width: 6, stroke: brush.color("panel") },
      { ...line, scale: "soc", width: 2.4, stroke: brush.color("store-edge") },
    ],
    hooks: {
      drawClear: [(plot) => night(plot, day, brush.color("night"))],
      draw: [(plot) => {
        units(plot, day, brush, ratio);
        for (const gap of stack.gaps) hatched(plot, gap, day, brush, ratio, asked.words.gap);
      }],
      setSelect: [(plot) => {
        if (plot.select.width > 0) zoom(plot.posToVal(plot.select.left, "x"), plot.posToVal(plot.select.left + plot.select.width, "x"));
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      }],
      setCursor: [(plot) => asked.onCursor(plot.cursor.idx == null ? null : stack.t[plot.cursor.idx]!)],
    },
  }, columns(stack, roofs.map((one) => one.roof)), place);

  function zoom(from: number, to: number): void {
    const middle = (from + to) / 2;
    const half = Math.min(Math.max((to - from) / 2, MIN_SPAN / 2), (day.end - day.start) / 2);
    const begin = Math.min(Math.max(middle - half, day.start), day.end - 2 * half);
    asked.span = [begin, begin + 2 * half];
    plot.setData(plot.data);
    asked.onSpan(asked.span);
  }

  return { plot, zoom };
}

function columns(stack: Stack, roofs: Column[]): uPlot.AlignedData {
  return [stack.t, ...roofs, stack.use, stack.use, stack.soc, stack.soc];
}

/** Every few hours, as many as there is room for; near by also quarters; the hour that comes twice always. */
function marks(plot: uPlot, hours: Hour[], asked: Asked): { at: number; label: string }[] {
  const [from, to] = asked.span;
  const { day } = asked;
  const most = Math.max((plot.bbox.width / devicePixelRatio || asked.size.width - 80) / ROOM, 2);
  const span = (to - from) / 3600;
  if (span * 4 <= most) {
    const out = [];
    for (let at = Math.ceil(from / 900) * 900; at <= to; at += 900) out.push({ at, label: clockIn(day, at) });
    return out;
  }
  const every = [1, 3, 6, 12].find((one) => span / one <= most) ?? 12;
  const twice = hours.filter((one) => one.label.length > 2);
  const near = (twice.length && (3600 / (to - from)) * most < 0.8) || false;
  const out = hours.filter((one) => one.hour % every === 0 || (one.label.length > 2 && !near)).map(({ at, label }) => ({ at, label }));
  if (near) out.push({ at: (twice[0]!.at + twice[1]!.at) / 2, label: `${twice[0]!.hour}a/b` });
  return [...out, { at: day.end, label: "24" }].filter((one) => one.at >= from && one.at <= to).sort((a, b) => a.at - b.at);
}

function box(plot: uPlot, from: number, to: number): { x: number; y: number; width: number; height: number } | null {
  const { left, top, width, height } = plot.bbox;
  const x = Math.max(plot.valToPos(from, "x", true), left);
  const end = Math.min(plot.valToPos(to, "x", true), left + width);
  return end > x ? { x, y: top, width: end - x, height } : null;
}

function night(plot: uPlot, day: Day, color: string): void {
  if (!day.sun) return;
  plot.ctx.fillStyle = color;
  const spans = [[day.start, Date.parse(day.sun.rise) / 1000], [Date.parse(day.sun.set) / 1000, day.end]] as const;
  for (const [from, to] of spans) {
    const place = box(plot, from, to);
    if (place) plot.ctx.fillRect(place.x, place.y, place.width, place.height);
  }
}

function units(plot: uPlot, day: Day, brush: ReturnType<typeof paint>, ratio: number): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = brush.font;
  ctx.textBaseline = "alphabetic";
  const write = (words: string, x: number, align: CanvasTextAlign, color: string) => {
    ctx.fillStyle = brush.color(color);
    ctx.textAlign = align;
    ctx.fillText(words, x, bbox.top - 10 * ratio);
  };
  write("kW", bbox.left - 8 * ratio, "right", "ink-3");
  write("%", bbox.left + bbox.width + 8 * ratio, "left", "store-text");
  for (const [name, arrow] of [["rise", "↑"], ["set", "↓"]] as const) {
    if (!day.sun) break;
    const at = Date.parse(day.sun[name]);
    const x = plot.valToPos(at / 1000, "x", true);
    if (x > bbox.left + 30 * ratio && x < bbox.left + bbox.width - 30 * ratio)
      write(name === "rise" ? `${arrow}${THIN}${clock(at, day.timezone)}` : `${clock(at, day.timezone)}${THIN}${arrow}`, x, "center", "ink-3");
  }
  ctx.restore();
}

/** A gap is a gap: bare ground, hatched, its times in words. */
function hatched(
  plot: uPlot, [from, to]: [number, number], day: Day, brush: ReturnType<typeof paint>, ratio: number, words: (span: string) => string,
): void {
  const place = box(plot, from, to);
  if (!place) return;
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = brush.hatch;
  ctx.strokeStyle = brush.color("line-2");
  ctx.lineWidth = ratio;
  ctx.fillRect(place.x, place.y, place.width, place.height);
  ctx.strokeRect(place.x, place.y, place.width, place.height);
  if (place.width > 22 * ratio) {
    const said = words(`${clockIn(day, from)}–${clockIn(day, to)}`);
    ctx.font = brush.font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.translate(place.x + place.width / 2, place.y + place.height / 2);
    if (place.width < ctx.measureText(said).width + 20 * ratio) ctx.rotate(-Math.PI / 2);
    ctx.lineWidth = 5 * ratio;
    ctx.lineJoin = "round";
    ctx.strokeStyle = brush.color("panel");
    ctx.strokeText(said, 0, 0);
    ctx.fillStyle = brush.color("ink-2");
    ctx.fillText(said, 0, 0);
  }
  ctx.restore();
}
