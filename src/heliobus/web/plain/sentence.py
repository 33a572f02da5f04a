"""One sentence that says what is happening: what every tired person and every screen reader gets first.

It is composed once, without words: ``say`` gives the texts to use and the powers in them.  The page without JavaScript
fills it in here, the front end does the same with the same texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from heliobus.web.plain.flows import Flows, Taps, flows
from heliobus.web.plain.html import Markup, join, tag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heliobus.web.plain.html import Content
    from heliobus.web.plain.texts import Language

DEAD_BAND = {"sun": 20.0, "house": 0.0, "car": 20.0, "store": 20.0, "grid": 30.0}
"""Below this many W nothing is going on: standby and measuring noise are no news."""


def state(name: str, power: float | None) -> str:
    """Give the text key for what a tap does."""
    if power is None:
        return "unknown"
    if name == "house":
        return "house.uses"
    if abs(power) <= DEAD_BAND[name]:
        return f"{name}.rests"
    # What the sun takes at night is the inverter's own standby.
    return f"{name}.takes" if name == "car" or power < 0 else f"{name}.gives"


@dataclass(frozen=True, slots=True)
class Said:
    """A text of ``web/texts`` and what stands in its places: powers in W, or further texts."""

    key: str
    values: Mapping[str, Value]

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.key, "values": {name: _plain(value) for name, value in self.values.items()}}


@dataclass(frozen=True, slots=True)
class Listed:
    """Texts one after the other: commas between them, ``last`` before the last one."""

    items: Sequence[Said]
    last: Literal["say.and", "say.comma"]

    def to_dict(self) -> dict[str, Any]:
        return {"items": [item.to_dict() for item in self.items], "last": self.last}


Value: TypeAlias = "float | Said | Listed"


def _plain(value: Value) -> Any:
    return value if isinstance(value, int | float) else value.to_dict()


def sentence(taps: Taps, language: Language) -> Markup:
    """Give ``say`` in a language, the powers in strong type."""
    return join([_filled(said, language) for said in say(taps)], between=" ")


def _filled(value: Value, language: Language) -> Markup:
    """The words are escaped, then the values put in their places."""
    if isinstance(value, Listed):
        pieces = [_filled(item, language) for item in value.items]
        head = join(pieces[:-1], between=language("say.comma"))
        return join([head, pieces[-1]], between=language(value.last)) if len(pieces) > 1 else pieces[0]
    if not isinstance(value, Said):
        return tag("b", str(language.numbers.power(value)))
    template = language.words[value.key]
    words: list[Content] = []
    while "{" in template:
        before, _, rest = template.partition("{")
        name, _, template = rest.partition("}")
        words += [before, _filled(value.values[name], language)]
    return join([*words, template])


def say(taps: Taps) -> list[Said]:
    """Say what the sun, the house, the battery and the grid do, and what of it is not known."""
    directed = flows(taps)
    if directed is None:
        return _what_is_known(taps)
    imported = directed.given["grid"] > DEAD_BAND["grid"]
    discharged = directed.given["store"] > DEAD_BAND["store"]
    if directed.given["sun"] > DEAD_BAND["sun"] and not imported and not discharged:
        return _surplus(directed)
    return _need(directed)


def _surplus(directed: Flows) -> list[Said]:
    takers = _takers(directed, ("car", "store", "grid"))
    sun = {"power": directed.given["sun"]}
    if not takers:
        return [Said("say.sun.match", sun)]
    return [Said("say.sun.gives", sun), *takers, Said("say.uses", {"power": directed.taken["house"]})]


def _need(directed: Flows) -> list[Said]:
    used = directed.taken["house"] + directed.taken["car"]
    parts = {
        source: power
        for source in ("grid", "store", "sun")
        if (power := directed.of_source(source, "house", "car")) > DEAD_BAND[source]
    }
    user = Said("say.user.both" if directed.taken["car"] > DEAD_BAND["car"] else "say.user.house", {})
    ranked = sorted(parts, key=lambda source: -parts[source])
    if len(ranked) > 1:
        sources = [
            Said("say.part", {"power": parts[source], "source": Said(f"say.from.{source}", {})}) for source in ranked
        ]
        first = Said("say.uses.of", {"user": user, "power": used, "sources": Listed(sources, "say.and")})
    elif ranked:
        first = Said("say.uses.all", {"user": user, "power": used, "source": Said(f"say.from.{ranked[0]}", {})})
    else:
        first = Said("say.uses", {"power": used})
    return [first, *_takers(directed, ("store", "grid"))]


def _takers(directed: Flows, names: Sequence[str]) -> list[Said]:
    """Say who else takes power."""
    taking = [name for name in names if directed.taken[name] > DEAD_BAND[name]]
    if not taking:
        return []
    pieces = [
        Said(f"say.takes.{'next' if position else 'first'}.{name}", {"power": directed.taken[name]})
        for position, name in enumerate(taking)
    ]
    return [Said("say.takes", {"sinks": Listed(pieces, "say.comma")})]


def _what_is_known(taps: Taps) -> list[Said]:
    said: list[Said] = []
    missing: list[Said] = []
    for name in ("sun", "store", "grid", "car", "house"):
        power = getattr(taps, name)
        if power is None:
            missing.append(Said(f"say.name.{name}", {}))
        elif name == "house":
            said.append(Said("say.uses", {"power": power}))
        elif abs(power) > DEAD_BAND[name]:
            said.append(Said(f"say.{state(name, power)}", {"power": abs(power)}))
    return [*said, Said("say.unknown", {"names": Listed(missing, "say.and")})]
