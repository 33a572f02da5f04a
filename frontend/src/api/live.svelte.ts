// The present: one event stream.  The whole state comes first and every 15 s, changes in between.
import { ask } from "./ask";
import type { Now, SiteNow, SystemNow } from "./types";

export type Status = SiteNow["status"];

/** What a person should look at first. */
export const URGENT: readonly Status[] = ["lost", "late", "connecting", "ok"];

/** A stream that says nothing for so long is dead; one that is dead for so long makes values late, then lost. */
const SILENT_S = 40;
const FIRST_S = 5;
const LATE_S = 15;
const LOST_S = 300;

export interface Stamped<Value> {
  value: Value;
  /** When it arrived, in s of this browser's steady clock. */
  at: number;
}

const steady = () => performance.now() / 1000;

class Live {
  systems = $state.raw<Record<string, Stamped<SystemNow>>>({});
  sites = $state.raw<Record<string, Stamped<SiteNow>>>({});
  /** This second, on the steady clock; stands still while nobody looks. */
  second = $state(steady());
  /** Since when there is no stream; null while there is one. */
  brokenSince = $state<number | null>(steady());
  #time = $state.raw<Stamped<number> | null>(null);
  #heard = steady();
  #looked = Date.now();
  #source: EventSource | null = null;

  start(): void {
    this.#open();
    setInterval(() => this.#look(), 1000);
    document.addEventListener("visibilitychange", () => this.#look());
    addEventListener("online", () => this.#open());
    addEventListener("offline", () => this.#broken());
  }

  /** The server's time in ms since 1970. */
  get now(): number {
    return this.#time ? this.#time.value + (this.second - this.#time.at) * 1000 : Date.now();
  }

  get begun(): boolean {
    return this.#time !== null;
  }

  /** Seconds without a stream. */
  get brokenFor(): number {
    return this.brokenSince === null ? 0 : Math.max(this.second - this.brokenSince, 0);
  }

  /** The server's time when the stream broke. */
  get brokenAt(): number {
    return this.now - this.brokenFor * 1000;
  }

  /** What the server says of it, or worse while there is no stream. */
  status(said: Status): Status {
    if (this.brokenFor > LOST_S) return "lost";
    return this.brokenFor > LATE_S && said === "ok" ? "late" : said;
  }

  age(one: Stamped<{ age_s: number | null }>): number | null {
    return one.value.age_s === null ? null : one.value.age_s + Math.max(this.second - one.at, 0);
  }

  #look(): void {
    if (document.hidden) return;
    this.second = steady();
    // The steady clock may stand still while a machine sleeps; the wall clock does not.
    const slept = Date.now() - this.#looked > SILENT_S * 1000;
    this.#looked = Date.now();
    if (!slept && this.second - this.#heard < (this.#time ? SILENT_S : FIRST_S)) return;
    this.#open();
    // Something on the way may hold streams back and still let answers through.
    void ask<Now>("now").then((document_) => this.#take(document_, true), () => this.#broken());
  }

  #open(): void {
    this.#source?.close();
    if (this.#time) this.brokenSince ??= this.#heard;
    this.#heard = steady();
    const source = new EventSource("api/v1/events");
    source.addEventListener("now", (event) => this.#take(JSON.parse(event.data), true));
    source.addEventListener("change", (event) => this.#take(JSON.parse(event.data), false));
    source.addEventListener("error", () => {
      this.#broken();
      // After a refusal a browser does not try again by itself; #look does.
      if (source.readyState === EventSource.CLOSED) this.#heard = steady() - SILENT_S + 3;
    });
    this.#source = source;
  }

  #broken(): void {
    this.second = steady();
    this.brokenSince ??= this.second;
  }

  #take(document_: Now, whole: boolean): void {
    const at = (this.#heard = this.second = steady());
    this.#time = { value: Date.parse(document_.time), at };
    this.systems = { ...(whole ? {} : this.systems), ...stamped(document_.systems, at) };
    this.sites = { ...(whole ? {} : this.sites), ...stamped(document_.sites, at) };
    this.brokenSince = null;
  }
}

function stamped<Value>(values: Record<string, Value>, at: number): Record<string, Stamped<Value>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, at }]));
}

export const live = new Live();
