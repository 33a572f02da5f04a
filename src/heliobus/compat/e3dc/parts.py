"""What the devices of a system have in common: values by the old keys, and the search for what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.compat.e3dc.errors import NotAvailableError
from heliobus.compat.e3dc.message import plain
from heliobus.compat.e3dc.system import System
from heliobus.e3dc.models import PLACES
from heliobus.e3dc.models.indexed import answers_inside, holds_values, index_of
from heliobus.e3dc.protocol import Item, tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heliobus.e3dc.models import Kind

    Answers = tuple[dict[int, Item], dict[int, dict[int, Item]]]


def table(namespace: str, names: Mapping[str, str]) -> dict[str, int]:
    """Keys with the tags of a namespace."""
    return {key: tags.code(f"{namespace}_{name}") for key, name in names.items()}


def by_key(keys: Mapping[str, int], answers: Mapping[int, Item]) -> dict[str, Any]:
    """The values under their old keys; None where the device gave none."""
    return {key: plain(answers.get(tag)) for key, tag in keys.items()}


def inside(keys: Mapping[str, int], holder: Item | None) -> dict[str, Any]:
    """The same for the children of a container."""
    return by_key(keys, {} if holder is None else {child.tag: child for child in holder.children})


def plain_requests(*tables: Mapping[str, int]) -> list[Item]:
    """Requests without a parameter for all that stands in the tables."""
    return [Item(tag) for tag in dict.fromkeys(tag for keys in tables for tag in keys.values())]


def opened(kind: Kind, request: Item, answer: Item | None) -> Answers:
    """What a device answered: by request, and by parameter and request.  Raises NotAvailableError if there is none."""
    own, parts = answers_inside(request, answer)
    if not holds_values(answer for answers in (own, *parts.values()) for answer in answers.values()):
        raise NotAvailableError(f"there is no {kind.name} {index_of(request)}")
    return own, parts


class Parts(System):
    def _find(self, kind: Kind, keys: Mapping[str, int]) -> list[dict[str, Any]]:
        """The values of all devices of a kind, in one exchange; those count that tell all of them."""
        asked = [kind.ask(index, *plain_requests(keys)) for index in PLACES]
        given = zip(asked, self.rscp.ask(*asked), strict=True)
        told = [{"index": index, **by_key(keys, answers_inside(*one)[0])} for index, one in enumerate(given)]
        return [values for values in told if None not in values.values()]

    def _read(self, kind: Kind, index: int, requests: Iterable[Item]) -> Answers:
        """The answers of one device: by request, and by parameter and request; NotAvailableError if there is none."""
        request = kind.ask(index, *requests)
        return opened(kind, request, self.rscp.one(request))


def places(count: int | None) -> range | None:
    """The indices of so many parts; None, which means all of them, where the number is not given."""
    return None if count is None else range(count)
