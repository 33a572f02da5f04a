"""The rows of Growatt's answers: how each kind of value is read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from heliobus.growatt import protocol
from heliobus.model.records import Record, Row

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from heliobus.growatt.protocol import Json, Money

R = TypeVar("R", bound=Record)


def number(key: str, unit: str = "") -> Row[float | None]:
    return Row(key, partial(protocol.number, unit=unit) if unit else protocol.number, unit)


def integer(key: str) -> Row[int | None]:
    return Row(key, protocol.integer)


def text(key: str) -> Row[str | None]:
    return Row(key, protocol.text)


def flag(key: str) -> Row[bool | None]:
    return Row(key, protocol.flag)


def money(key: str) -> Row[Money | None]:
    return Row(key, protocol.money)


def java_time(key: str) -> Row[datetime | None]:
    return Row(key, protocol.java_time)


def record(key: str, kind: type[R]) -> Row[R | None]:
    return Row(key, lambda value: kind(value) if isinstance(value, dict) else None, kind=kind)


def records(key: str, kind: type[R]) -> Row[tuple[R, ...]]:
    def read(value: Json) -> tuple[R, ...]:
        return tuple([kind(one) for one in value if isinstance(one, dict)]) if isinstance(value, list) else ()

    return Row(key, read, kind=kind)


def numbers(key: str, unit: str = "") -> Row[Mapping[str, float | None]]:
    """Numbers by a label, such as a day of the month."""

    def read(value: Json) -> dict[str, float | None]:
        pairs = value.items() if isinstance(value, dict) else ()
        return {label: protocol.number(one, unit) for label, one in pairs}

    return Row(key, read, unit)


def texts(key: str) -> Row[tuple[str, ...]]:
    def read(value: Json) -> tuple[str, ...]:
        found = [protocol.text(one) for one in value] if isinstance(value, list) else []
        return tuple([one for one in found if one is not None])

    return Row(key, read)


def labelled(key: str) -> Row[Mapping[str, str]]:
    """Texts by their label, out of a list of objects with one field each."""

    def read(value: Json) -> dict[str, str]:
        pairs = (
            [pair for one in value if isinstance(one, dict) for pair in one.items()] if isinstance(value, list) else []
        )
        return {label: found for label, one in pairs if (found := protocol.text(one)) is not None}

    return Row(key, read)


def curves(key: str, unit: str = "") -> Row[Mapping[str, Mapping[str, float | None]]]:
    """Curves by their name, each by the time of day; the server also sends rows by the time of day (SPEC A.7)."""
    return Row(key, lambda value: read_curves(value, unit), unit)


def read_curves(value: Json, unit: str = "") -> dict[str, dict[str, float | None]]:
    """Curves by their name and label, out of either form."""
    found: dict[str, dict[str, float | None]] = {}
    for label, inner in value.items() if isinstance(value, dict) else ():
        if isinstance(inner, dict):
            for name, one in inner.items():
                found.setdefault(name, {})[label] = protocol.number(one, unit)
        elif isinstance(inner, list):
            found[label] = {str(place): protocol.number(one, unit) for place, one in enumerate(inner)}
    return found
