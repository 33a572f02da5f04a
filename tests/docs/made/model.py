"""The unified model, from its dataclasses."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

from heliobus.model.command import KINDS
from heliobus.model.quantity import Quantity
from heliobus.model.snapshot import Snapshot
from tests.docs.markdown import NOTHING, code, prose, table

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_ONE_READING = ("source", "received_at", "device", "device_time", "quality")
_WORDS = {str: "text", bool: "yes or no", float: "number"}


def parts() -> str:
    """Each part of a snapshot: what it is, and its values."""
    hints = get_type_hints(Snapshot, include_extras=True)
    return "\n".join(
        _part(field.name, hints[field.name])
        for field in dataclasses.fields(Snapshot)
        if field.name not in _OF_ONE_READING
    )


def commands() -> str:
    return table(
        ["command", "arguments", "what it asks for"],
        [(code(f"{kind}"), ", ".join(map(code, _arguments(cls))), prose(cls.__doc__)) for kind, cls in KINDS.items()],
    )


def _part(name: str, hint: Any) -> str:
    about: list[str] = []
    values = table(["path", "unit", "kind", "recorded in steps of"], _values(name, hint, about))
    return f"### {name}\n\n" + "".join(f"{line}\n\n" for line in about) + values


def _values(path: str, hint: Any, about: list[str]) -> Iterator[tuple[str, str, str, str]]:
    """Give the rows of a field; ``about`` takes up what is said of the dataclasses on the way."""
    optional = [one for one in get_args(hint) if one is not type(None)]
    if get_origin(hint) is Annotated:
        (quantity,) = (one for one in get_args(hint) if isinstance(one, Quantity))
        step = f"{10.0**quantity.exp10:g} {quantity.unit}".strip()
        yield code(path), quantity.unit or NOTHING, quantity.kind, step
    elif get_origin(hint) is tuple and dataclasses.is_dataclass(optional[0]):
        yield from _values(f"{path}.*", optional[0], about)
    elif get_origin(hint) is tuple:
        ((_, unit, _, _),) = _values(path, get_args(optional[0])[0], about)
        yield code(f"{path}[]"), unit, "list", NOTHING
    elif dataclasses.is_dataclass(hint):
        about.append(f"{code(path)}: {prose(hint.__doc__)}")
        about += [
            f"{code(f'{path}.{name}')} (in Python only): {prose(one.__doc__)}"
            for name, one in vars(hint).items()
            if isinstance(one, property)
        ]
        for name, inner in get_type_hints(hint, include_extras=True).items():
            yield from _values(f"{path}.{name}", inner, about)
    elif optional:
        yield from _values(path, optional[0], about)
    else:
        yield code(path), NOTHING, _WORDS[hint], NOTHING


def _arguments(command: type) -> list[str]:
    return [field.name for field in dataclasses.fields(command) if field.name != "lease"]


BLOCKS = {"parts": parts, "commands": commands}
