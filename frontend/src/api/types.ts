// Made by api_types.py from the OpenAPI description; a test compares them.

export const UNITS: Record<string, string> = {
  age_s: "s",
  autarky: "%",
  capacity: "Wh",
  car_soc: "%",
  case_temperature: "°C",
  charge: "Wh",
  charge_energy: "Wh",
  charge_power: "W",
  consumption: "Wh",
  controller_temperature: "°C",
  current: "A",
  current_limit: "A",
  discharge: "Wh",
  discharge_energy: "Wh",
  discharge_power: "W",
  energy: "Wh",
  ev: "Wh",
  export: "Wh",
  export_energy: "Wh",
  export_power: "W",
  external_power: "W",
  feed_in_limit: "W",
  feed_in_limit_share: "%",
  frequency: "Hz",
  import: "Wh",
  import_energy: "Wh",
  import_power: "W",
  latency_p50_s: "s",
  latency_p95_s: "s",
  load: "Wh",
  max_charge: "W",
  max_discharge: "W",
  operating_hours: "h",
  power: "W",
  pv: "Wh",
  recovered_s: "s",
  remaining_energy: "Wh",
  reserve_soc: "%",
  residual: "W",
  self_consumption: "%",
  session_energy: "Wh",
  soc: "%",
  soh: "%",
  temperature: "°C",
  temperature_max: "°C",
  temperature_min: "°C",
  total: "Wh",
  used_here: "Wh",
  voltage: "V",
};

export interface Ability {
  durability: "volatile" | "persistent";
  lag_s: number;
  warning: string | null;
  arguments: Record<string, Limits>;
}

export interface About {
  version: string;
  simulated: Simulated | null;
}

export interface Applied {
  outcome: Outcome;
}

export interface Balance {
  given: Record<string, number | null>;
  taken: Record<string, number | null>;
  consumption: number | null;
  total: number | null;
  digits: number;
}

export interface Battery {
  id: string;
  serial: string | null;
  power: number | null;
  soc: number | null;
  soh: number | null;
  capacity: number | null;
  remaining_energy: number | null;
  charge_energy: number | null;
  discharge_energy: number | null;
  voltage: number | null;
  current: number | null;
  temperature: number | null;
  cycles: number | null;
  mode: string | null;
  limits: BatteryLimits;
  modules: BatteryModule[];
}

export interface BatteryLimits {
  max_charge: number | null;
  max_discharge: number | null;
  reserve_soc: number | null;
}

export interface BatteryModule {
  id: string;
  serial: string | null;
  soc: number | null;
  soh: number | null;
  voltage: number | null;
  current: number | null;
  cycles: number | null;
  charge_energy: number | null;
  discharge_energy: number | null;
  temperature_min: number | null;
  temperature_max: number | null;
  cell_voltages: (number | null)[];
  cell_temperatures: (number | null)[];
}

export interface Bucket {
  start: string;
  end: string;
  systems: Record<string, Energies>;
  sites: Record<string, Energies>;
}

export interface Control {
  enabled: boolean;
  systems: Record<string, SystemControl>;
}

export interface Day {
  site: string;
  date: string;
  timezone: string;
  start: number;
  end: number;
  until: number;
  coverage: number;
  peak: number;
  sun: Sun | null;
  series: Series;
  energies: Energies;
  autarky: number | null;
  self_consumption: number | null;
  used_here: number | null;
  balance: Balance;
  hours: Hour[];
}

export interface Demo {
  speed: number;
  faults: Trouble[];
}

export interface Device {
  id: string;
  vendor: string;
  model: string | null;
  serial: string | null;
  firmware: string | null;
  name: string | null;
}

export interface Energies {
  pv: number | null;
  import: number | null;
  export: number | null;
  charge: number | null;
  discharge: number | null;
  load: number | null;
  ev: number | null;
  coverage: number;
}

export interface Energy {
  buckets: Bucket[];
}

export interface Grid {
  power: number | null;
  import_energy: number | null;
  export_energy: number | null;
  frequency: number | null;
  feed_in_limit: number | null;
  phases: Phase[];
}

export interface Hour {
  start: string;
  energies: Energies;
}

export interface Inverter {
  id: string;
  power: number | null;
  temperature: number | null;
  state_code: number | null;
  state: string | null;
}

export interface Limits {
  low: number;
  high: number | null;
  fixed: boolean;
}

export interface Listed {
  items: Said[];
  last: string;
}

export interface Load {
  power: number | null;
  energy: number | null;
}

export interface Meter {
  id: string;
  role: string;
  power: number | null;
  energy: number | null;
  phases: Phase[];
}

