"""What answers read as: of real devices where there are recordings, and of devices that say less or other things."""

from __future__ import annotations

import json
import math
from datetime import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.e3dc import models
from heliobus.e3dc.models import indexed, rows
from heliobus.e3dc.models.answers import RESPONSE
from heliobus.e3dc.protocol import ErrorAnswer, ErrorCode, Frame, Item, Type, decode, parse_frame, tags

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = [
    value
    for value in (*vars(models).values(), *vars(indexed).values())
    if isinstance(value, type) and issubclass(value, rows.Record) and value.rows
]
UNITS = [value for value in RECORDS if issubclass(value, indexed.Unit) and hasattr(value, "kind")]


def item(tag: int, kind: int, value: Any) -> Item:
    return Item(tag, kind, value)


def error(tag: int) -> Item:
    return Item(tag, Type.ERROR, ErrorAnswer(ErrorCode.NOT_AVAILABLE))


# -- every record


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_of_nothing_everything_is_unknown(record: type[rows.Record]) -> None:
    more = {"index": 0} if "index" in getattr(record, "__dataclass_fields__", {}) else {}
    empty = record({}, **more)
    assert set(empty.values().values()) == {None}
    assert empty.errors == {}
    assert repr(empty) == f"{record.__name__}()"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_errors_are_no_values(record: type[rows.Record]) -> None:
    more = {"index": 0} if "index" in getattr(record, "__dataclass_fields__", {}) else {}
    failed = record({request.tag: error(request.tag | RESPONSE) for request in record.requests()}, **more)
    assert set(failed.values().values()) == {None}
    assert failed.errors.keys() == record.rows.keys()


anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.just([Item(1, Type.INT32, 1)])
)


@settings(max_examples=20)
@given(st.data())
@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_anything_reads_as_a_value_or_none(record: type[rows.Record], data: st.DataObject) -> None:
    more = {"index": 0} if "index" in getattr(record, "__dataclass_fields__", {}) else {}
    values = data.draw(st.lists(anything, min_size=3, max_size=3))
    answers = {
        request.tag: Item(request.tag | RESPONSE, data.draw(st.sampled_from(Type)), values[place % 3])
        for place, request in enumerate(record.requests())
    }
    for value in record(answers, **more).values().values():
        assert not isinstance(value, float) or math.isfinite(value)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_row_says_what_it_is(record: type[rows.Record]) -> None:
    assert all(row.meaning for row in record.rows.values())
    assert all(tags.name(row.tag) for row in record.rows.values())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.__name__)
def test_a_place_without_a_device(unit: type[indexed.Unit]) -> None:
    request = unit.ask(3)
    index = request.children[0]
    data = request.tag | RESPONSE
    for answer in (
        None,
        error(data),
        error(request.tag),
        Item(data, Type.CONTAINER, []),
        Item(data, Type.CONTAINER, [index, error(data | 0x7FFFFF)]),
        Item(data, Type.CONTAINER, [index, *(error(child.tag | RESPONSE) for child in request.children[1:])]),
    ):
        assert unit.read(request, answer) is None


# -- numbers and flags, in whichever type they come


@pytest.mark.parametrize(
    ("kind", "value", "flag"),
    [(Type.BOOL, True, True), (Type.UCHAR8, 1, True), (Type.CHAR8, 0, False), (Type.FLOAT32, 1.0, None)],
)
def test_flags(kind: int, value: Any, flag: bool | None) -> None:
    told = models.PowerSettings.holding([item(tags.EMS_POWERSAVE_ENABLED, kind, value)])
    assert told.powersave_enabled is flag


def test_coded_values_without_a_name_are_numbers() -> None:
    meter = models.PowerMeter({tags.PM_REQ_TYPE: item(tags.PM_TYPE, Type.UINT16, 99)}, index=0)
    assert (meter.type, meter.type_code) == ("99", 99)
    root = models.PowerMeter({tags.PM_REQ_TYPE: item(tags.PM_TYPE, Type.UINT16, 1)}, index=0)
    assert (root.type, root.type_code) == ("ROOT", models.ROOT)


def test_a_number_of_a_wrong_length_is_unknown() -> None:
    meter = models.PowerMeter({tags.PM_REQ_POWER_L1: item(tags.PM_POWER_L1, Type.DOUBLE64, b"\x01\x02")}, index=0)
    assert meter.power_l1 is None


# -- recordings


@pytest.fixture(scope="module")
def vectors(shared: Path) -> dict[str, Frame]:
    told = json.loads((shared / "captures/e3dc/vectors.json").read_text("utf-8"))["plain"]
    return {one["name"]: parse_frame(bytes.fromhex(one["hex"])) for one in told if "error" not in one["name"]}


def test_a_real_wallbox(shared: Path) -> None:
    told = json.loads((shared / "captures/e3dc/wallbox_extern_real.json").read_text("utf-8"))

    def array(name: str) -> Item:
        length = Item(tags.WB_EXTERN_DATA_LEN, Type.INT32, 8)
        data = Item(tags.WB_EXTERN_DATA, Type.BYTEARRAY, bytes.fromhex(told[f"WB_EXTERN_DATA_{name}"]))
        return Item(tags.code(f"WB_EXTERN_DATA_{name}"), Type.CONTAINER, [length, data])

    box = models.Wallbox(
        {tags.code(f"WB_REQ_EXTERN_DATA_{n}"): array(n) for n in ("SUN", "NET", "ALL", "ALG")}, index=0
    )
    decoded = told["decoded"]
    for name, got in (("sun", box.sun), ("net", box.net), ("all", box.total)):
        assert got is not None
        assert (got.power, got.energy) == (decoded[name]["power_W"], decoded[name]["energy_Wh"])
    assert box.algorithm is not None
    assert (box.algorithm.soc, box.algorithm.phases, box.algorithm.max_current) == (100, 1, 14)
    assert not box.algorithm.plugged


