import type { Day } from "../api/types";
import { THIN } from "./numbers";
import { view } from "./view.svelte";

/** How much of a span is recorded, in words. */
export function coverage(share: number): string {
  const digits = share >= 0.9995 || share === 0 ? 0 : 1;
  return view.t("coverage", { share: `${view.numbers.plain(100 * share, digits)}${THIN}%` });
}

/** Whether anything at all is known of a day. */
export function recorded({ series }: Day): boolean {
  return [series.pv, series.battery, series.grid, series.load].some((column) => column?.some((value) => value !== null));
}
