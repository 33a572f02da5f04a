from __future__ import annotations

import stat
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heliobus.errors import ConfigError, StorageError, UsageError
from heliobus.service.config import load, parse
from heliobus.service.writing import Entry, local_zone, save, with_system
from heliobus.url import Secret

if TYPE_CHECKING:
    from pathlib import Path

HOUSE = """\
# my house
[site] # the one
name = "Home"   # here
timezone = "Europe/Berlin"

# the roof
[[system]]
name = "roof" # SENEC
url = "senec://192.168.1.40"
# calm
interval = "10s"

# the disk
[recorder]
path = "x.db"
"""
CELLAR = Entry(name="cellar", url="senec://192.168.1.41")


def read(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def test_the_first_system_makes_a_site() -> None:
    made = with_system("", Entry(name="roof", url="senec://192.168.1.40", timezone="Europe/Berlin"))
    config = parse(made, where="made")
    assert [site.name for site in config.sites] == ["Home"]
    assert [(system.name, system.grid) for system in config.systems] == [("roof", False)]


def test_every_line_of_the_owner_stays_and_the_first_measures_the_grid() -> None:
    made = with_system(HOUSE, CELLAR)
    assert [line for line in HOUSE.splitlines() if line not in made.splitlines()] == []
    assert made.index("# the roof") < made.index("grid = true") < made.index("# the disk") < made.index('"cellar"')
    assert parse(made, where="made").systems[0].grid


def test_a_new_one_may_measure_the_grid_instead() -> None:
    made = with_system(with_system(HOUSE, CELLAR), Entry(name="shed", url="senec://192.168.1.42", grid=True))
    assert [system.grid for system in parse(made, where="made").systems] == [False, False, True]


def test_a_second_site_makes_the_systems_name_theirs() -> None:
    made = with_system(HOUSE, Entry(name="hut", url="senec://192.168.1.43", site="Hut", timezone="UTC"))
    config = parse(made, where="made")
    assert [(system.name, system.site, system.grid) for system in config.systems] == [
        ("roof", "Home", False),
        ("hut", "Hut", False),
    ]
    assert made.startswith("# my house\n[[site]] # the one\n")
    with pytest.raises(UsageError, match="several sites"):
        with_system(made, CELLAR)
    again = with_system(made, Entry(name="hut2", url="senec://192.168.1.44", site="Hut"))
    assert [system.grid for system in parse(again, where="made").systems] == [False, True, False]


def test_secrets_are_named_by_their_files() -> None:
    made = with_system(HOUSE, Entry(name="cellar", url="e3dc://a@192.168.1.20", files={"key": "k", "password": "p"}))
    assert read(made)["system"][1] == {
        "name": "cellar",
        "url": "e3dc://a@192.168.1.20",
        "key_file": "k",
        "password_file": "p",
    }


def test_what_cannot_be_edited_by_lines_is_left_alone() -> None:
    inline = 'site = {timezone = "UTC"}\nsystem = [{name = "a", url = "senec://192.168.1.40"}]\n'
    with pytest.raises(UsageError, match="not written table by table") as error:
        with_system(inline, CELLAR)
    assert 'name = "cellar"' in error.value.line()
    with pytest.raises(ConfigError, match="not TOML"):
        with_system("[site", CELLAR)


def test_a_site_without_a_time_zone_is_not_made() -> None:
    with pytest.raises(UsageError, match="time zone"):
        with_system("", CELLAR)


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@settings(max_examples=100)
@given(name=names, site=names, grid=st.booleans(), comment=names)
def test_whatever_names_there_are_nothing_else_changes(name: str, site: str, grid: bool, comment: str) -> None:
    text = HOUSE.replace("# calm", f"# {comment}")
    made = with_system(text, Entry(name=name, url="senec://192.168.1.41", site=site, timezone="UTC", grid=grid))
    after = read(made)
    assert after["system"][-1]["name"] == name
    assert after["recorder"] == read(text)["recorder"]
    assert after["system"][0].items() >= read(text)["system"][0].items()
    assert f"# {comment}" in made


# -- the files


def test_secrets_are_for_the_owner_only_and_the_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(HOUSE)
    path.chmod(0o640)
    made = with_system(HOUSE, Entry(name="cellar", url="e3dc://a@192.168.1.20", files={"password": "cellar.password"}))
    config = save(path, made, {"cellar.password": Secret("rain")})
    password = config.systems[1].credentials().password
    assert password is not None
    assert password.reveal() == "rain"
    assert stat.S_IMODE((tmp_path / "cellar.password").stat().st_mode) == 0o600
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert path.read_text() == made
    assert {file.name for file in tmp_path.iterdir()} == {"config.toml", "cellar.password"}


def test_a_folder_that_is_not_there_is_made_for_the_owner(tmp_path: Path) -> None:
    made = with_system("", Entry(name="roof", url="senec://192.168.1.40", timezone="UTC"))
    save(tmp_path / "new/config.toml", made, {})
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new/config.toml").stat().st_mode) == 0o600


def test_nothing_stays_behind_when_the_parser_refuses(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(HOUSE)
    with pytest.raises(ConfigError, match="colour"):
        save(path, f"{HOUSE}colour = 1\n", {"roof.password": Secret("rain")})
    assert path.read_text() == HOUSE
    assert [file.name for file in tmp_path.iterdir()] == ["config.toml"]


def test_a_secret_of_another_system_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "roof.password").write_text("old")
    with pytest.raises(StorageError, match=r"roof\.password"):
        save(tmp_path / "config.toml", HOUSE, {"roof.password": Secret("new")})
    assert (tmp_path / "roof.password").read_text() == "old"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    there = tmp_path / "there/config.toml"
    there.parent.mkdir()
    there.write_text(HOUSE)
    (tmp_path / "config.toml").symlink_to(there)
    secrets = {"cellar.password": Secret("rain")}
    cellar = replace(CELLAR, files={"password": "cellar.password"})
    save(tmp_path / "config.toml", with_system(HOUSE, cellar), secrets)
    load(tmp_path / "config.toml")  # finds the secrets, beside the link
    assert (tmp_path / "config.toml").is_symlink()
    assert '"cellar"' in there.read_text()


# -- the time zone


def test_the_zone_of_this_machine_is_one_of_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", ":Australia/Perth")
    assert local_zone() == "Australia/Perth"
    monkeypatch.setenv("TZ", "CET-1CEST")  # a rule, not a name
    assert local_zone() != "CET-1CEST"
