"""The little Markdown that the documentation needs: writing tables, and finding tables, headings, links and code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

NOTHING = "\u2013"
"""What stands in a cell that has nothing to say."""
_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """A fenced block of code."""

    language: str
    code: str


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; what would end a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def code(text: str) -> str:
    """Set a word as code; nothing stays nothing."""
    return f"`{text}`" if text else ""


def prose(docstring: str | None) -> str:
    """Turn a docstring into one paragraph of Markdown."""
    return " ".join((docstring or "").split()).replace("``", "`")


def blocks(text: str) -> Iterator[Block]:
    for found in _FENCE.finditer(text):
        yield Block(found["language"], found["code"])


def without_blocks(text: str) -> str:
    return _FENCE.sub("", text)


def headings(text: str) -> list[str]:
    return _HEADING.findall(without_blocks(text))


def anchors(text: str) -> set[str]:
    """Give what a link may name after its ``#``, as GitHub makes it."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings(text)}


def links(text: str) -> list[str]:
    return _LINK.findall(without_blocks(text))


def rows(text: str, *, first: str) -> list[list[str]]:
    """Give the rows of every table whose head begins with the word ``first``, without the marks of code."""
    found: list[list[str]] = []
    inside = False
    for line in without_blocks(text).splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] if line.startswith("|") else []
        if not cells:
            inside = False
        elif cells[0] == first:
            inside = True
        elif inside and not set(cells[0]) <= {"-", ":"}:
            found.append([cell.replace("`", "").replace("\\|", "|") for cell in cells])
    return found
