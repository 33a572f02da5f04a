import type { Problem } from "./types";

/** What went wrong and what to do about it, as the server says it. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.error);
  }
}

/** Ask for something to be done. */
export async function tell<Answer>(path: string, what: unknown): Promise<Answer> {
  const body = JSON.stringify(what);
  const headers = { "content-type": "application/json" };
  return answered(await fetch(`api/v1/${path}`, { method: "POST", headers, body }));
}

/** The same form for what the server says is wrong and for a server that says nothing. */
export function problem(error: unknown): Problem {
  return error instanceof Refused ? error.problem : { error: "", remedy: "" };
}

export async function ask<Answer>(path: string, query: Record<string, string | undefined> = {}): Promise<Answer> {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return answered(await fetch(`api/v1/${path}?${new URLSearchParams(given)}`));
}

async function answered<Answer>(answer: Response): Promise<Answer> {
  if (!answer.ok) throw new Refused(await answer.json());
  return answer.json();
}
