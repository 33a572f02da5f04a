"""The reference is complete and current."""

from __future__ import annotations

import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from starlette.routing import Route

from heliobus import errors
from heliobus.cli.root import EXIT_CODES, VERBS
from heliobus.e3dc import simulator as e3dc
from heliobus.growatt import simulator as growatt
from heliobus.growatt.simulator.datalogger import LOGGER_FAULTS
from heliobus.model import fields
from heliobus.model.command import KINDS, Status
from heliobus.model.quality import Quality
from heliobus.model.quantity import Kind
from heliobus.recorder.charts import RESOLUTIONS
from heliobus.senec import simulator as senec
from heliobus.senec.models import Reading
from heliobus.senec.simulator import app, connect, inverter, portal, sso
from heliobus.service.config import parse
from heliobus.service.tables import Config, ControlConfig, RecorderConfig, SiteConfig, SystemConfig, WebConfig
from heliobus.simulation.chaos import TOXICS
from heliobus.simulation.faults import ROUTER_AWAY
from heliobus.vendor import vendors
from tests.conftest import ROOT
from tests.docs import generate, markdown
from tests.docs.generate import REFERENCE
from tests.docs.made import http
from tests.docs.markdown import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic import BaseModel

PAGES = sorted(REFERENCE.glob("*.md"))
TABLES: dict[str, type[BaseModel]] = {
    "site": SiteConfig,
    "system": SystemConfig,
    "recorder": RecorderConfig,
    "web": WebConfig,
    "control": ControlConfig,
}
DEFAULTS_IN_WORDS = {
    "recorder.path": "see below",
    "site.latitude": "none",
    "system.device": "none",
    "site.longitude": "none",
    "system.url": NOTHING,
    "system.urls": NOTHING,
    "system.interval": "the vendor's",
    "system.site": "the only site",
    "system.password_file": NOTHING,
    "system.key_file": NOTHING,
    "system.token_file": NOTHING,
    "system.totp_file": NOTHING,
    "control.commands": "all that the device obeys",
    "control.max_charge": "no bound",
    "control.max_discharge": "no bound",
    "control.min_reserve": "no bound",
}


def text(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def first_cells(page: str, head: str) -> list[str]:
    return [row[0] for row in markdown.rows(text(page), first=head)]


# -- what is made from code


@pytest.mark.timeout(600)  # the simulated devices of every wire are read, one after the other
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_made_from_code_is_current(page: Path) -> None:
    written = page.read_text(encoding="utf-8")
    assert generate.renewed(written) == written, "run: make docs"


def test_everything_that_can_be_made_from_code_stands_somewhere_once() -> None:
    used = Counter(name for page in PAGES for name in generate.names(page.read_text(encoding="utf-8")))
    assert used == Counter(generate.BLOCKS.keys())


# -- what is written by hand: nothing is missing, nothing is there that is not


def test_every_verb_has_a_heading() -> None:
    assert set(VERBS) <= set(markdown.headings(text("cli.md")))


def test_every_exit_code_has_a_row() -> None:
    codes = {int(cell) for cell in first_cells("cli.md", "code")}
    assert codes == {0, 130} | {code for _, code in EXIT_CODES}


def test_exit_codes_stand_beside_their_errors() -> None:
    told = {name: int(row[0]) for row in markdown.rows(text("cli.md"), first="code") for name in row[2].split(", ")}
    assert {kind.__name__: code for kind, code in EXIT_CODES}.items() <= (told | {"Error": told["others"]}).items()


def test_every_error_has_a_row() -> None:
    assert set(first_cells("errors.md", "error")) == set(errors.__all__)


def test_every_path_of_the_model_has_a_row() -> None:
    paths = set(first_cells("model.md", "path"))
    assert {path for path in fields.declared() if not path.startswith("battery.")} <= paths


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("word", [quality.name.lower() for quality in Quality]),
        ("kind", list(Kind)),
        ("status", list(Status)),
        ("command", list(KINDS)),
    ],
)
def test_every_word_of_the_model_has_a_row(head: str, words: list[str]) -> None:
    assert sorted(first_cells("model.md", head)) == sorted(words)


def test_every_vendor_has_a_heading() -> None:
    assert set(vendors()) <= set(markdown.headings(text("vendors.md")))


# -- what is supported


def test_every_vendor_and_simulated_device_is_among_the_supported() -> None:
    assert set(vendors()) <= set(markdown.headings(text("supported.md")))
    told = set(first_cells("supported.md", "simulated"))
    wires = [(vendor, wire) for vendor in vendors().values() for wire in vendor.wires]
    assert told == {profile for vendor, wire in wires for profile in wire.profiles or vendor.profiles}


def test_every_recording_that_is_named_as_evidence_is_there(shared: Path) -> None:
    rows = markdown.rows(text("supported.md"), first="evidence")
    recordings = [row[1] for row in rows if row[0] == "recording"]
    assert {one.split("/")[1] for one in recordings} == set(vendors())
    # What a test puts into a path may be a folder, too.
    assert [one for one in recordings if not list(shared.glob(one.replace("/*", "/**/*")))] == []


