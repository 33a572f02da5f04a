import type { Problem } from "./types";

/** What went wrong and what to do about it, as the server says it. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.error);
  }
}

export async function ask<Answer>(path: string, query: Record<string, string | undefined> = {}): Promise<Answer> {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const answer = await fetch(`api/v1/${path}?${new URLSearchParams(given)}`);
  if (!answer.ok) throw new Refused(await answer.json());
  return answer.json();
}
