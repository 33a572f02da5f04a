"""What did not come: missing, or not carried by this device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heliobus.e3dc.models import is_absent
from heliobus.model.quality import Quality

if TYPE_CHECKING:
    from heliobus.e3dc.models import Record


class Qualities(dict[str, Quality]):
    """The qualities of a snapshot's fields that are not GOOD, by path."""

    def take(self, path: str, record: Record, name: str, *, factor: float = 1.0) -> float | None:
        """The record's value times ``factor``; without one it is MISSING, unless the device says that it has none."""
        value = getattr(record, name)
        if value is not None:
            return float(value * factor) + 0.0  # no -0.0
        if not is_absent(record.error(name)):
            self[path] = Quality.MISSING
        return None

    def each(self, path: str, record: Record, **names: str) -> dict[str, Any]:
        """Several values as they are: the model's names with the record's names."""
        return {field: self.take(f"{path}.{field}", record, name) for field, name in names.items()}

    def known(self, path: str, value: float | None, quality: Quality) -> float | None:
        """A value that was not simply read: note its quality."""
        if value is not None:
            self[path] = quality
        return value
