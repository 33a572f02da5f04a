"""What is shipped, and what the committed files say about where things come from."""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import entry_points, version
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import heliobus
from heliobus.vendor import Vendor
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# Hosts of package registries and of their mirrors, each in two halves so that this file does not name one.
REGISTRY_HOSTS = [
    first + second
    for first, second in [
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("npm", "mirror.com"),
        ("registry.yarn", "pkg.com"),
        ("crates", ".io"),
        ("proxy.go", "lang.org"),
        ("conda.ana", "conda.org"),
        ("mirrors.ali", "yun.com"),
        ("pypi.tuna.", "tsinghua"),
        ("deb.", "debian.org"),
        ("docker", ".io"),
        ("ghcr", ".io"),
    ]
]
INDEX_OPTION = re.compile(r"--(?:extra-)?index-url|--find-links|--default-index|\[\[tool\.uv\.index\]\]")

PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)", re.MULTILINE)
HASH = "--hash=sha256:"


def committed_files() -> list[Path]:
    # The checkout may belong to somebody else than the one who tests it.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: nothing is committed here")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def declared(*, groups: tuple[str, ...]) -> list[Requirement]:
    """Give what a lock must satisfy: the dependencies, the extra ``app`` and the dependency groups."""
    table = project()
    lines = table["project"]["dependencies"] + table["project"]["optional-dependencies"]["app"]
    for group in groups:
        lines += [line for line in table["dependency-groups"][group] if isinstance(line, str)]
    return [Requirement(line) for line in lines]


def locked(name: str) -> dict[str, str]:
    text = (ROOT / f"requirements/{name}.lock").read_text(encoding="utf-8")
    return {canonicalize_name(pin["name"]): pin["version"] for pin in PIN.finditer(text)}


def test_no_committed_file_names_a_registry() -> None:
    found = []
    for path in committed_files():
        text = path.read_bytes().decode("utf-8", "replace").lower()
        found += [(path.name, host) for host in REGISTRY_HOSTS if host in text]
    assert found == []


@pytest.mark.parametrize("name", ["app", "dev", "docs"])
def test_a_lock_holds_pins_and_hashes_and_no_address(name: str) -> None:
    text = (ROOT / f"requirements/{name}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not INDEX_OPTION.search(text)
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    pinned = [entry for entry in entries if PIN.match(entry)]
    assert pinned
    assert [entry for entry in pinned if HASH not in entry] == []


@pytest.mark.parametrize(
    ("name", "groups"), [("app", ("build",)), ("dev", ("build", "dev")), ("docs", ("build", "docs"))]
)
def test_a_lock_satisfies_what_pyproject_declares(name: str, groups: tuple[str, ...]) -> None:
    pins = locked(name)
    for requirement in declared(groups=groups):
        pin = pins.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{requirement} is not in {name}.lock: make lock"
        assert requirement.specifier.contains(pin), f"{requirement} is locked at {pin}: make lock"


def test_the_locks_agree() -> None:
    app, dev, docs = locked("app"), locked("dev"), locked("docs")
    assert app == {name: pin for name, pin in dev.items() if name in app}
    assert [name for name, pin in docs.items() if dev.get(name, pin) != pin] == []


def test_the_version_is_the_constant() -> None:
    assert version("heliobus") == heliobus.__version__


@pytest.mark.parametrize("vendor", sorted(project()["project"]["entry-points"]["heliobus.vendors"]))
def test_a_vendor_is_found_and_its_shape_is_checked(vendor: str) -> None:
    (found,) = entry_points(group="heliobus.vendors", name=vendor)
    assert isinstance(found.load(), Vendor)
    layers = configparser.ConfigParser()
    layers.read(ROOT / ".importlinter", encoding="utf-8")
    assert f"heliobus.{vendor}" in layers["importlinter:contract:vendor-shape"]["containers"].split()


def test_the_wheel_holds_the_package_and_nothing_else(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"heliobus/py.typed", "heliobus/errors.py"} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names} == {"heliobus", f"heliobus-{heliobus.__version__}.dist-info"}
    assert [name for name in names if name.endswith((".pyc", ".map"))] == []
