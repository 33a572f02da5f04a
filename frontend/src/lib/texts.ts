import de from "../../../src/heliobus/web/texts/de.json";
import en from "../../../src/heliobus/web/texts/en.json";

export type Key = keyof typeof en;
export type Code = "en" | "de";

export const WORDS: Record<Code, Record<string, string>> = { en, de };

export function filled(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
