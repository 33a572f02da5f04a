"""The contracts between vendors and everything above them, and the discovery of vendors by entry point.

A vendor is one folder that exports ``VENDOR = Vendor(...)`` under the entry-point group ``heliobus.vendors``; a
third-party distribution does the same and is found the same way.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol, Self, runtime_checkable

from heliobus.errors import UsageError
from heliobus.url import DeviceURL

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
    from types import TracebackType

    from heliobus.model.capabilities import Capabilities
    from heliobus.model.command import Command, Outcome
    from heliobus.model.event import Event
    from heliobus.model.identity import Device
    from heliobus.model.snapshot import Snapshot
    from heliobus.simulation.plant import Plant
    from heliobus.transport.clock import Clock
    from heliobus.transport.tls import Peer, Trust
    from heliobus.url import Credentials

GROUP = "heliobus.vendors"


class Source(Protocol):
    """An asynchronous client of one connection: what the poller and the gatekeeper hold.

    Every method raises only errors of ``heliobus.errors``.  Making one does no I/O.
    """

    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def capabilities(self) -> Capabilities:
        """What the device reports and obeys, as far as it is known by now: before it is known, all that it may obey."""
        ...

    async def devices(self) -> tuple[Device, ...]:
        """Tell what is behind this connection."""
        ...

    async def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot:
        """Read one consistent snapshot; ``detail`` is ``live`` (one round trip) or ``full``."""
        ...

    async def raw(self, device: str | Device | None = None, *, detail: str = "live") -> dict[str, Any]:
        """Read the same in the device's own words: decoded, not interpreted, ready for JSON."""
        ...

    async def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome:
        """Carry out a command within the vendor's own bounds and read it back; ``device`` as for ``read``."""
        ...


@runtime_checkable
class Guarded(Protocol):
    """What a source has besides, whose device shows a certificate that no authority vouches for.

    Reading goes on whoever answers; writes and secrets reach only a peer that is accepted.
    """

    @property
    def trust(self) -> Trust:
        """Where its pin is kept; its ``pins`` may be exchanged before the first connection."""
        ...

    @property
    def peer(self) -> Peer | None:
        """Who answered last."""
        ...

    async def accept_certificate(self, peer: Peer) -> None:
        """Let ``peer`` be the known one from now on."""
        ...

    def events(self) -> tuple[Event, ...]:
        """Take what happened since the last call; ``system`` is empty."""
        ...


