// Every value of a snapshot by its channel.
import { UNITS, type Snapshot } from "../api/types";

export interface Value {
  channel: string;
  value: string | number | boolean | null;
  unit: string;
  quality: string;
}

const ASIDE = new Set(["quality", "device", "source", "received_at", "battery"]);

export function values(snapshot: Snapshot): Value[] {
  const out: Value[] = [];
  const walk = (node: unknown, path: string[]): void => {
    if (Array.isArray(node)) {
      node.forEach((one, index) => walk(one, [...path, String((one as { id?: unknown })?.id ?? index)]));
    } else if (typeof node === "object" && node !== null) {
      for (const [name, inner] of Object.entries(node)) if (name !== "id") walk(inner, [...path, name]);
    } else {
      const channel = path.join(".");
      const quality = snapshot.quality[channel] ?? (node === null ? "" : "good");
      // What the device has no place for is no value; what it has and did not give is missing.
      if (node !== null || quality)
        out.push({ channel, value: node as Value["value"], unit: UNITS[path.at(-1) ?? ""] ?? "", quality });
    }
  };
  for (const [name, part] of Object.entries(snapshot)) if (!ASIDE.has(name)) walk(part, [name]);
  return out;
}

/** The device's own fields, by the names of what they lie in. */
export function own(words: unknown): Value[] {
  const walk = (node: unknown, path: string): Value[] =>
    typeof node === "object" && node !== null
      ? Object.entries(node).flatMap(([name, inner]) => walk(inner, Array.isArray(node) ? `${path}[${name}]` : path ? `${path}.${name}` : name))
      : [{ channel: path, value: node as Value["value"], unit: "", quality: "" }];
  return walk(words ?? {}, "");
}

/** Words in any order and case. */
export function matching(all: readonly Value[], asked: string): Value[] {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((one) => words.every((word) => one.channel.toLowerCase().includes(word)));
}
