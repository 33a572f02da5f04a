import type { Code } from "./texts";

const LOCALES = { en: "en-GB", de: "de-DE" };
const formats = new Map<string, Intl.DateTimeFormat>();

function format(key: string, make: () => Intl.DateTimeFormat): Intl.DateTimeFormat {
  const known = formats.get(key) ?? make();
  formats.set(key, known);
  return known;
}

/** The time of day at the site, as 14:09. */
export function clock(moment: Date | number, zone: string): string {
  const one = format(`clock ${zone}`, () =>
    new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }));
  return one.format(moment);
}

/** The date at the site, as 2026-10-25. */
export function date(moment: Date | number, zone: string): string {
  return format(`date ${zone}`, () => new Intl.DateTimeFormat("sv-SE", { timeZone: zone })).format(moment);
}

/** The time of day; with the date if that is not today's. */
export function clockOrDate(moment: Date | number, zone: string, now: Date | number): string {
  const day = date(moment, zone);
  return day === date(now, zone) ? clock(moment, zone) : `${day} ${clock(moment, zone)}`;
}

/** A calendar date with its weekday. */
export function long(day: string, language: Code): string {
  const parts = format(`long ${language}`, () =>
    new Intl.DateTimeFormat(LOCALES[language], { weekday: "long", month: "long", timeZone: "UTC" }))
    .formatToParts(new Date(`${day}T12:00Z`));
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const [year, , number] = day.split("-");
  return `${of("weekday")}, ${Number(number)}${language === "de" ? "." : ""} ${of("month")} ${year}`;
}

/** The calendar date some days later. */
export function shifted(day: string, days: number): string {
  const moment = new Date(`${day}T12:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}
