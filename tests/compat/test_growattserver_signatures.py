"""Everything that growattServer 1.2.3, 1.7.1 and 2.2.0 offer is there under the same name, with the same arguments."""

from __future__ import annotations

import inspect
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heliobus.compat.growattServer as ours  # noqa: N813, the name of what it replaces
from heliobus.compat.growattServer.open_api_v1 import devices
from tests.interop.test_growattserver import VERSIONS, library

if TYPE_CHECKING:
    from types import ModuleType

CLASSES = ("GrowattApi", "OpenApiV1")
DEVICES = ("AbstractDevice", "Min", "Sph")
WIDER = {
    ("GrowattV1ApiError", "__init__", "error_code"): "1.7.1 may leave it out, 2.2.0 not",
    ("GrowattV1ApiError", "__init__", "error_msg"): "same",
}
every_version = pytest.mark.parametrize("number", VERSIONS)


def offered(holder: Any) -> dict[str, Any]:
    return {name: value for name, value in inspect.getmembers(holder) if not name.startswith("_")}


def functions(kind: type) -> dict[str, Any]:
    return {
        name: value
        for name, value in inspect.getmembers(kind, inspect.isfunction)
        if name == "__init__" or not name.startswith("_")
    }


def plain(default: Any) -> Any:
    return default.value if isinstance(default, Enum) else default


def check_class(theirs: type, own: type) -> None:
    """Our class takes what theirs takes, and may be called as theirs is."""
    assert offered(theirs).keys() <= offered(own).keys()
    for name, method in functions(theirs).items():
        wanted = list(inspect.signature(method).parameters.values())
        parameters = list(inspect.signature(getattr(own, name)).parameters.values())
        assert [(one.name, one.kind) for one in parameters[: len(wanted)]] == [
            (one.name, one.kind) for one in wanted
        ], name
        for their, our in zip(wanted, parameters, strict=False):
            same = plain(our.default) == plain(their.default)
            assert same or (theirs.__name__, name, our.name) in WIDER, (name, our.name)
        assert all(one.default is not one.empty for one in parameters[len(wanted) :]), name


@every_version
def test_every_name_of_the_package(number: str) -> None:
    with library(number) as theirs:
        modules = {name for name, value in offered(theirs).items() if inspect.ismodule(value)}
        wanted = set(getattr(theirs, "__all__", offered(theirs).keys())) - modules - {"IntEnum", "randint"}
    assert wanted <= set(ours.__all__)
    assert all(hasattr(ours, name) for name in ours.__all__)
    assert ours.name == "growattServer"


@every_version
def test_every_method_and_argument(number: str) -> None:
    with library(number) as theirs:
        kinds = [name for name in CLASSES if hasattr(theirs, name)]
        assert "GrowattApi" in kinds
        for name in kinds:
            check_class(getattr(theirs, name), getattr(ours, name))


def test_every_method_of_the_devices() -> None:
    with library("2.2.0") as theirs:
        for name in DEVICES:
            kind = getattr(theirs.open_api_v1.devices, name)
            check_class(kind, getattr(devices, name))
            assert getattr(kind, "DEVICE_TYPE_ID", 0) == getattr(getattr(devices, name), "DEVICE_TYPE_ID", 0)


@every_version
def test_every_word(number: str) -> None:
    def words(module: ModuleType, kind: str) -> dict[str, int]:
        return {one.name: one.value for one in getattr(module, kind)}

    with library(number) as theirs:
        for kind in ("Timespan", "DeviceType", "GrowattV1ApiErrorCode"):
            if hasattr(theirs, kind):
                assert words(ours, kind) == words(theirs, kind)
                assert getattr(ours, kind).__base__ is getattr(theirs, kind).__base__
        modes = [name for name in dir(getattr(theirs, "base_api", theirs)) if name.startswith("BATT_MODE_")]
        assert len(modes) == (0 if number == "1.2.3" else 3)
        for name in modes:
            assert getattr(ours, name) == getattr(theirs.base_api, name)


@every_version
def test_every_exception(number: str) -> None:
    with library(number) as theirs:
        for name, kind in offered(theirs).items():
            if inspect.isclass(kind) and issubclass(kind, Exception):
                own = getattr(ours, name)
                assert {base.__name__ for base in kind.__mro__} <= {base.__name__ for base in own.__mro__}
                check_class(kind, own)


def test_the_modules_are_where_they_are() -> None:
    with library("2.2.0") as theirs:
        for module, names in {"base_api": ("GrowattApi", "Timespan"), "exceptions": ("GrowattError",)}.items():
            for name in names:
                assert hasattr(getattr(theirs, module), name)
                assert getattr(getattr(ours, module), name) is getattr(ours, name)


@given(st.lists(st.text(max_size=20), min_size=20))
@settings(max_examples=10)
def test_the_hash_is_the_same(passwords: list[str]) -> None:
    with library("1.2.3") as theirs:
        assert list(map(ours.hash_password, passwords)) == list(map(theirs.hash_password, passwords))
