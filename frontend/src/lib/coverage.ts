import { THIN } from "./numbers";
import { view } from "./view.svelte";

/** How much of a span is recorded, in words. */
export function coverage(share: number): string {
  const digits = share >= 0.9995 || share === 0 ? 0 : 1;
  return view.t("coverage", { share: `${view.numbers.plain(100 * share, digits)}${THIN}%` });
}
