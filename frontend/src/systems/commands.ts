// A command as a form: its fields with their bounds, and what the server takes.
import { UNITS, type Ability, type Snapshot } from "../api/types";

export interface Field {
  name: string;
  unit: string;
  low: number;
  high: number | null;
  /** The device chooses it itself. */
  fixed: boolean;
  /** What there is to choose from, where it is no number. */
  options: readonly string[] | null;
}

/** What the command is about, by its kind: these parts of a snapshot have their own ids. */
const PARTS: Record<string, "wallboxes" | "switches"> = { WallboxLimit: "wallboxes", SetSwitch: "switches" };
/** What leads back to automatic. */
export const BATTERY = new Set(["Charge", "Discharge", "LimitCharge", "LimitDischarge"]);
const SECONDS = 60;

export function fields(kind: string, ability: Ability, snapshot: Snapshot | null): Field[] {
  const part = PARTS[kind];
  const choice = (name: string, options: readonly string[]): Field => ({ name, unit: "", low: 0, high: null, fixed: false, options });
  const ids = part ? [choice("id", (snapshot?.[part] ?? []).map((one) => one.id))] : [];
  const states = kind === "SetSwitch" ? [choice("on", ["on", "off"])] : [];
  const numbers = Object.entries(ability.arguments).map(([name, limits]): Field =>
    ({ name, unit: UNITS[name] ?? "", ...limits, options: null }));
  return [...ids, ...numbers, ...states];
}

/** The command in the server's words; what is left empty the device chooses. */
export function command(kind: string, shown: readonly Field[], given: Record<string, string>, minutes: number | null): Record<string, unknown> {
  const words: Record<string, unknown> = { kind };
  for (const { name, fixed, options } of shown) {
    const text = given[name] ?? options?.[0] ?? "";
    if (fixed || text === "") continue;
    words[name] = name === "on" ? text === "on" : options ? text : Number(text);
  }
  if (minutes !== null) words.lease_s = minutes * SECONDS;
  return words;
}
