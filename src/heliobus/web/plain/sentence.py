"""One sentence that says what is happening: what every tired person and every screen reader gets first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.web.plain.flows import Flows, Taps, flows
from heliobus.web.plain.html import Markup, join, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def sentence(taps: Taps, language: Language) -> Markup:
    """Say what the sun, the house, the battery and the grid do, and what of it is not known."""
    directed = flows(taps)
    if directed is None:
        return _what_is_known(taps, language)
    imported = directed.given["grid"] > DEAD_BAND["grid"]
    discharged = directed.given["store"] > DEAD_BAND["store"]
    if directed.given["sun"] > DEAD_BAND["sun"] and not imported and not discharged:
        return _surplus(directed, language)
    return _need(directed, language)


def _surplus(directed: Flows, language: Language) -> Markup:
    takers = _takers(directed, ("car", "store", "grid"), language)
    if not takers:
        return _say(language, "say.sun.match", power=_strong(directed.given["sun"], language))
    return join(
        [
            _say(language, "say.sun.gives", power=_strong(directed.given["sun"], language)),
            takers,
            _say(language, "say.uses", power=_strong(directed.taken["house"], language)),
        ],
        between=" ",
    )


def _need(directed: Flows, language: Language) -> Markup:
    used = directed.taken["house"] + directed.taken["car"]
    parts = {
        source: power
        for source in ("grid", "store", "sun")
        if (power := directed.of_source(source, "house", "car")) > DEAD_BAND[source]
    }
    user = language("say.user.both" if directed.taken["car"] > DEAD_BAND["car"] else "say.user.house")
    ranked = sorted(parts, key=lambda source: -parts[source])
    if len(ranked) > 1:
        pieces = [
            _say(language, "say.part", power=_strong(parts[source], language), source=language(f"say.from.{source}"))
            for source in ranked
        ]
        first = _say(language, "say.uses.of", user=user, power=_strong(used, language), sources=_list(pieces, language))
    elif ranked:
        source = language(f"say.from.{ranked[0]}")
        first = _say(language, "say.uses.all", user=user, power=_strong(used, language), source=source)
    else:
        first = _say(language, "say.uses", power=_strong(used, language))
    return join([first, _takers(directed, ("store", "grid"), language)], between=" ")


def _takers(directed: Flows, names: Sequence[str], language: Language) -> Markup | None:
    """Say who else takes power; None if nobody does."""
    taking = [name for name in names if directed.taken[name] > DEAD_BAND[name]]
    if not taking:
        return None
    pieces = [
        _say(
            language,
            f"say.takes.{'next' if position else 'first'}.{name}",
            power=_strong(directed.taken[name], language),
        )
        for position, name in enumerate(taking)
    ]
    return _say(language, "say.takes", sinks=join(pieces, between=language("say.comma")))


def _what_is_known(taps: Taps, language: Language) -> Markup:
    said: list[Content] = []
    missing: list[str] = []
    for name in ("sun", "store", "grid", "car", "house"):
        power = getattr(taps, name)
        if power is None:
            missing.append(language(f"say.name.{name}"))
        elif name == "house":
            said.append(_say(language, "say.uses", power=_strong(power, language)))
        elif abs(power) > DEAD_BAND[name]:
            said.append(_say(language, f"say.{state(name, power)}", power=_strong(abs(power), language)))
    said.append(_say(language, "say.unknown", names=_list(missing, language)))
    return join(said, between=" ")


def _list(pieces: Sequence[Content], language: Language) -> Markup:
    """Join with commas and a last "and"."""
    if len(pieces) == 1:
        return join(pieces)
    head = join(pieces[:-1], between=language("say.comma"))
    return join([head, pieces[-1]], between=language("say.and"))


def _say(language: Language, key: str, **values: Content) -> Markup:
    """Fill a text with markup: the words are escaped, then the values put in their places."""
    template = language.words[key]
    pieces: list[Content] = []
    while "{" in template:
        before, _, rest = template.partition("{")
        name, _, template = rest.partition("}")
        pieces += [before, values[name]]
    return join([*pieces, template])


def _strong(power: float, language: Language) -> Markup:
    return tag("b", str(language.numbers.power(power)))
