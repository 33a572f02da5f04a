"""What can go wrong between a device and its client, by name; several at once add up in the table's order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from struct import Struct
from types import MappingProxyType
from typing import TYPE_CHECKING

from heliobus.e3dc.protocol import MAX_DATA, ErrorAnswer, ErrorCode, Item, Type, tags
from heliobus.e3dc.simulator.answering import RESPONSE, error
from heliobus.e3dc.simulator.equipment import CONSUMPTION, PRODUCTION, ROOT, WALLBOX, Equipment
from heliobus.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SLOW = 5.0
"""Seconds before each answer."""
IDLE = 60.0
"""Seconds after which a connection that asks nothing is dropped."""

FOREVER = 1e9
"""Seconds: thirty years."""

_UNKNOWN = (Item(0x0100BEEF, Type.INT32, 1), Item(0x0100BEF0, 0x42, b"\x01\x02"))
_BOMB = 100  # containers inside one another
_FILLER = 0x0100BEF1
_GAPS = MappingProxyType({0: ROOT, 1: CONSUMPTION, 3: PRODUCTION, 6: WALLBOX})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong."""

    equipment: Callable[[Equipment], Equipment] = lambda equipment: equipment
    """What the system is made of instead."""
    answer: Callable[[Item, Item], Item] = lambda _, answer: answer
    """What becomes of the right answer to a request."""
    data: Callable[[bytes], bytes] = lambda data: data
    """What becomes of the items of a frame."""
    frame: Callable[[bytes], bytes] = lambda frame: frame
    """What becomes of the frame, before its encryption."""
    wire: Callable[[bytes], bytes] = lambda sent: sent
    """What becomes of the bytes on the wire."""
    checksum_ends_00: bool = False
    delay: float = 0.0
    """Seconds of the device's clock before the answer."""
    segment: int = 0
    """The most bytes that travel at once, 0 for all."""
    patience: float = FOREVER
    """Seconds for which a connection may be idle."""
    repeats: bool = False
    """Sends each answer twice, so that the next request reads an old one."""
    refuses: bool = False
    """Closes each connection at once, as to clients of another network."""
    closes: bool = False
    """Closes the connection after what it has sent."""
    resets: bool = False
    """Lets the lifetime counters begin anew when it comes."""
    skew: timedelta = timedelta(0)
    """How far the device's clock is ahead."""


def _deep(change: Callable[[Item], Item]) -> Callable[[Item, Item], Item]:
    """Change an answer and everything in it."""

    def whole(answer: Item) -> Item:
        changed = change(answer)
        return changed._replace(value=[whole(child) for child in changed.children]) if changed.children else changed

    return lambda _, answer: whole(answer)


def _number_for_flag(answer: Item) -> Item:
    return answer._replace(type=Type.UCHAR8, value=int(bool(answer.value))) if answer.type == Type.BOOL else answer


def _with_request_tag(answer: Item) -> Item:
    return answer._replace(tag=answer.tag & ~RESPONSE) if answer.type == Type.ERROR else answer


def _with_unknown(answer: Item) -> Item:
    return answer._replace(value=[*_UNKNOWN, *answer.children]) if answer.type == Type.CONTAINER else answer


def _failing(code: ErrorCode, *wanted: str) -> Callable[[Item], Item]:
    """The answers to these requests are errors."""
    failing = {tags.code(name) | RESPONSE for name in wanted}

    def change(answer: Item) -> Item:
        return Item(answer.tag, Type.ERROR, ErrorAnswer(code)) if answer.tag in failing else answer

    return change


def _later(answer: Item) -> Item:
    later = -2
    asked = answer.tag & ~RESPONSE
    setting = tags.EMS_POWER_LIMITS_USED <= asked <= tags.EMS_WEATHER_REGULATED_CHARGE_ENABLED
    return answer._replace(value=later) if setting and answer.type == Type.CHAR8 else answer


def _unchanged(_: Item, answer: Item) -> Item:
    return answer._replace(value=[]) if answer.tag == tags.EMS_GET_IDLE_PERIODS_2 else answer


_HEADER = Struct("<IBH")  # of an item, written here because the encoder would refuse what these faults make


