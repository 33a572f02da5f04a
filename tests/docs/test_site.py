"""The web site of the documentation (``make site``) has every page, once."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tests.conftest import ROOT
from tests.docs import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]


def pages(nav: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each title with its page."""
    for entry in nav:
        for title, below in entry.items():
            if isinstance(below, list):
                yield from pages(below)
            else:
                yield title, below


def test_every_page_stands_in_the_navigation_once() -> None:
    docs = ROOT / PROJECT["docs_dir"]
    listed = [page for _, page in pages(PROJECT["nav"])]
    there = [path.relative_to(docs).as_posix() for path in docs.rglob("*.md")]
    decisions = {f"adr/{path.name}" for path in docs.glob("adr/0*.md")}  # which their own page lists
    assert sorted(listed) == sorted(set(there) - decisions)
    index = set(markdown.links((docs / "adr/README.md").read_text(encoding="utf-8")))
    assert {f"adr/{link}" for link in index} == decisions


def test_its_parts_are_the_four_kinds_of_documentation() -> None:
    assert [title for entry in PROJECT["nav"] for title in entry][1:] == [
        "Tutorials",
        "How to",
        "Reference",
        "Explanation",
    ]


def test_it_goes_where_what_is_built_goes_and_fetches_nothing() -> None:
    assert PROJECT["site_dir"] == "build/site"
    assert PROJECT["theme"]["font"] is False