export interface Now {
  time: string;
  systems: Record<string, SystemNow>;
  sites: Record<string, SiteNow>;
}

export interface Outcome {
  at: string;
  command: unknown;
  status: "planned" | "accepted" | "applied" | "rejected" | "superseded" | "expired" | "unknown";
  note: string | null;
  sent: string[];
  before: unknown;
  requested: unknown;
  read_back: unknown;
  effect: Record<string, number>;
  undo: unknown | null;
}

export interface PV {
  power: number | null;
  energy: number | null;
  external_power: number | null;
  strings: PVString[];
}

export interface PVString {
  id: string;
  power: number | null;
  voltage: number | null;
  current: number | null;
  energy: number | null;
}

export interface Phase {
  id: string;
  voltage: number | null;
  current: number | null;
  power: number | null;
}

export interface Planned {
  plan: string;
  holds_s: number;
  outcome: Outcome;
}

export interface Power {
  power: number | null;
  status: "connecting" | "ok" | "late" | "lost";
  age_s: number | null;
}

export interface Problem {
  error: string;
  remedy: string;
}

export interface Raw {
  at: string;
  values: unknown;
}

export interface Said {
  text: string;
  values: Record<string, number | Said | Listed>;
}

export interface Series {
  start: number;
  step: number;
  pv: (number | null)[];
  battery: (number | null)[] | null;
  grid: (number | null)[];
  load: (number | null)[];
  wallbox: (number | null)[] | null;
  split: Record<string, (number | null)[]>;
  soc: (number | null)[];
}

export interface Simulated {
  speed: number;
}

export interface SiteBattery {
  power: number | null;
  status: "connecting" | "ok" | "late" | "lost";
  age_s: number | null;
  charge_power: number | null;
  discharge_power: number | null;
  soc: number | null;
  capacity: number | null;
  reserve_soc: number | null;
}

export interface SiteGrid {
  power: number | null;
  status: "connecting" | "ok" | "late" | "lost";
  age_s: number | null;
  import_power: number | null;
  export_power: number | null;
}

export interface SiteNow {
  name: string;
  timezone: string;
  status: "connecting" | "ok" | "late" | "lost";
  age_s: number | null;
  as_of: string | null;
  pv: Power;
  grid: SiteGrid;
  battery: SiteBattery | null;
  wallbox: Power | null;
  load: Power;
  residual: number | null;
  flows: Record<string, Record<string, number>> | null;
  sentence: Said[];
  sun: Sun | null;
}

export interface Snapshot {
  source: string;
  received_at: string;
  device: Device | null;
  device_time: string | null;
  pv: PV;
  grid: Grid;
  load: Load;
  system: System;
  batteries: Battery[];
  wallboxes: Wallbox[];
  inverters: Inverter[];
  meters: Meter[];
  switches: Switch[];
  quality: Record<string, "good" | "derived" | "estimated" | "stale" | "suspect" | "missing">;
  battery: Battery;
}

export interface SourceDevice {
  vendor: string;
  model: string | null;
  firmware: string | null;
}

export interface SourceHealth {
  name: string;
  site: string;
  vendor: string;
  url: string;
  interval_s: number;
  status: "connecting" | "ok" | "late" | "lost";
  since: string;
  age_s: number | null;
  error: string | null;
  remedy: string | null;
  polls: number;
  failures: number;
  success_24h: number | null;
  answers_24h: (number | null)[];
  latency_p50_s: number | null;
  latency_p95_s: number | null;
  device: SourceDevice | null;
}

export interface Sun {
  rise: string;
  set: string;
}

export interface Switch {
  id: string;
  name: string | null;
  type: string | null;
  on: boolean | null;
}

export interface System {
  state_code: number | null;
  state: string | null;
  operating_hours: number | null;
  case_temperature: number | null;
  controller_temperature: number | null;
  feed_in_limit_share: number | null;
}

export interface SystemControl {
  commands: Record<string, Ability>;
  in_force: unknown[];
  error: string | null;
}

export interface SystemNow {
  snapshot: Snapshot | null;
  age_s: number | null;
  status: "connecting" | "ok" | "late" | "lost";
}

export interface Systems {
  systems: SourceHealth[];
  storage: Problem | null;
}

export interface Trouble {
  name: string;
  system: string;
  title: string;
  active: boolean;
  since: string | null;
  recovered_s: number | null;
}

export interface Wallbox {
  id: string;
  power: number | null;
  energy: number | null;
  session_energy: number | null;
  current_limit: number | null;
  car_connected: boolean | null;
  car_soc: number | null;
  state_code: number | null;
  state: string | null;
  mode: string | null;
  phases: Phase[];
}