def _nested(_: bytes) -> bytes:
    data = b""
    for _depth in range(_BOMB):
        data = _HEADER.pack(tags.EMS_GET_SYS_SPECS, Type.CONTAINER, len(data)) + data
    return data


def _filled(data: bytes) -> bytes:
    """As much as a frame holds: the answers, and a text with a tag that nobody knows."""
    length = max(MAX_DATA - len(data) - _HEADER.size, 0)
    return data + _HEADER.pack(_FILLER, Type.CSTRING, length) + b"x" * length


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        # what firmwares and models differ in (SPEC 7)
        "bool-as-uchar8": Fault(answer=_deep(_number_for_flag)),
        "idle-periods-in-minutes": Fault(equipment=lambda e: replace(e, idle_unit=60)),
        "idle-periods-unchanged": Fault(answer=_unchanged),
        "midnight": Fault(
            answer=_deep(
                _failing(
                    ErrorCode.UNSPECIFIED,
                    "DB_REQ_HISTORY_DATA_DAY",
                    "DB_REQ_HISTORY_DATA_WEEK",
                    "DB_REQ_HISTORY_DATA_MONTH",
                    "DB_REQ_HISTORY_DATA_YEAR",
                )
            )
        ),
        "missing-values": Fault(
            answer=_deep(
                _failing(
                    ErrorCode.NOT_AVAILABLE,
                    "PVI_REQ_FREQUENCY_UNDER_OVER",
                    "PVI_REQ_VOLTAGE_MONITORING",
                    "WB_REQ_PM_POWER_L1",
                    "WB_REQ_PM_POWER_L2",
                    "WB_REQ_PM_POWER_L3",
                )
            )
        ),
        "hv-batteries": Fault(
            answer=_deep(
                _failing(
                    ErrorCode.OUT_OF_BOUNDS,
                    "BAT_REQ_DCB_ALL_CELL_TEMPERATURES",
                    "BAT_REQ_DCB_ALL_CELL_VOLTAGES",
                    "BAT_REQ_DCB_INFO",
                )
            )
        ),
        "pm-gaps": Fault(equipment=lambda e: replace(e, meters=_GAPS)),
        "settings-later": Fault(answer=_deep(_later)),
        "unknown-tags": Fault(answer=_deep(_with_unknown)),
        "wallbox-at-1": Fault(equipment=lambda e: replace(e, wallboxes=(1,))),
        "again": Fault(answer=lambda asked, _: error(asked, ErrorCode.AGAIN)),
        "error-request-tag": Fault(answer=_deep(_with_request_tag)),  # also of the errors above
        "clock-jump": Fault(skew=timedelta(hours=1)),
        "counter-reset": Fault(resets=True),
        # frames
        "big": Fault(data=_filled),
        "crc-ends-00": Fault(checksum_ends_00=True),
        "empty-frame": Fault(data=lambda _: b""),
        "nesting-bomb": Fault(data=_nested),
        "wrong-crc": Fault(frame=lambda frame: frame[:-1] + bytes([frame[-1] ^ 0x01])),
        "wrong-length": Fault(frame=lambda frame: frame[:16] + b"\xff\xff" + frame[18:]),
        "wrong-magic": Fault(frame=lambda frame: b"\xe3\xdd" + frame[2:]),
        # the connection
        "close": Fault(refuses=True),
        "cut-frame": Fault(wire=lambda sent: sent[: len(sent) * 2 // 3], closes=True),
        "garbage": Fault(wire=lambda sent: bytes(byte ^ 0x55 for byte in sent)),
        "idle-drop": Fault(patience=IDLE),
        "segments": Fault(segment=48),
        "silent": Fault(delay=FOREVER),
        "single-bytes": Fault(segment=1),
        "slow": Fault(delay=SLOW),
        "twice": Fault(repeats=True),
    }
)


def faults_of(names: Iterable[str]) -> tuple[Fault, ...]:
    """The faults of these names, in the table's order; UsageError names those that there are."""
    wanted = set(names)
    if unknown := sorted(wanted - FAULTS.keys()):
        raise UsageError(f"no E3/DC fault {unknown[0]!r}", remedy=f"Use one of: {', '.join(FAULTS)}.")
    return tuple(fault for name, fault in FAULTS.items() if name in wanted)
