"""The documentation as a whole: links lead somewhere, code runs, nothing private stands in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from heliobus.model.command import KINDS
from heliobus.url import DeviceURL
from heliobus.vendor import vendors
from tests.conftest import ROOT
from tests.docs import markdown
from tests.docs.reader import Reader

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OTHERS = [ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *ROOT.glob("src/heliobus/*/README.md")]
DEVICES = {
    "force-a-charge.md": ("--speed", "20"),
    "set-sockets-and-wallboxes.md": ("--speed", "20", "--profile", "v2.1"),
}
"""Pages whose simulated device must not stand still."""
PRIVATE = re.compile(r"/work/|/tmp/|/home/\w|\b(?:10|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d+){2}\b")
REAL_HOST = re.compile(r"https?://(?!127\.0\.0\.1|\[::1\]|localhost)")
PICTURE_LIMIT = 250_000

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
every_file = pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=lambda page: page.relative_to(ROOT).as_posix())


@every_page
def test_what_a_page_says_to_type_works(page: Path, tmp_path: Path) -> None:
    blocks = list(markdown.blocks(page.read_text(encoding="utf-8")))
    assert {block.language for block in blocks} <= {"console", "ini", "python", "sh", "sql", "text", "toml", "yaml"}
    if {block.language for block in blocks} <= {"text"}:
        return
    with Reader(tmp_path, device=DEVICES.get(page.name, ("--freeze",))) as reader:
        for block in blocks:
            reader.do(block)


@every_file
def test_links_lead_somewhere(page: Path) -> None:
    for link in markdown.links(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = page if not path else page.parent / path
        assert "://" not in link, link
        assert target.exists(), link
        assert target.resolve().is_relative_to(ROOT), link
        assert not anchor or anchor in markdown.anchors(target.read_text(encoding="utf-8")), link


@every_file
def test_nothing_private_and_no_foreign_host(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not PRIVATE.findall(text)
    assert not REAL_HOST.findall(text)


def test_every_page_is_listed() -> None:
    index = ROOT / "docs/README.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in markdown.links(index.read_text())}
    pages = [page for page in PAGES[1:] if page != index and page.parent.name != "adr"]
    assert [page.name for page in pages if page.resolve() not in listed] == []


def test_pictures_stay_small() -> None:
    pictures = list((ROOT / "docs/img").iterdir())
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > PICTURE_LIMIT] == []


def test_the_readme_names_every_vendor() -> None:
    systems = " ".join(row[0] for row in markdown.rows((ROOT / "README.md").read_text(), first="system"))
    assert [name for name in vendors() if name not in systems.lower().replace("/", "")] == []


def test_the_readme_s_table_is_the_vendors_data() -> None:
    """Every way to every vendor once: how often it is asked, and what some simulated device of it obeys."""
    supported = (ROOT / "docs/reference/supported.md").read_text(encoding="utf-8")
    wanted = {}
    for name, vendor in vendors().items():
        part = supported.partition(f"<!-- made from code: supported {name} -->")[2].partition("<!-- end -->")[0]
        devices = markdown.rows(part, first="simulated")
        for wire in vendor.wires:
            obeyed = {kind for row in devices if wire.name in row[2].split(", ") for kind in row[5].split(", ")}
            url = DeviceURL(scheme=wire.scheme)
            wanted[f"{wire.scheme}://"] = (f"{vendor.pace(url):g} s", obeyed - {markdown.NOTHING})
    rows = markdown.rows((ROOT / "README.md").read_text(), first="system")
    told = {row[1]: (row[2], {kind for kind in KINDS if kind in re.findall(r"\w+", row[3])}) for row in rows}
    assert told == wanted
    assert len(rows) == len(wanted)


def test_the_readme_warns() -> None:
    text = " ".join((ROOT / "README.md").read_text().split())
    assert "not affiliated with" in text
    assert "outside its normal operating range" in text
    assert "## Before you control anything" in text
