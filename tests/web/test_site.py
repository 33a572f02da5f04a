from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from heliobus.model.identity import Device
from heliobus.model.parts import PV, Battery, Grid, Load, Wallbox
from heliobus.model.quality import Quality
from heliobus.model.snapshot import Snapshot
from heliobus.service.config import Config, SiteConfig, SystemConfig
from heliobus.service.health import State, SystemStatus, stale
from heliobus.url import DeviceURL
from heliobus.web.site import SiteNow, sites
from tests.service.scripted import NOON

if TYPE_CHECKING:
    from typing import Any

ROOF = Snapshot(
    source="a",
    received_at=NOON,
    pv=PV(power=4000.0),
    grid=Grid(power=-1000.0),
    load=Load(power=500.0),
    batteries=(Battery(power=-2400.0, soc=60.0, capacity=10_000.0),),
)
CELLAR = Snapshot(
    source="b",
    received_at=NOON.replace(minute=1),
    pv=PV(power=1000.0),
    grid=Grid(power=77.0),
    batteries=(Battery(power=400.0, soc=30.0, capacity=5_000.0),),
    wallboxes=(Wallbox(id="1", power=1500.0),),
)


def status(name: str, snapshot: Snapshot | None, state: State = "ok", **parts: Any) -> SystemStatus:
    if snapshot and state != "ok":
        snapshot = stale(snapshot)
    given: dict[str, Any] = {
        "site": "home",
        "vendor": "scripted",
        "url": "x://y",
        "interval_s": 10.0,
        "since": NOON,
        "age_s": 3.0 if snapshot else None,
    }
    return SystemStatus(name=name, status=state, snapshot=snapshot, **{**given, **parts})


def only(*systems: SystemStatus) -> SiteNow:
    config = Config(
        sites=(SiteConfig(name="Home", timezone="Europe/Berlin"),),
        systems=tuple(
            SystemConfig(name=one.name, url=DeviceURL.parse("senec://127.0.0.1"), grid=len(systems) > 1 and number == 0)
            for number, one in enumerate(systems)
        ),
    )
    (site,) = sites(config, systems)
    return site


def test_one_system_is_the_site_as_it_reports() -> None:
    site = only(status("roof", ROOF))
    assert (site.pv, site.grid, site.load, site.residual) == (4000, -1000, 500, 100)
    assert site.battery == ROOF.battery
    assert site.wallbox is None
    assert (site.status, site.age_s, site.as_of) == ("ok", 3.0, NOON)


def test_several_systems_add_up_and_the_house_closes_the_balance() -> None:
    site = only(status("roof", ROOF), status("cellar", CELLAR, age_s=5.0))
    assert site.pv == 5000
    assert site.grid == -1000
    assert site.battery is not None
    assert (site.battery.power, site.battery.soc) == (-2000, 50)
    assert site.wallbox is not None
    assert site.wallbox.power == 1500
    assert site.load == 5000 - 1000 - 2000 - 1500
    assert site.residual is None
    assert (site.age_s, site.as_of) == (5.0, NOON)


def test_a_box_that_two_systems_read_counts_once() -> None:
    box = Device(id="7", vendor="senec", serial="7")
    roof, cloud = replace(ROOF, device=box), replace(ROOF, device=box)
    site = only(status("roof", roof), status("cloud", cloud))
    assert (site.pv, site.load, site.residual) == (4000, 500, 100)


def test_a_part_that_is_unknown_makes_the_sum_unknown() -> None:
    lost = only(status("roof", ROOF), status("cellar", CELLAR, "lost"))
    assert (lost.pv, lost.grid, lost.load) == (None, -1000, None)
    assert lost.battery is not None
    assert (lost.battery.power, lost.battery.soc) == (None, None)
    assert lost.wallbox is not None
    assert lost.wallbox.power is None
    assert lost.status == "lost"
    silent = only(status("roof", ROOF), status("cellar", None, "connecting"))
    assert (silent.pv, silent.grid, silent.load) == (None, -1000, None)
    missing = replace(CELLAR, pv=PV(), quality={"pv.power": Quality.MISSING})
    assert only(status("roof", ROOF), status("cellar", missing)).pv is None


def test_what_a_device_does_not_carry_is_no_part() -> None:
    site = only(status("roof", ROOF), status("box", replace(CELLAR, pv=PV())))
    assert site.pv == 4000


def test_a_site_without_any_sun_has_a_load_all_the_same() -> None:
    site = only(status("roof", replace(ROOF, pv=PV())), status("cellar", replace(CELLAR, pv=PV(), wallboxes=())))
    assert (site.pv, site.load) == (None, -1000 - 2400 + 400)


def test_late_values_stay_and_say_so() -> None:
    site = only(status("roof", ROOF, "late", age_s=45.0))
    assert (site.pv, site.status, site.age_s) == (4000, "late", 45.0)


def test_a_lost_grid_meter_is_not_replaced_by_another() -> None:
    assert only(status("roof", ROOF, "lost"), status("cellar", CELLAR)).grid is None


def test_nothing_is_known_before_the_first_answer() -> None:
    site = only(status("roof", None, "connecting"))
    assert (site.pv, site.grid, site.load, site.residual, site.battery, site.wallbox) == (None,) * 6
    assert (site.status, site.age_s, site.as_of) == ("connecting", None, None)
