"""Every recording of Growatt, with the route and the call that reads it: a file that nobody reads fails here.

What is read without a loss is proven where the tables stand; this is the list of them, and of what has no row.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.errors import TransportError
from heliobus.growatt.protocol import ENDPOINTS, SessionDead, content
from tests.growatt import make_layouts
from tests.growatt.client.calls import test_oauth_captures as oauth
from tests.growatt.client.calls import test_shine_captures as shine
from tests.growatt.client.calls import test_v4_captures as v4
from tests.growatt.client.calls import test_web as web
from tests.growatt.client.calls.v1 import test_captures as v1
from tests.growatt.models import test_captures as app
from tests.growatt.models import test_datalogger as logged
from tests.growatt.protocol import test_answers as answers
from tests.growatt.protocol.datalogger import test_record as records
from tests.growatt.replay import replay

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Figure

ALL: set[str] = set()
"""A call without a record of its own: everything is told raw."""
# The app's answers about a NEXA as a library shows them: its own envelope, sums and flat names instead of the server's.
# By sample the call, and what the library calls otherwise, or what is told raw only, as all of nexa_info.
FLATTENED: dict[str, tuple[str, set[str]]] = {
    "status": ("nexa_status", {"totalBatteryPackChargingPower"}),  # chargePower less disChargePower
    "settings": ("nexa_info", ALL),
    "firmware_info": ("noah_upgrade", ALL),
    "battery_status": (
        "nexa_batteries",
        {f"battery{place}{what}" for place in range(1, 5) for what in ("SerialNum", "Soc", "Temp", "TempF")}
        | {"batteryPackageQuantity"},
    ),
}
NAMED = {
    "errors/redirect_302_errorNoLogin.json": "shine: a dead session",
    "errors/tcpset_bad_time.json": "web: a refused setting",
    "errors/tcpset_login_invalid.json": "web: a dead session",
    "errors/v1_devices_empty_count1.json": "v1: device_list",
    "errors/v1_permission_10011.json": "v1: a refusal",
    "errors/v1_rate_10012.json": "v1: a refusal",
    "errors/v1_true_host_10002.json": "v1: a refusal",
    "errors/v4_device_not_permitted.json": "v4: a refusal",
    "grott/packet_0104_proto06.hex": "datalogger: a record",
    "grott/packet_0104_proto06.decrypted.hex": "datalogger: a record",
    "grott/packet_0104_decoded_t060104.json": "datalogger: a record",
    "noah/web_getNoahList.json": "web: noah_page",
    **{f"openapi_samples/noah.{name}.json": f"shine: {call}" for name, (call, _) in FLATTENED.items()},
    "shapes/login_back.json": "shine: login, of which the client takes the user's id",
    "v4/noah_queryLastData.json": "v4: queryLastData",
}
WITHOUT_ROWS = {
    "user_center_energy_two": "lists that were empty",
    "web_mix_totals_a": "a portal's sums, which its own record has",
    "dashboard_data": "sums that do not mean what they say (erratum G2), and their shares",
    "get_plant": "pictures, maps, weather, empty lists, and what other calls tell better",
}
"""The recordings of which some fields are in no row, and why; ``extra`` has them all the same."""

PLANTS: dict[str, Any] = {"error_code": 0, "error_msg": "", "data": {"plants": [{"plant_id": 7}], "timezone": "GMT+1"}}


def read_by(shared: Path) -> dict[str, str]:
    """The recordings by their path, with route and call."""
    found = dict(NAMED)
    for folder, table in (("legacy", app.RECORDED), ("shapes", app.SHAPES)):
        found |= {f"{folder}/{name}.json": f"shine: {row[0]}" for name, row in table.items()}
    found |= {f"legacy/{name}.json": f"web: {page}" for name, (page, _) in web.RECORDED.items()}
    found |= {f"legacy/{name}.json": f"web: within {whole}" for name, whole in web.ELSEWHERE.items()}
    found |= {f"legacy/{name}.txt": f"web: {page}" for name, page in web.NAMES_ONLY.items()}
    found |= {f"legacy/{name}.json": "web: tcpSet.do, or a refusal" for name in web.REFUSED | web.WRAPPED}
    found |= {f"errors/{name}.json": f"shine: {kind.__name__}" for name, kind in shine.ERRORS.items()}
    found |= {f"errors/{name}": f"shine: {kind.__name__}" for name, (_, kind) in answers.RECORDED.items()}
    found |= {f"v1_real/{name}.json": "v1" for name in v1.REAL}
    found |= {f"openapi_samples/{name}.json": "v1" for name in v1.SAMPLES}
    samples = (shared / "captures/growatt/openapi_samples").glob("*.json")
    found |= {f"openapi_samples/{path.name}": "v4" for path in samples if v4.of_v4(path)}
    lists = (oauth.ANSWERS, oauth.REFUSALS, oauth.REQUESTS, oauth.GRANTS, oauth.TOKENS, {oauth.PUSHED}, oauth.OLDER)
    found |= {f"oauth/{name}.json": "oauth" for names in lists for name in names}
    found |= {f"grott/{name}.json": "datalogger: a record" for name in records.PUBLISHED.keys() | logged.BEYOND.keys()}
    layouts = make_layouts.read(shared / "captures/growatt/grott/layouts")
    found |= {f"grott/layouts/{file}": "datalogger: a layout" for file, _ in layouts}
    return found


def test_nobody_is_left_out(shared: Path, figure: Figure) -> None:
    folder = shared / "captures/growatt"
    recorded = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    known = read_by(shared)
    assert recorded - known.keys() == set()
    assert known.keys() - recorded == set()
    routes = [way.partition(":")[0] for way in known.values()]
    counts = ", ".join(f"{routes.count(name)} by {name}" for name in sorted(set(routes)))
    figure("Growatt's recordings", f"{len(recorded)} files, {counts}; {len(WITHOUT_ROWS)} with fields in no row")


def test_what_has_no_row_is_explained() -> None:
    beyond = {name for name, extra in app.EXTRA.items() if extra}
    beyond |= {name for name, (_, _, without) in app.SHAPES.items() if without}
    assert beyond == WITHOUT_ROWS.keys()


def test_the_recorded_redirect(shared: Path) -> None:
    said = json.loads((shared / "captures/growatt/errors/redirect_302_errorNoLogin.json").read_text("utf-8"))
    location = said["headers"]["Location"]
    with pytest.raises(SessionDead):
        content(ENDPOINTS["plants"], status=said["status"], body=b"", location=location, retry_after=None)


async def test_the_recorded_list_that_counts_and_is_empty(shared: Path) -> None:
    async with replay() as one, one.client() as client:
        recorded = shared / "captures/growatt/errors/v1_devices_empty_count1.json"
        devices = json.loads(recorded.read_text("utf-8"))["payload"]
        one.answer = PLANTS | {"data": PLANTS["data"] | devices["data"]}
        with pytest.raises(TransportError, match="counts 1 devices"):
            await client.devices()


@pytest.mark.parametrize("name", FLATTENED)
async def test_what_a_library_shows_of_a_nexa(shared: Path, name: str) -> None:
    call, beyond = FLATTENED[name]
    recorded = shared / f"captures/growatt/openapi_samples/noah.{name}.json"
    told = json.loads(recorded.read_text("utf-8"))["payload"]["data"]
    async with replay() as one, shine.client_of(one) as client:
        one.answer = {"result": 1, "msg": "", "obj": told}
        found = await getattr(client.shine, call)("SN")
    assert dict(found.values) == told
    assert set(found.extra) == (beyond or told.keys())
