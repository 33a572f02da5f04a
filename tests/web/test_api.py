from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import AuthenticationError, StorageError, Unreachable
from heliobus.web import schemas
from heliobus.web.control import CHANGING
from tests.recorder.made import record, snapshot
from tests.service.scripted import DEVICES, NOON, SUNNY
from tests.web.conftest import config, serving

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from heliobus.simulation.clock import ManualClock
    from tests.service.conftest import MakeDevice
    from tests.web.conftest import House

HOUR = 3600
BEGIN = datetime(2026, 6, 20, 22, 0, tzinfo=UTC)
"""Midnight of 21 June at Berlin."""
FRESH = {"status": "ok", "age_s": 0.0}


def day_of_samples(folder: Path, *, hours: int = 3) -> None:
    """Record 2 kW of sun, 500 W of house, 1 kW of charging, 500 W of export, every 60 s."""
    start = BEGIN.timestamp()
    samples = [
        snapshot(start + at, pv=2000.0, load=500.0, battery=-1000.0, grid=-500.0, soc=50.0)
        for at in range(0, hours * HOUR + 1, 60)
    ]
    record(folder / "record.db", samples, interval=60.0, site="my-house")


async def test_health_says_nothing_but_ok(house: House) -> None:
    assert (await house.ask("/api/v1/healthz")).body == b'{"status":"ok"}'


async def test_now(house: House) -> None:
    answer = await house.ask("/api/v1/now")
    assert answer.status == 200
    document = answer.json
    assert document["time"] == NOON.isoformat()
    roof = document["systems"]["roof"]
    assert (roof["status"], roof["age_s"]) == ("ok", 0.0)
    assert roof["snapshot"]["pv"]["power"] == 4000
    assert roof["snapshot"]["wallboxes"] == []
    assert roof["snapshot"]["battery"]["soc"] == 60
    assert document["sites"] == {
        "my-house": {
            "name": "My House",
            "timezone": "Europe/Berlin",
            "status": "ok",
            "age_s": 0.0,
            "as_of": NOON.isoformat(),
            "pv": {"power": 4000.0, **FRESH},
            "grid": {"power": -1000.0, "import_power": 0.0, "export_power": 1000.0, **FRESH},
            "battery": {
                "power": -2400.0,
                "charge_power": 2400.0,
                "discharge_power": 0.0,
                "soc": 60.0,
                "capacity": None,
                "reserve_soc": None,
                **FRESH,
            },
            "wallbox": None,
            "load": {"power": 600.0, **FRESH},
            "residual": 0.0,
            "flows": {
                "pv": {"load": 600.0, "wallbox": 0.0, "battery": 2400.0, "grid": 1000.0},
                "battery": {"load": 0.0, "wallbox": 0.0, "grid": 0.0},
                "grid": {"load": 0.0, "wallbox": 0.0, "battery": 0.0},
            },
            "sentence": [
                {"text": "say.sun.gives", "values": {"power": 4000.0}},
                {
                    "text": "say.takes",
                    "values": {
                        "sinks": {
                            "items": [
                                {"text": "say.takes.first.store", "values": {"power": 2400.0}},
                                {"text": "say.takes.next.grid", "values": {"power": 1000.0}},
                            ],
                            "last": "say.comma",
                        }
                    },
                },
                {"text": "say.uses", "values": {"power": 600.0}},
            ],
            "sun": {"rise": "2026-06-21T02:42:53+00:00", "set": "2026-06-21T19:32:58+00:00"},
        }
    }


