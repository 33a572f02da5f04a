// Numbers as people read them: the rules of web/plain/figures.py (a browser test compares what both print).

export interface Figure {
  number: string;
  unit: string;
}

export const THIN = "\u202f";
export const UNKNOWN = "\u2013";
const MINUS = "\u2212";
const LARGE = 99_950;
/** Rounded to (W) when the rounded value is below (W), decimals; the last two are written in kW. */
const POWER_STEPS = [[1, 100, 0], [10, 1_000, 0], [10, 10_000, 2], [100, Infinity, 1]] as const;

export class Numbers {
  constructor(private readonly point: string, private readonly group: string) {}

  /** `value` with `digits` decimals, a true minus, and no minus before zero. */
  plain(value: number, digits = 0): string {
    const [whole = "", decimals] = fixed(Math.abs(value), digits).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, this.group);
    const text = decimals ? grouped + this.point + decimals : grouped;
    return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
  }

  /** Below 1 kW in W, in steps of 10 from 100 W on; then kW with two decimals, from 10 kW on with one. */
  power(watts: number | null | undefined): Figure {
    if (watts == null) return { number: UNKNOWN, unit: "" };
    for (const [step, below, digits] of POWER_STEPS) {
      const rounded = Number(fixed(watts / step, 0)) * step;
      if (Math.abs(rounded) < below)
        return below > 1_000
          ? { number: this.plain(rounded / 1_000, digits), unit: "kW" }
          : { number: this.plain(rounded, digits), unit: "W" };
    }
    throw new RangeError(String(watts));
  }

  /** Below 1 kWh in Wh; then kWh. */
  energy(wattHours: number | null): Figure {
    if (wattHours != null && Math.abs(wattHours) < 999.5) return { number: this.plain(wattHours), unit: "Wh" };
    return this.kilowattHours(wattHours);
  }

  /** Energy beside other energies: always kWh, one decimal below 100 kWh unless `digits` says otherwise. */
  kilowattHours(wattHours: number | null | undefined, digits?: number): Figure {
    if (wattHours == null) return { number: UNKNOWN, unit: "" };
    return { number: this.plain(wattHours / 1_000, digits ?? (Math.abs(wattHours) < LARGE ? 1 : 0)), unit: "kWh" };
  }

  percent(value: number | null | undefined, digits = 0): Figure {
    return value == null ? { number: UNKNOWN, unit: "" } : { number: this.plain(value, digits), unit: "%" };
  }
}

export const NUMBERS = { en: new Numbers(".", THIN), de: new Numbers(",", ".") };

export function text(figure: Figure): string {
  return figure.unit ? figure.number + THIN + figure.unit : figure.number;
}

/** Like toFixed, but what lies exactly in the middle goes to the even neighbour, as the server rounds. */
function fixed(value: number, digits: number): string {
  const up = value.toFixed(digits);
  const exact = Math.abs(value).toFixed(digits + 12);
  if (!exact.endsWith("5" + "0".repeat(11))) return up;
  const last = Number(up.at(-1));
  return last % 2 === 0 ? up : (Number(up) - Math.sign(value) * 10 ** -digits).toFixed(digits);
}