def test_a_real_history(vectors: dict[str, Frame]) -> None:
    (answer,) = decode(vectors["history-day-response-real"].data, tables=(0x06800020,))
    history = models.History.of(answer)
    assert (history.sums.bat_power_out, history.sums.dc_power, history.sums.consumption) == (232.0, 132.0, 380.0)
    assert (history.sums.grid_power_in, history.sums.grid_power_out) == (7.0, 12.0)
    assert history.sums.bat_cycle_count == 349
    assert history.rows == {}  # row 0 stands before the steps


def test_a_history_request_as_a_real_client_sends_it(vectors: dict[str, Frame]) -> None:
    from datetime import UTC, datetime, timedelta

    quarter = timedelta(minutes=15)
    start = datetime.fromtimestamp(1505309400, UTC)
    asked = models.history_request(tags.DB_REQ_HISTORY_DATA_DAY, start, interval=quarter, span=quarter, utc=False)
    assert [asked] == decode(vectors["db-history-request"].data)


# -- shapes


def test_cells_however_deep_they_lie() -> None:
    values = [Item(tags.BAT_DCB_CELL_VOLTAGE, Type.FLOAT32, 3.25), error(tags.BAT_DCB_CELL_VOLTAGE)]
    request = models.Battery.ask(0, modules=1)
    for inner in (
        values,
        [Item(tags.BAT_DATA, Type.CONTAINER, values)],
        [Item(tags.BAT_DCB_INDEX, Type.UINT16, 0), *values],
    ):
        answers = [
            Item(child.tag | RESPONSE, Type.CONTAINER, inner)
            if child.tag == tags.BAT_REQ_DCB_ALL_CELL_VOLTAGES
            else Item(child.tag | RESPONSE, Type.FLOAT32, 1.0)
            for child in request.children[1:]
        ]
        battery = models.Battery.read(request, Item(tags.BAT_DATA, Type.CONTAINER, [request.children[0], *answers]))
        assert battery is not None
        assert battery.modules[0].cell_voltages == (3.25, None)


def test_switches_are_joined_by_their_index() -> None:
    def point(index: int, *more: Item) -> Item:
        return Item(tags.HA_DATAPOINT, Type.CONTAINER, [Item(tags.HA_DATAPOINT_INDEX, Type.UINT16, index), *more])

    listed = Item(
        tags.HA_DATAPOINT_LIST, Type.CONTAINER, [point(4, Item(tags.HA_DATAPOINT_NAME, Type.CSTRING, "Tür")), point(1)]
    )
    states = Item(
        tags.HA_ACTUATOR_STATES, Type.CONTAINER, [point(1, Item(tags.HA_DATAPOINT_STATE, Type.CHAR8, 1)), point(4)]
    )
    assert models.switches([listed, states]) == (models.Switch(index=4, name="Tür"), models.Switch(index=1, state=1))
    assert models.switches([None, None]) == ()


@pytest.mark.parametrize(("unit", "start", "stop"), [(1, 22 * 3600, 5 * 3600), (60, 22 * 60, 5 * 60)])
def test_idle_periods_in_seconds_or_minutes(unit: int, start: int, stop: int) -> None:
    period = models.NamedIdlePeriod(
        type=models.CHARGE,
        active=True,
        description="Nacht",
        weekdays=frozenset({0, 6}),
        start=time(22),
        stop=time(5),
    )
    sent = period.item(unit=unit)
    numbers = {child.tag: child.value for child in sent.children}
    assert (numbers[tags.EMS_PERIOD_START], numbers[tags.EMS_PERIOD_STOP]) == (start, stop)
    assert numbers[tags.EMS_PERIOD_WEEKDAYS] == 1 + 64
    assert models.unit_of([sent]) == unit
    assert models.named_idle_periods([sent]) == (period,)


def test_idle_periods_that_do_not_say_all_of_themselves() -> None:
    good = models.IdlePeriod(type=1, day=3, active=True, start=time(1), end=time(2))
    broken = [Item(tags.EMS_IDLE_PERIOD, Type.CONTAINER, good.item().children[:place]) for place in range(5)]
    assert models.idle_periods(Item(0, Type.CONTAINER, [*broken, good.item()])) == (good,)
    assert models.unit_of([]) is None
    assert models.named_idle_periods(broken) == ()


def test_specifications() -> None:
    def spec(*children: Item) -> Item:
        return Item(tags.EMS_SYS_SPEC, Type.CONTAINER, list(children))

    name = [Item(tags.EMS_SYS_SPEC_NAME, Type.CSTRING, one) for one in ("maxAcPower", "maxPvPower", "label")]
    told = models.specifications(
        Item(
            tags.EMS_GET_SYS_SPECS,
            Type.CONTAINER,
            [
                spec(name[0], Item(tags.EMS_SYS_SPEC_VALUE_INT, Type.INT32, 12_000)),
                spec(name[1], error(tags.EMS_SYS_SPEC_VALUE_INT)),
                spec(name[2], Item(tags.EMS_SYS_SPEC_VALUE_STRING, Type.CSTRING, "x")),
                spec(),
            ],
        )
    )
    assert told == {"maxAcPower": 12_000, "maxPvPower": None, "label": "x"}


def test_status_bits() -> None:
    flags = models.Status({tags.EMS_REQ_SYS_STATUS: item(0x0100009E, Type.UINT32, 1 << 2 | 1 << 21)}).flags
    assert flags is not None
    assert [name for name, holds in flags.items() if holds] == ["batteryModuleAlive", "socSyncRequested"]
    assert len(flags) == 20
