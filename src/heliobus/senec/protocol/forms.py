"""The forms of a page of HTML: what they ask for, by the names of their fields."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Form(NamedTuple):
    """The form that a page asks to be filled in: where it goes, what it asks for, and what it brings along."""

    action: str
    fields: frozenset[str]
    hidden: Mapping[str, str]

    @property
    def asks(self) -> frozenset[str]:
        """What of a login it asks for."""
        return self.fields & _ASKED


_ASKED = frozenset({"username", "password", "otp"})


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Form] = []
        self._open: tuple[str, set[str], dict[str, str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.end_form()
            self._open = (told.get("action", ""), set(), {})
        elif tag == "input" and self._open is not None and told.get("name"):
            self._open[1].add(told["name"])
            if told.get("type") == "hidden":
                self._open[2][told["name"]] = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.end_form()

    def end_form(self) -> None:
        if self._open is not None:
            action, fields, hidden = self._open
            self.found.append(Form(action, frozenset(fields), hidden))
            self._open = None


def forms(page: bytes) -> list[Form]:
    """The forms of a page, in its order."""
    parser = _Forms()
    parser.feed(page.decode("utf-8", "replace"))
    parser.close()
    parser.end_form()
    return parser.found
