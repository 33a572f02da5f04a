"""From a request to its answer: rows that say what stands behind a tag, and the errors for everything else.

A row's content is a value, or how it follows from a ``subject``: the moment of the whole system, or one battery, meter
or wallbox of it.  The type on the wire is the one that the public lists give to the answer's tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeAlias, TypeVar

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Timestamp, Type, Value, tags

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RESPONSE = 0x00800000
"""The bit that makes an answer of most requests."""

S = TypeVar("S")


class Row(NamedTuple, Generic[S]):
    """The tag of an answer, and what stands behind it for a subject and the request."""

    tag: int
    content: Callable[[S, Item], Value]

    def answer(self, subject: S, asked: Item) -> Item:
        return item(self.tag, self.content(subject, asked))


Table: TypeAlias = "Mapping[int, Row[S]]"
"""Rows by the tag of the request."""


def item(tag: int, value: Value) -> Item:
    """The item of a value, in the type that the lists say, or the one that the value needs."""
    match value:
        case ErrorAnswer():
            return Item(tag, Type.ERROR, value)
        case None:
            return Item(tag)
        case list():
            return Item(tag, Type.CONTAINER, value)
        case Timestamp():
            return Item(tag, Type.TIMESTAMP, value)
        case _:
            kind = tags.type_of(tag)
            if kind is None:
                raise LookupError(f"no list says how {tags.label(tag)} travels")
            return Item(tag, kind, value)


def error(asked: Item, code: ErrorCode) -> Item:
    """The answer that gives no value."""
    return Item(asked.tag | RESPONSE, Type.ERROR, ErrorAnswer(code))


def refusal(asked: Item) -> Item:
    """The answer to what no row knows: not there in this system, or not known at all."""
    known = tags.name(asked.tag) is not None and not asked.tag & RESPONSE
    return error(asked, ErrorCode.NOT_AVAILABLE if known else ErrorCode.UNKNOWN_TAG)


def reads(namespace: str, contents: Mapping[str, Value | Callable[[S], Value]]) -> dict[int, Row[S]]:
    """Rows for requests without a parameter, by the name of the value: ``X_REQ_name`` is answered by ``X_name``."""
    return {
        tags.code(f"{namespace}_REQ_{name}"): Row(tags.code(f"{namespace}_{name}"), _constant_or_of(content))
        for name, content in contents.items()
    }


def asks(namespace: str, contents: Mapping[str, Callable[[S, Item], Value]]) -> dict[int, Row[S]]:
    """The same for requests that have a parameter, or an effect."""
    return {
        tags.code(f"{namespace}_REQ_{name}"): Row(tags.code(f"{namespace}_{name}"), content)
        for name, content in contents.items()
    }


def _constant_or_of(content: Value | Callable[[S], Value]) -> Callable[[S, Item], Value]:
    if callable(content):
        of = content
        return lambda subject, _: of(subject)
    constant: Value = content
    return lambda _, __: constant
