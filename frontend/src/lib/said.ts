// The sentence: texts of texts, as the server composed them, in the reader's language.
import type { Listed, Said } from "../api/types";
import { type Numbers, text } from "./numbers";

export interface Piece {
  text: string;
  strong: boolean;
}

type Words = Record<string, string>;

export function pieces(said: readonly Said[], words: Words, numbers: Numbers): Piece[] {
  return said.flatMap((one, index) => [...(index ? [plain(" ")] : []), ...filled(one, words, numbers)]);
}

export function spoken(said: readonly Piece[]): string {
  return said.map((piece) => piece.text).join("");
}

function filled(value: number | Said | Listed, words: Words, numbers: Numbers): Piece[] {
  if (typeof value === "number") return [{ text: text(numbers.power(value)), strong: true }];
  if ("items" in value)
    return value.items.flatMap((one, index) => {
      const between = index === 0 ? "" : words[index === value.items.length - 1 ? value.last : "say.comma"];
      return [plain(between ?? ""), ...filled(one, words, numbers)];
    });
  return (words[value.text] ?? "").split(/(\{\w+\})/).flatMap((part) => {
    const inner = part.startsWith("{") ? value.values[part.slice(1, -1)] : undefined;
    return inner === undefined ? [plain(part)] : filled(inner, words, numbers);
  });
}

function plain(words: string): Piece {
  return { text: words, strong: false };
}
