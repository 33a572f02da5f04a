"""What stands around every page: head, wordmark, places, language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from heliobus.errors import UsageError
from heliobus.web.plain.html import Content, Markup, document, tag
from heliobus.web.plain.icons import definitions, wordmark
from heliobus.web.plain.texts import LANGUAGES, choose

if TYPE_CHECKING:
    from datetime import date

    from heliobus.web.plain.texts import Language

_THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a page was asked for: ``asked`` holds ``lang`` and ``theme`` as far as the address names them."""

    language: Language
    asked: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, *, lang: str | None, theme: str | None, accepted: str) -> View:
        """Choose language and theme; UsageError for ones that there are not."""
        if lang is not None and lang not in LANGUAGES:
            raise UsageError("no such language", remedy=f"Use lang={' or lang='.join(LANGUAGES)}.")
        if theme is not None and theme not in _THEMES:
            raise UsageError("no such theme", remedy=f"Use theme={' or theme='.join(_THEMES)}.")
        asked = tuple((name, value) for name, value in (("lang", lang), ("theme", theme)) if value)
        return cls(language=choose(lang, accepted), asked=asked)

    @property
    def theme(self) -> str | None:
        return dict(self.asked).get("theme")

    def link(self, *, d: date | None = None, lang: str | None = None, anchor: str = "") -> str:
        """Give a relative address that keeps language and theme."""
        query = dict(self.asked) | ({"d": d.isoformat()} if d else {}) | ({"lang": lang} if lang else {})
        return f"plain{'?' + urlencode(query) if query else ''}{anchor}"


def frame(
    view: View,
    *content: Content,
    title: str,
    place: str | None = None,
    stamp: Content = None,
    today: date | None = None,
    shown: date | None = None,
    refresh: int | None = None,
    simulated: bool = False,
) -> bytes:
    """Put a page together; ``place`` is the current one, ``today`` where Day leads, ``refresh`` in s.

    A ``simulated`` one says so above everything else.
    """
    language = view.language
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"),
        tag("meta", http_equiv="refresh", content=refresh) if refresh else None,
        tag("title", f"{title} \u2013 heliobus"),
        tag("link", rel="icon", type="image/svg+xml", href="assets/favicon.svg"),
        tag("link", rel="stylesheet", href="assets/tokens.css"),
        tag("link", rel="stylesheet", href="assets/plain.css"),
    )
    other = next(code for code in LANGUAGES if code != language.code)
    switch = tag(
        "a",
        other.upper(),
        class_="lang",
        href=view.link(d=shown, lang=other),
        hreflang=other,
        title=language("lang.other"),
    )
    bar = tag(
        "header",
        tag("a", wordmark(), class_="home", href=view.link()),
        _places(view, place, today),
        tag("div", tag("p", stamp, class_="age") if stamp else None, switch, class_="bar-end"),
        class_="bar",
    )
    skip = tag("a", language("nav.skip"), class_="skip", href="#main")
    banner = tag("p", language("demo.banner"), class_="banner", role="note") if simulated else None
    body = tag("body", definitions(), skip, banner, bar, tag("main", content, id="main"))
    return document(head, body, lang=language.code, data_theme=view.theme)


def _places(view: View, place: str | None, today: date | None) -> Markup:
    places = (
        ("nav.now", view.link()),
        ("nav.day", view.link(d=today) if today else view.link()),
        ("nav.systems", view.link(anchor="#systems")),
    )
    links = [
        tag("a", view.language(key), href=href, aria_current="page" if key == place else None) for key, href in places
    ]
    return tag("nav", links, aria_label=view.language("nav.main"))
