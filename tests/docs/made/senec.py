"""Every variable of a SENEC, from the tables of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heliobus.senec.models import Reading
from tests.docs.markdown import NOTHING, code, prose, table

if TYPE_CHECKING:
    from heliobus.senec.models import Row


def variables() -> str:
    """The sections, each with its variables."""
    return "\n".join(
        f"### {name}\n\n{prose(section.__doc__)}\n\n"
        + table(["variable", "kind", "unit", "written", "seen", "meaning"], map(_cells, section.rows.values()))
        for name, section in Reading.sections.items()
    )


def _cells(row: Row[object]) -> tuple[str, ...]:
    kind = f"{row.length} \u00d7 {row.kind}" if row.length else str(row.kind)
    written = "yes" if row.writable else NOTHING
    return code(row.variable), kind, row.unit or NOTHING, written, row.seen, row.meaning


BLOCKS = {"senec variables": variables}
