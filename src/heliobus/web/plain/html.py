"""HTML and SVG as function calls, escaped by construction.

Whatever is not ``Markup`` is text and gets escaped, so a device called ``<script>`` can only ever be read, not run.
``Markup`` is made here and nowhere else.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Final

Content = str | float | None | Iterable["Content"]
"""What may stand inside an element: markup, text, numbers, nested lists; None leaves nothing behind."""
Attribute = str | float | bool | None

_TAG: Final = re.compile(r"<[^>]*>")
_VOID: Final = frozenset({"br", "link", "meta"})


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *content: Content, **attributes: Attribute) -> Markup:
    """Make one element.

    In names of attributes ``_`` stands for ``-`` and a last ``_`` is dropped (``class_``); None and False leave the
    attribute out, True gives it without a value.
    """
    given = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{join(content)}</{name}>")


def join(content: Iterable[Content], *, between: str = "") -> Markup:
    """Put pieces one after the other, ``between`` (text) between them; None is left out."""
    return Markup(html.escape(between).join(_text(piece) for piece in content if piece is not None))


def document(*content: Content, **attributes: Attribute) -> bytes:
    """Give a whole page."""
    return f"<!doctype html>\n{tag('html', *content, **attributes)}\n".encode()


def text_of(markup: Markup) -> str:
    """Give the words of a piece of markup."""
    return html.unescape(_TAG.sub("", markup))


def number(value: float) -> str:
    """Give a coordinate with at most one decimal, without a useless ``.0``."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    key = key.removesuffix("_").replace("_", "-")
    if value is True:
        return f" {key}"
    text = number(value) if isinstance(value, float) else str(value)
    return f' {key}="{html.escape(text)}"'


def _text(piece: Content) -> str:
    if piece is None:
        return ""
    if isinstance(piece, Markup):
        return str(piece)
    if isinstance(piece, str):
        return html.escape(piece)
    if isinstance(piece, int | float):
        return number(piece)
    return join(piece)
