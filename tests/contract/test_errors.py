from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from heliobus import errors
from heliobus.errors import Error

TREE_LINE = re.compile(r"^    (?P<branches>[ |`-]*)(?P<name>[A-Z]\w+)(?P<text>.*)$", re.MULTILINE)
INDENT = 4  # columns of one level of the drawing

CLASSES = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Error)]
every_class = pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)


def instance(error: type[Error]) -> Error:
    needed: dict[str, Any] = (
        {"until": datetime(2026, 1, 1, tzinfo=UTC)} if "until" in inspect.signature(error).parameters else {}
    )
    return error("the roof did not answer", **needed)


def drawn_tree() -> dict[str, tuple[str, bool]]:
    """Read the drawing in the module's docstring: class -> (its base, is it marked retryable)."""
    found: dict[str, tuple[str, bool]] = {}
    parents: list[str] = []
    for line in TREE_LINE.finditer(errors.__doc__ or ""):
        depth = len(line["branches"]) // INDENT
        parents[depth:] = [line["name"]]
        base = parents[depth - 1] if depth else "Exception"
        marked = line["text"].endswith("retryable") or (base in found and found[base][1])
        found[line["name"]] = (base, marked)
    return found


def test_the_drawing_names_every_class_its_base_and_whether_it_may_be_retried() -> None:
    assert drawn_tree() == {error.__name__: (error.__mro__[1].__name__, error.retryable) for error in CLASSES}


def test_all_names_every_class() -> None:
    assert errors.__all__ == sorted(error.__name__ for error in CLASSES)


@every_class
def test_the_remedy_is_one_sentence(error: type[Error]) -> None:
    assert re.fullmatch(r"[A-Z][^\n]{10,}\.", error.default_remedy)
    assert instance(error).remedy == error.default_remedy


def test_a_remedy_of_the_moment_goes_before_the_default() -> None:
    assert Error("the door is shut", remedy="Open it.").line() == "the door is shut. Open it."


def test_a_question_in_what_happened_ends_its_sentence() -> None:
    assert (
        Error("no 'dor'; did you mean 'door'?", remedy="Open it.").line() == "no 'dor'; did you mean 'door'? Open it."
    )


@every_class
def test_the_class_says_in_a_sentence_when_it_is_raised(error: type[Error]) -> None:
    assert error.__doc__
    assert "." in error.__doc__


@every_class
def test_the_line_is_what_happened_and_the_remedy(error: type[Error]) -> None:
    raised = instance(error)
    assert raised.line() == f"the roof did not answer. {error.default_remedy}"


@pytest.mark.parametrize(
    "what", ["two\nlines", "two\r\n\r\nlines", "two\u2028lines", "two\tlines", "two \x1b\x07lines"]
)
def test_the_line_stays_one_line_whatever_a_device_said(what: str) -> None:
    assert Error(what, remedy="Look.").line() == "two lines. Look."
