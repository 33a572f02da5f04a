"""Writes what is made from code into the pages of docs/reference: ``python -m tests.docs.generate``.

A page is written by hand; between ``<!-- made from code: NAME -->`` and ``<!-- end -->`` stands what ``BLOCKS[NAME]``
gives.  A test compares them, so a page cannot fall behind.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.docs.made import cli, errors, http, model, senec, supported, vendors, wires

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference"
BLOCKS: Mapping[str, Callable[[], str]] = {
    **cli.BLOCKS,
    **errors.BLOCKS,
    **model.BLOCKS,
    **http.BLOCKS,
    **vendors.BLOCKS,
    **senec.BLOCKS,
    **supported.BLOCKS,
    **wires.BLOCKS,
}
_MADE = re.compile(r"(?<=<!-- made from code: )(?P<name>[^>]+?) -->\n.*?(?=<!-- end -->)", re.DOTALL)


def names(text: str) -> list[str]:
    """Give the names of the blocks of a page."""
    return [found["name"] for found in _MADE.finditer(text)]


def renewed(text: str) -> str:
    """Give a page with every block made anew."""
    return _MADE.sub(lambda found: f"{found['name']} -->\n\n{BLOCKS[found['name']]()}\n", text)


def main() -> None:
    with TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder  # sessions in simulated clouds are gone with it
        for page in sorted(REFERENCE.glob("*.md")):
            text = page.read_text(encoding="utf-8")
            page.write_text(renewed(text), encoding="utf-8")


if __name__ == "__main__":
    main()
