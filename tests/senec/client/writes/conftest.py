from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from tests.senec.client.writes.bench import Bench, Start, opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as running:

        async def starting(*, profile: str = "v2.1", faults: tuple[str, ...] = ()) -> Bench:
            return await running.enter_async_context(opened(profile, faults))

        yield starting
