// What is asked for again while it is looked at: every minute, of the server's time if that is the quicker one, but at
// most every few seconds.
import { ask, problem as problemOf } from "./ask";
import { live } from "./live.svelte";
import type { Problem } from "./types";

const THERE_MS = 60_000;

export class Fresh<Answer> {
  answer = $state.raw<Answer | null>(null);
  problem = $state.raw<Problem | null>(null);
  #key = "";
  #here = 0;
  #there = 0;
  #busy = false;

  /** Between two questions lie at least so many seconds. */
  constructor(private readonly least = 4) {}

  /** Ask if the address is a new one or the answer is old; call it in an effect. */
  look(path: string, query: Record<string, string | undefined>, every = THERE_MS): void {
    const key = path + JSON.stringify(query);
    const now = live.now;
    const second = live.second;
    const here = second - this.#here;
    const old = here >= this.least && (now - this.#there >= every || here * 1000 >= every);
    if (key === this.#key && (this.#busy || !old)) return;
    if (key !== this.#key) this.answer = this.problem = null;
    this.#key = key;
    this.#here = second;
    this.#there = now;
    this.#busy = true;
    void this.#ask(key, path, query);
  }

  /** Ask at the next look, however fresh the answer is. */
  again(): void {
    this.#here = this.#there = 0;
  }

  async #ask(key: string, path: string, query: Record<string, string | undefined>): Promise<void> {
    let problem: Problem | null = null;
    let answer: Answer | null = null;
    try {
      answer = await ask<Answer>(path, query);
    } catch (error) {
      problem = problemOf(error);
    }
    if (key !== this.#key) return;
    this.#busy = false;
    this.problem = problem;
    // Without an answer the last one stays: the age of the values says how old it is.
    if (answer) this.answer = answer;
  }
}