async def test_before_the_first_answer_all_is_unknown(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    device("roof", Unreachable("cannot connect"))
    async with serving(config(tmp_path, "roof"), clock) as house:
        await house.poll()
        document = (await house.ask("/api/v1/now")).json
        assert document["systems"]["roof"] == {"snapshot": None, "age_s": None, "status": "connecting"}
        site = document["sites"]["my-house"]
        never = {"power": None, "status": "connecting", "age_s": None}
        assert (site["pv"], site["grid"]["power"], site["battery"], site["load"]) == (never, None, None, never)
        (health,) = (await house.ask("/api/v1/systems")).json["systems"]
        assert (health["error"], health["failures"]) == ("cannot connect", 1)
        assert health["remedy"]


async def test_systems_say_nothing_that_is_half_a_secret(house: House) -> None:
    answer = await house.ask("/api/v1/systems")
    (health,) = answer.json["systems"]
    assert health["url"] == "scripted://roof"
    assert "owner" not in answer.text
    assert health["device"] == {"vendor": "scripted", "model": None, "firmware": "7"}
    assert "s1" not in answer.text
    assert health["polls"] == 1


async def test_history_is_columns(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    day_of_samples(tmp_path)
    device("roof")
    async with serving(config(tmp_path, "roof"), clock) as house:
        query = "from=2026-06-21&to=2026-06-21T04:00&resolution=15min&channels=roof/pv.power,battery.soc"
        answer = (await house.ask(f"/api/v1/history?{query}")).json
        assert set(answer) == {"t", "roof/pv.power", "battery.soc", "coverage"}
        assert answer["t"][0] == "2026-06-20T22:00:00+00:00"
        assert len(answer["t"]) == 16
        assert answer["roof/pv.power"][:12] == [2000.0] * 12
        assert answer["roof/pv.power"][13:] == [None] * 3
        assert answer["battery.soc"][0] == 50
        assert answer["coverage"][0] == 1
        assert answer["coverage"][-1] == 0


async def test_history_without_a_span_is_the_last_day(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    device("roof")
    async with serving(config(tmp_path, "roof"), clock) as house:
        await house.poll()
        answer = (await house.ask("/api/v1/history?channels=pv.power")).json
        assert answer["t"][0] == (NOON - timedelta(days=1)).isoformat()
        assert answer["t"][-1] == (NOON - timedelta(minutes=1)).isoformat()


async def test_energy_by_local_days(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    day_of_samples(tmp_path)
    device("roof")
    async with serving(config(tmp_path, "roof"), clock) as house:
        answer = (await house.ask("/api/v1/energy?from=2026-06-20&to=2026-06-22&by=day")).json
        before, day = answer["buckets"]
        assert (day["start"], day["end"]) == ("2026-06-20T22:00:00+00:00", "2026-06-21T22:00:00+00:00")
        assert day["systems"]["roof"] == {
            "pv": 6000.0,
            "import": 0.0,
            "export": 1500.0,
            "charge": 3000.0,
            "discharge": 0.0,
            "load": 1500.0,
            "ev": None,
            "coverage": 0.125,
        }
        assert day["sites"] == {"my-house": day["systems"]["roof"]}
        assert before["systems"]["roof"]["pv"] is None
        assert before["systems"]["roof"]["coverage"] == 0


async def test_an_offset_is_understood_with_a_bare_plus(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    day_of_samples(tmp_path)
    device("roof")
    async with serving(config(tmp_path, "roof"), clock) as house:
        answers = [
            (await house.ask(f"/api/v1/energy?from={start}&to=2026-06-21T01:00:00Z&by=15min")).json
            for start in ("2026-06-21T02:30%2B02:00", "2026-06-21T02:30+02:00", "2026-06-21T02:30", "2026-06-21T00:30Z")
        ]
        assert [len(answer["buckets"]) for answer in answers] == [2, 2, 2, 2]
        assert answers[0] == answers[1] == answers[2] == answers[3]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("history?from=yesterday", 400),
        ("history?from=2026-06-21&to=2026-06-20", 400),
        ("history?from=0001-01-01", 400),
        ("history?from=9999-12-31T23:59-12:00", 400),
        ("history?from=1970-01-05&to=2070-01-01&resolution=1s", 400),
        ("history?from=1970-01-05&to=2070-01-01&resolution=auto", 400),
        ("history?resolution=2min", 400),
        ("history?channels=roof/pv.colour", 400),
        ("history?channels=cellar/pv.power", 400),
        ("energy?from=1970-01-05&to=2170-01-01&by=15min", 400),
        ("energy?by=week", 422),
        ("energy?from=", 200),
        ("energy?from=1980-01-05&to=2080-01-01&by=year", 200),
    ],
)
async def test_wrong_questions_get_one_clear_line(house: House, query: str, status: int) -> None:
    answer = await house.ask(f"/api/v1/{query}")
    assert answer.status == status
    if status != 200:
        assert set(answer.json) == {"error", "remedy"}
        assert "Traceback" not in answer.text
        assert "\n" not in answer.text.strip()


async def test_a_record_that_cannot_be_read_is_said(house: House, tmp_path: Path) -> None:
    for path in tmp_path.glob("record.db*"):
        path.unlink()
    answer = await house.ask("/api/v1/energy")
    assert answer.status == 503
    assert set(answer.json) == {"error", "remedy"}
    assert (await house.ask("/api/v1/now")).status == 200


# -- the published description is true


async def test_the_description_is_openapi_3_1(house: House) -> None:
    answer = await house.ask("/api/v1/openapi.json")
    document = answer.json
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        f"/api/v1/{name}"
        for name in (
            *("now", "events", "history", "energy", "systems", "healthz", "about", "recent", "day", "day.csv"),
            *("control", "control/plan", "control/apply", "raw"),
        )
    }
    for path, operations in document["paths"].items():
        method = "post" if path in CHANGING else "get"
        assert set(operations) == {method}, path
        content = operations[method]["responses"]["200"]["content"]
        kind = {"events": "text/event-stream", "day.csv": "text/csv"}.get(path.rpartition("/")[2], "application/json")
        assert set(content) == {kind}
        for response in operations[method]["responses"].values():
            for reference in references(response):
                assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    names = [parameter["name"] for parameter in document["paths"]["/api/v1/history"]["get"]["parameters"]]
    assert names == ["from", "to", "resolution", "channels", "site"]


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [value for key, value in node.items() if key == "$ref"] + references(list(node.values()))
    return [found for one in node for found in references(one)] if isinstance(node, list) else []


async def test_a_record_that_cannot_be_written_is_told(house: House) -> None:
    assert (await house.ask("/api/v1/systems")).json["storage"] is None
    house.service.recorder._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageError):
        await house.poll()
    answer = await house.ask("/api/v1/systems")
    storage = schemas.Systems.model_validate_json(answer.body, strict=True).storage
    assert storage is not None
    assert "readonly" in storage.error
    health = await house.ask("/api/v1/healthz")
    assert (health.status, health.json) == (503, {"status": "not recording"})
    for path in ("/plain", "/plain?d=2026-06-21"):
        page = (await house.ask(path)).text
        assert "Nothing is being recorded" in page
        assert storage.remedy in page
    house.service.recorder._connection.execute("PRAGMA query_only = OFF")
    await house.poll()
    assert (await house.ask("/api/v1/healthz")).json == {"status": "ok"}


async def test_the_devices_own_words_are_asked_for_no_more_often_than_it_is_polled(house: House) -> None:
    roof = DEVICES["roof"]
    roof.words = {"ENERGY": {"GUI_GRID_POW": -1000.0}}
    before = roof.reads
    for _ in range(3):
        answer = await house.ask("/api/v1/raw?system=roof")
        told = schemas.Raw.model_validate_json(answer.body, strict=True)
        assert (told.values, told.at) == (roof.words, house.clock.now())
    assert roof.reads == before + 1
    await house.clock.advance(10)
    await house.ask("/api/v1/raw?system=roof")
    assert roof.reads == before + 2
    roof.mute = AuthenticationError("the password is wrong")
    await house.clock.advance(10)
    for _ in range(3):  # a page that is loaded again and again must not get anybody locked out
        assert (await house.ask("/api/v1/raw?system=roof")).status == 502
    assert roof.reads == before + 3
    for name in ("rooof", ""):
        unknown = await house.ask(f"/api/v1/raw?system={name}")
        assert (unknown.status, unknown.json["error"][:19]) == (400, "no system is called")
    assert (await house.ask("/api/v1/raw")).status == 422


async def test_what_a_site_never_had_is_nowhere_drawn(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    device("roof", replace(SUNNY, batteries=()))
    async with serving(config(tmp_path, "roof"), clock) as house:
        for _ in range(3):
            await house.poll()
            await clock.advance(10)
        series = (await house.ask("/api/v1/day")).json["series"]
        assert (series["battery"], series["wallbox"]) == (None, None)
        assert series["pv"] == [*[None] * (len(series["pv"]) - 1), 4000.0]
        header = (await house.ask("/api/v1/day.csv")).text.splitlines()[0]
        assert header == "time,pv_w,grid_w,load_w,soc_percent"
        assert (await house.ask("/api/v1/recent")).json["battery"] is None


async def test_the_answers_are_as_described(tmp_path: Path, clock: ManualClock, device: MakeDevice) -> None:
    day_of_samples(tmp_path)
    device("roof", replace(SUNNY, device_time=NOON))
    async with serving(config(tmp_path, "roof"), clock) as house:
        await house.poll()
        models: dict[str, type[BaseModel]] = {
            "/api/v1/healthz": schemas.Health,
            "/api/v1/about": schemas.About,
            "/api/v1/now": schemas.Now,
            "/api/v1/systems": schemas.Systems,
            "/api/v1/history?from=2026-06-21": schemas.History,
            "/api/v1/energy?from=2026-06-21": schemas.Energy,
            "/api/v1/energy?by=week": schemas.Problem,
            "/api/v1/day?date=2026-06-21": schemas.Day,
            "/api/v1/day?date=2026-02-30": schemas.Problem,
            "/api/v1/recent?site=my-house": schemas.Series,
            "/api/v1/recent?site=other": schemas.Problem,
        }
        for path, model in models.items():
            model.model_validate_json((await house.ask(path)).body, strict=True)