def test_each_vendor_is_read_by_a_foreign_client() -> None:
    rows = markdown.rows(text("supported.md"), first="evidence")
    modules = {row[2] for row in rows if row[0] == "foreign client"}
    assert modules == {f"tests/interop/{path.name}" for path in (ROOT / "tests/interop").glob("test_*.py")}


def test_every_variable_of_a_senec_has_a_row() -> None:
    assert len(first_cells("senec-variables.md", "variable")) == sum(len(one.rows) for one in Reading.sections.values())


@pytest.mark.parametrize(
    ("head", "faults"),
    [
        ("SENEC fault", senec.FAULTS),
        ("SENEC cloud fault", app.FAULTS),
        ("SENEC portal fault", {name: one for name, one in portal.FAULTS.items() if name not in sso.FAULTS}),
        ("SENEC.Connect fault", connect.FAULTS),
        ("SENEC inverter fault", inverter.FAULTS),
        ("E3/DC fault", e3dc.FAULTS),
        ("Growatt fault", growatt.FAULTS),
        ("datalogger fault", LOGGER_FAULTS),
    ],
)
def test_every_fault_of_a_simulator_has_a_row(head: str, faults: Mapping[str, object]) -> None:
    assert {name for cell in first_cells("vendors.md", head) for name in cell.split(", ")} == set(faults)


def test_every_fault_of_the_portal_has_a_row() -> None:
    told = {name for cell in first_cells("vendors.md", "portal fault") for name in cell.split(", ")}
    assert told == e3dc.PortalSimulator.own_faults | e3dc.AjaxSimulator.own_faults


def test_every_fault_of_the_network_has_a_row() -> None:
    assert {cell.partition("=")[0] for cell in first_cells("vendors.md", "network fault")} == {*TOXICS, ROUTER_AWAY}


def test_every_route_has_a_heading_or_a_row() -> None:
    app = http.app()
    paths = app.openapi()["paths"]
    described = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    headings = markdown.headings(text("http-api.md"))
    assert described == {one for one in headings if one.startswith(("GET ", "POST "))}
    pages = {route.path for route in app.routes if isinstance(route, Route)}
    assert pages - set(paths) == set(first_cells("http-api.md", "address"))


def test_every_resolution_has_a_row() -> None:
    assert set(first_cells("http-api.md", "resolution")) == {*RESOLUTIONS, "raw", "auto"}


# -- the configuration


def rows_of_keys() -> dict[str, list[str]]:
    return {row[0]: row for row in markdown.rows(text("config.md"), first="key")}


def test_every_key_has_a_row() -> None:
    assert set(rows_of_keys()) == {f"{table}.{key}" for table, model in TABLES.items() for key in model.model_fields}
    assert len(TABLES) == len(Config.model_fields)


@pytest.mark.parametrize("key", sorted(rows_of_keys()))
def test_the_default_of_a_key_is_the_code_s(key: str) -> None:
    table, _, name = key.partition(".")
    told = rows_of_keys()[key][2]
    field = TABLES[table].model_fields[name]
    if field.is_required():
        assert told == "needed"
    elif key in DEFAULTS_IN_WORDS:
        assert told == DEFAULTS_IN_WORDS[key]
        assert not field.default or key == "recorder.path"
    else:
        assert told == in_toml(field.default)


def in_toml(value: Any) -> str:
    """Give a default as a page writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return "[]" if value == () else f"{value:g}" if isinstance(value, float) else str(value)


def test_the_examples_of_the_keys_are_a_configuration(tmp_path: Path) -> None:
    lines = []
    for table in TABLES:
        lines.append(f"[[{table}]]" if table == "system" else f"[{table}]")
        rows = [row for key, row in rows_of_keys().items() if key.startswith(f"{table}.") and key != "system.urls"]
        lines += [f"{row[0].partition('.')[2]} = {row[3]}" for row in rows]
        for row in rows:
            if row[1] == "file" and table == "system":
                secret = tmp_path / tomllib.loads(f"x = {row[3]}")["x"]
                secret.parent.mkdir(exist_ok=True)
                secret.write_text("secret")
                secret.chmod(0o600)
    written = "\n".join(lines)
    assert parse(written, where="config.md", folder=tmp_path).control.lease == 15 * 60
    several = written.replace(f"url = {rows_of_keys()['system.url'][3]}", f"urls = {rows_of_keys()['system.urls'][3]}")
    assert len(parse(several, where="config.md", folder=tmp_path).systems[0].addresses) == 2


# -- the environment


def test_every_variable_of_the_environment_has_a_row() -> None:
    told = {name.partition("<")[0] for cell in first_cells("cli.md", "variable") for name in cell.split(", ")}
    code = "".join(path.read_text(encoding="utf-8") for path in (REFERENCE.parents[1] / "src/heliobus").rglob("*.py"))
    assert {name for name in told if name not in code} <= {"HELIOBUS_KEY", "HELIOBUS_TOKEN", "HELIOBUS_TOTP"}
    assert {"HELIOBUS_CONFIG", "HELIOBUS_READONLY", "HELIOBUS_PASSWORD", "STATE_DIRECTORY", "NO_COLOR"} <= told
