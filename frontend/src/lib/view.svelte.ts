// Where the reader is and how it is shown: everything stands in the address.
import { NUMBERS, type Numbers } from "./numbers";
import { type Code, type Key, WORDS, filled } from "./texts";

export type Place = "overview" | "now" | "day" | "systems";
const PATHS: Record<Place, string> = { overview: "overview", now: "./", day: "day", systems: "systems" };

class View {
  place = $state<Place>("now");
  query = $state.raw(new URLSearchParams());

  constructor() {
    this.read();
    addEventListener("popstate", () => this.read());
  }

  get language(): Code {
    const asked = [this.query.get("lang"), ...navigator.languages].map((name) => name?.slice(0, 2).toLowerCase());
    return asked.find((name): name is Code => name === "de" || name === "en") ?? "en";
  }

  get theme(): "light" | "dark" | null {
    const theme = this.query.get("theme");
    return theme === "light" || theme === "dark" ? theme : null;
  }

  get kiosk(): boolean {
    return this.query.has("kiosk");
  }

  get numbers(): Numbers {
    return NUMBERS[this.language];
  }

  t(key: Key | (string & {}), values: Record<string, string | number> = {}): string {
    return filled(WORDS[this.language][key] ?? key, values);
  }

  /** A length of time. */
  span(seconds: number): string {
    if (seconds < 59.5) return this.t("span.seconds", { s: this.numbers.plain(seconds) });
    const minutes = Math.round(seconds / 60);
    return minutes < 60 ? this.t("span.minutes", { m: minutes })
      : this.t("span.hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
  }

  /** A relative address; what is not named stays as it is, null leaves it out. */
  link(place: Place, changes: Record<string, string | null> = {}): string {
    const query = new URLSearchParams(this.query);
    if (place !== this.place) query.delete("d");
    for (const [name, value] of Object.entries(changes)) value === null ? query.delete(name) : query.set(name, value);
    const text = query.toString();
    return PATHS[place] + (text && `?${text}`);
  }

  go(address: string): void {
    const before = this.place;
    history.pushState(null, "", address);
    this.read();
    if (before !== this.place) {
      scrollTo(0, 0);
      document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
    }
  }

  private read(): void {
    const last = location.pathname.split("/").at(-1);
    this.place = last === "overview" || last === "day" || last === "systems" ? last : "now";
    this.query = new URLSearchParams(location.search);
  }
}

export const view = new View();

/** Follow links of this page without leaving it; others, and those for a new tab, are the browser's. */
export function follow(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-here]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  view.go(link.href);
}
