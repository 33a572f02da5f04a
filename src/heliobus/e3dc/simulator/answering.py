"""From a request to its answer: rows that say what stands behind a tag, and the errors for everything else.

A row's content follows from a *subject*: the moment of the whole system, or one battery, meter or wallbox of it.  The
type on the wire is the one that the public lists give to the answer's tag, except for ``_TYPES``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeAlias, TypeVar

from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Item, Timestamp, Type, Value, tags

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

RESPONSE = 0x00800000
"""The bit that makes an answer of most requests."""
GENERAL_ERROR = 0x00FFFFFF
"""In each namespace, the tag of an error that belongs to no value."""

_TYPES = {
    tags.BAT_ERROR_CODE: Type.UINT32,  # the lists disagree; pye3dc's users see numbers
    tags.BAT_STATUS_CODE: Type.UINT32,  # same
    tags.DB_BAT_CYCLE_COUNT: Type.INT32,  # captures: a device's history
    tags.PVI_TEMPERATURE_COUNT: Type.UCHAR8,  # the lists have no type
    tags.PVI_VALUE: Type.FLOAT32,  # same; SPEC 6.3
    tags.WB_EXTERN_DATA_LEN: Type.INT32,  # captures: a device's wallbox
}

S = TypeVar("S")
D = TypeVar("D")


class Row(NamedTuple, Generic[S]):
    """The tag of an answer, and what stands behind it for a subject and the request."""

    tag: int
    content: Callable[[S, Item], Value]

    def answer(self, subject: S, asked: Item) -> Item:
        return item(self.tag, self.content(subject, asked))


Table: TypeAlias = "dict[int, Row[S]]"
"""Rows by the tag of the request."""
Contents: TypeAlias = "Mapping[str, Value | Callable[[S], Value]]"


def item(tag: int, value: Value) -> Item:
    """The item of a value, in the type that devices use for it."""
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
            kind = _TYPES.get(tag, tags.type_of(tag))
            if kind is None:
                raise LookupError(f"no list says how {tags.label(tag)} travels")
            return Item(tag, kind, value)


def items(namespace: str, values: Mapping[str, Value]) -> list[Item]:
    """The content of a container: items by their names, without the namespace."""
    return [item(tags.code(f"{namespace}_{name}"), value) for name, value in values.items()]


def error(asked: Item, code: ErrorCode) -> Item:
    """The answer that gives no value."""
    return Item(asked.tag | RESPONSE, Type.ERROR, ErrorAnswer(code))


def refusal(asked: Item) -> Item:
    """The answer to what no row knows: not there in this system, or not known at all."""
    known = tags.name(asked.tag) is not None and not asked.tag & RESPONSE
    return error(asked, ErrorCode.NOT_AVAILABLE if known else ErrorCode.UNKNOWN_TAG)


def answer(table: Table[S], subject: S, asked: Item) -> Item:
    row = table.get(asked.tag)
    return refusal(asked) if row is None else row.answer(subject, asked)


def reads(namespace: str, contents: Contents[S]) -> Table[S]:
    """Rows for requests without a parameter, by the name of the value: ``X_REQ_name`` is answered by ``X_name``."""
    return asks(namespace, {name: _constant_or_of(content) for name, content in contents.items()})


def asks(namespace: str, contents: Mapping[str, Callable[[S, Item], Value]]) -> Table[S]:
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


def indexed(namespace: str, table: Table[D], find: Callable[[S, int], D | None]) -> Table[S]:
    """The row of the devices of one kind, where ``find`` gives the one at an index.

    ``X_REQ_DATA { X_INDEX, requests }`` is answered by ``X_DATA { X_INDEX, answers }``.
    """
    data = tags.code(f"{namespace}_DATA")
    index_tag = tags.code(f"{namespace}_INDEX")
    missing = Item(data | GENERAL_ERROR, Type.ERROR, ErrorAnswer(ErrorCode.NOT_AVAILABLE))

    def content(subject: S, asked: Item) -> Value:
        index = asked.get(index_tag)
        if index is None or not isinstance(index.value, int):
            return ErrorAnswer(ErrorCode.FORMAT)
        device = find(subject, index.value)
        if device is None:
            return [index, missing]
        return [index, *(answer(table, device, child) for child in asked.children if child.tag != index_tag)]

    return {tags.code(f"{namespace}_REQ_DATA"): Row(data, content)}
