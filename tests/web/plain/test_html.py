from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from heliobus.web.plain.html import Markup, document, join, number, tag, text_of


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[str] = []
        self.values: list[str | None] = []

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value for _, value in attrs]


@given(st.text(), st.text())
@example("<script>alert(1)</script>", '"\' onload=alert(1) x="')
@example("</p><img src=x onerror=alert(1)>", "javascript:alert(1)")
@example("&lt;b&gt;", "&quot;")
def test_text_is_only_ever_text(content: str, attribute: str) -> None:
    made = tag("p", content, title=attribute)
    reader = Reader()
    reader.feed(made)
    reader.close()
    assert reader.tags == ["p"]
    assert "<" not in made.removeprefix("<p ").removesuffix("</p>").replace("&lt;", "")
    assert text_of(made) == content
    if not set("\r\0") & set(content + attribute):
        assert (reader.words, reader.values) == (content, [attribute])


def test_elements_nest_and_attributes_are_named() -> None:
    made = tag("a", tag("b", "x"), [1, None, [2.55, "<"]], class_="k", aria_label="l", hidden=True, lang=None, x=False)
    assert made == '<a class="k" aria-label="l" hidden><b>x</b>12.5&lt;</a>'
    assert tag("br") == "<br>"
    assert tag("meta", charset="utf-8") == '<meta charset="utf-8">'


def test_join_leaves_out_what_is_not_there() -> None:
    assert join(["a", None, "b"], between=" & ") == "a &amp; b"
    assert join([]) == Markup("")


def test_coordinates_are_short() -> None:
    assert [number(value) for value in (1.0, 2.55, -0.04, 3.14159, 1200.0)] == ["1", "2.5", "0", "3.1", "1200"]


def test_a_page_begins_as_one() -> None:
    assert document(tag("body"), lang="de").startswith(b'<!doctype html>\n<html lang="de"><body>')
