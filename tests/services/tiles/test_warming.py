"""What tiles need compiled is compiled before anybody asks."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from tile_district import HOME, ZONE, settle

from gisgov.governance.access import Errand, operator
from gisgov.services.tiles import Asker, LiveTiles, Patience, tile_name, warming
from gisgov.store.database import Database


@pytest.fixture(scope="module")
def district(module_database_url: str) -> Iterator[Database]:
    database = Database(module_database_url)
    settle(database)
    yield database
    database.dispose()


def test_what_is_compiled_before_is_what_tiles_take(district: Database) -> None:
    async def ask() -> None:
        tiles = LiveTiles(district, timezone=ZONE, statement_s=60.0)
        for name in ("blocks", "buildings", "events", "grid"):
            asker = Asker(operator("root"), Errand(), Patience(300.0, asyncio.Event().wait))
            await tiles.tile(tile_name(name), HOME, asker, day=None, is_gzip=False, has=lambda _: False)
        await tiles.close()

    asyncio.run(ask())
    asked = _compiled()
    assert asked
    warming.warm()
    assert _compiled() == asked


def test_a_service_that_ends_at_once_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(warming, "warm", done.set)
    timer = warming.warm_later()
    timer.cancel()
    timer.join()
    assert not done.is_set()
    monkeypatch.setattr(warming, "AFTER_S", 0.0)
    warming.warm_later().join()
    assert done.is_set()


def _compiled() -> dict[tuple[str, str], set[Any]]:
    """For which kinds of arguments each loop of the tiles is compiled."""
    modules = [one for name, one in sys.modules.items() if name.startswith("gisgov.tiles.")]
    return {
        (module.__name__, name): {*one.signatures}
        for module in modules
        for name, one in vars(module).items()
        if getattr(one, "signatures", None)
    }
