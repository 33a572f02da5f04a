from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from heliobus.web import plain
from heliobus.web.plain.texts import LANGUAGES, choose
from tests.conftest import ROOT

FRONT_END = ROOT / "frontend/src"
EN, DE = LANGUAGES["en"], LANGUAGES["de"]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_everything() -> None:
    assert set(EN.words) == set(DE.words)
    for key, text in EN.words.items():
        assert placeholders(text) == placeholders(DE.words[key]), key
        assert text.strip(), key
        assert DE.words[key].strip(), key


def test_no_word_is_left_over_and_none_is_missing() -> None:
    """Every key stands in the code, whole or as the beginning or end of one that is put together."""
    literals: set[str] = set()
    for path in FRONT_END.rglob("*.*"):
        if path.suffix in {".svelte", ".ts"}:
            literals |= set(re.findall(r"""["'`]([\w.]+)(?:\$\{[^}]*\})?["'`]""", path.read_text(encoding="utf-8")))
    for path in Path(plain.__file__ or "").parent.glob("*.py"):
        if path.name != "texts.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            literals |= {
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    parts = [literal for literal in literals if literal.endswith(".") or literal.startswith(".")]
    for key in EN.words:
        assert key in literals or any(key.startswith(part) or key.endswith(part) for part in parts), key


def test_dates() -> None:
    assert EN.date(date(2026, 9, 16)) == "Wednesday, 16 September 2026"
    assert DE.date(date(2026, 3, 1)) == "Sonntag, 1. März 2026"


@pytest.mark.parametrize(
    ("asked", "accepted", "code"),
    [
        (None, "", "en"),
        (None, "de", "de"),
        (None, "de-AT,de;q=0.9,en;q=0.8", "de"),
        (None, "fr-FR,fr;q=0.9,en;q=0.8,de;q=0.7", "en"),
        (None, "en;q=0.4, de;q=0.5", "de"),
        (None, "DE-de", "de"),
        (None, "fr, nl", "en"),
        (None, "de;q=0", "en"),
        (None, ";;;,=q, de ;q=x", "en"),
        (None, "a" * 100_000, "en"),
        ("de", "en", "de"),
        ("en", "de", "en"),
    ],
)
def test_the_language_is_the_readers(asked: str | None, accepted: str, code: str) -> None:
    assert choose(asked, accepted).code == code


def test_texts_hold_no_markup() -> None:
    for language in LANGUAGES.values():
        assert not [text for text in language.words.values() if re.search(r"[<>&]", text)]
