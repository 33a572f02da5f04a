"""Everything that pye3dc 0.10.0 offers is there under the same name, with the same arguments."""

from __future__ import annotations

import inspect
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest

from heliobus.compat import e3dc as ours

if TYPE_CHECKING:
    from types import ModuleType

OTHER_DEFAULTS = {("get_db_data", "startDate"): None}
"""pye3dc takes the day on which it was imported for today."""
KEYWORDS = ("username", "password", "ipAddress", "key", "port", "serialNumber", "isPasswordMd5", "configuration")
"""What its constructor takes by name, out of its documentation."""


@pytest.fixture(scope="module")
def theirs() -> ModuleType:
    module: ModuleType = pytest.importorskip(
        "e3dc", reason="pye3dc, the library whose interface is followed, is not installed"
    )
    return module


def public(holder: Any) -> dict[str, Any]:
    return {name: value for name, value in inspect.getmembers(holder) if not name.startswith("_")}


def plain(default: Any) -> Any:
    return default.value if isinstance(default, Enum) else default


def test_every_public_name_of_the_module(theirs: ModuleType) -> None:
    assert set(theirs.__all__) <= set(ours.__all__)
    assert all(hasattr(ours, name) for name in ours.__all__)


def test_every_exception_is_one(theirs: ModuleType) -> None:
    for name in theirs.__all__:
        if inspect.isclass(getattr(theirs, name)) and issubclass(getattr(theirs, name), Exception):
            assert issubclass(getattr(ours, name), Exception), name


def test_every_public_name_of_the_class(theirs: ModuleType) -> None:
    names = public(theirs.E3DC)
    assert len(names) > 35
    assert names.keys() <= public(ours.E3DC).keys()
    assert (ours.E3DC.CONNECT_LOCAL, ours.E3DC.CONNECT_WEB) == (theirs.E3DC.CONNECT_LOCAL, theirs.E3DC.CONNECT_WEB)


def test_every_argument_of_every_method(theirs: ModuleType) -> None:
    for name, method in public(theirs.E3DC).items():
        if not inspect.isfunction(method):
            continue
        wanted = list(inspect.signature(method).parameters.values())
        given = list(inspect.signature(getattr(ours.E3DC, name)).parameters.values())[: len(wanted)]
        assert [(one.name, one.kind) for one in given] == [(one.name, one.kind) for one in wanted], name
        for theirs_, ours_ in zip(wanted, given, strict=True):
            default = OTHER_DEFAULTS.get((name, theirs_.name), plain(theirs_.default))
            assert plain(ours_.default) == default, (name, theirs_.name)


def test_more_arguments_may_be_left_out(theirs: ModuleType) -> None:
    for name, method in public(theirs.E3DC).items():
        if inspect.isfunction(method):
            wanted = inspect.signature(method).parameters
            more = [
                one for key, one in inspect.signature(getattr(ours.E3DC, name)).parameters.items() if key not in wanted
            ]
            assert all(one.default is not one.empty for one in more), name


def test_every_keyword_of_the_constructor() -> None:
    parameters = inspect.signature(ours.E3DC).parameters
    assert set(KEYWORDS) <= parameters.keys()
    assert parameters["isPasswordMd5"].default is True
    assert parameters["port"].default is None