class BlockingSource(Protocol):
    """The same without ``await``."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def capabilities(self) -> Capabilities: ...
    def devices(self) -> tuple[Device, ...]: ...
    def read(self, device: str | Device | None = None, *, detail: str = "live") -> Snapshot: ...
    def execute(self, command: Command, *, device: str | Device | None = None, dry_run: bool = False) -> Outcome: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationOptions:
    """What a simulated device is made of.

    ``profile`` names a firmware, ``replay`` a recording to answer from instead of the plant, ``faults`` what shall go
    wrong (the vendor's own names).
    """

    plant: Plant
    clock: Clock
    wire: str | None = None
    host: str = "127.0.0.1"
    port: int = 0
    profile: str | None = None
    replay: str | None = None
    faults: tuple[str, ...] = ()


class Simulator(Protocol):
    """A device on a real socket while its context is open."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    @property
    def plant(self) -> Plant:
        """The house behind the device now, with the commands that the device has obeyed."""
        ...

    @property
    def faults(self) -> tuple[str, ...]:
        """What goes wrong from now on, by the vendor's own names; setting it raises UsageError for others."""
        ...

    @faults.setter
    def faults(self, names: Iterable[str], /) -> None: ...

    def announcement(self) -> dict[str, Any]:
        """What ``heliobus simulate`` prints: vendor, url, host, port, base_url, serial, credentials (no truth)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What the owner has to tell before a wire can be read: ``name`` is user, password, key, token or totp.

    ``hint`` says in a few words what it is and where the owner finds it; an ``optional`` one may stay empty.
    """

    name: str
    hint: str
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A device that was found; ``url`` lacks its user, if it needs one.

    ``certain``: it said who it is; otherwise only its port is open.
    """

    url: DeviceURL
    model: str | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How to find out whether a stranger is a device of this vendor.

    Where TCP ``port`` (``name`` for people) is open, ``recognise(host, port)`` is awaited once.  It may read, with one
    question and only what anybody in the network may read; it sends no secret, tries no login and changes nothing.
    None, or an error of ``heliobus.errors``, means: not one of ours.
    """

    name: str
    port: int
    recognise: Callable[[str, int], Awaitable[Sighting | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How finely a wire carries a value: a fixed step in the model's unit, a share of the value, or both."""

    step: float = 0.0
    relative: float = 0.0

    def allows(self, truth: float, got: float) -> bool:
        """Whether ``got`` is ``truth`` as far as the wire can say."""
        return abs(truth - got) <= self.step + self.relative * abs(truth) + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """One way to speak to a vendor's devices.

    ``carries`` maps the model's paths (as ``heliobus.simulation.truth`` names them) to their resolution on this wire,
    per detail; the plant test asserts exactly it.  ``interval``: seconds between two polls, where this way bears
    another pace than the vendor's devices.  ``profiles``: the vendor's that speak this way, where not all do.
    ``lacks``: paths that a profile does not carry although others of this wire do.  ``answers_once``: whether the same
    question is refused at once again, so that two readings of one moment need two devices.  ``needs``: what the owner
    has to tell besides the address.
    """

    name: str
    scheme: str
    interval: float | None = None
    profiles: tuple[str, ...] | None = None
    lacks: Mapping[str, Collection[str]] = field(default_factory=dict)
    answers_once: bool = False
    needs: tuple[Need, ...] = ()
    live: Mapping[str, Resolution] = field(default_factory=dict)
    full: Mapping[str, Resolution] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The vendor's house in the demo.

    ``number`` is its place in the street (None: at the end), ``profile`` the one whose energies can be checked best
    and ``wire`` the way to it (None: the simulator's own defaults).  ``whole``: with standby loss, care charging,
    limits and tariffs; ``car``: with a wallbox, which the wire has to show.  ``faults`` are what a visitor may let
    happen, by name with its title, ``day`` those of a day of what a real house meets, as ``NAME@TIME+DURATION``.
    """

    number: int | None = None
    profile: str | None = None
    wire: str | None = None
    whole: bool = False
    car: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)
    day: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One vendor: how to reach its devices, and how to be one."""

    name: str
    title: str
    wires: tuple[Wire, ...]
    profiles: tuple[str, ...]
    interval: float
    """Seconds between two polls that this vendor's devices bear for years."""
    connect: Callable[[DeviceURL, Credentials, Clock], Source]
    connect_blocking: Callable[[DeviceURL, Credentials, Clock], BlockingSource]
    simulate: Callable[[SimulationOptions], Simulator]
    demo: Demo = field(default_factory=Demo)
    probes: tuple[Probe, ...] = ()
    """How its devices are found in a local network, the surest way first."""

    @property
    def schemes(self) -> tuple[str, ...]:
        """The URL schemes that lead to this vendor, its default wire's first."""
        return tuple(dict.fromkeys(wire.scheme for wire in self.wires))

    def needs(self, url: DeviceURL) -> tuple[Need, ...]:
        """What the owner has to tell for the way at ``url``."""
        return next(wire.needs for wire in self.wires if wire.scheme == url.scheme)

    def pace(self, url: DeviceURL) -> float:
        """Seconds between two polls that the way at ``url`` bears for years."""
        paces = (wire.interval for wire in self.wires if wire.scheme == url.scheme and wire.interval is not None)
        return next(paces, self.interval)


@functools.cache
def vendors() -> Mapping[str, Vendor]:
    """Give every installed vendor by its name."""
    return {point.name: point.load() for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def vendor_of(url: str | DeviceURL) -> tuple[Vendor, DeviceURL]:
    """Find the vendor that a device URL means; UsageError names the known schemes."""
    parsed = DeviceURL.parse(url) if isinstance(url, str) else url
    for vendor in vendors().values():
        if parsed.scheme in vendor.schemes:
            return vendor, parsed
    known = ", ".join(sorted(scheme for vendor in vendors().values() for scheme in vendor.schemes))
    raise UsageError(f"no vendor for {parsed.scheme}://", remedy=f"Use one of: {known}.")
