"""The indexes of a day: the plans in force on it, as the database itself answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from published_grids import drawn

from gisgov.services.indexes import DayIndexes, IndexFolder, LayerIndex, load_day
from gisgov.store.database import Database
from gisgov.store.locating import areas_at_point

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 1)
XS, YS = (
    axis.ravel() for axis in np.meshgrid(np.arange(113.995, 114.08, 0.005), np.arange(22.495, 22.53, 0.005))
)


def by_the_database(database: Database, layer: LayerIndex, day: date) -> list[tuple[str, str] | None]:
    """Return code and plan of the owner of each point, asked of the database one by one."""
    found = []
    with database.begin() as connection:
        for x, y in zip(XS.round(7).tolist(), YS.round(7).tolist(), strict=True):
            covering = areas_at_point(connection, x, y, day=day, layer_ids=[layer.layer.id])
            found.append((covering[0].code, covering[0].plan) if covering else None)
    return found


def by_the_index(layer: LayerIndex) -> list[tuple[str, str] | None]:
    """Return code and plan of the owner of each point."""
    rows = layer.index.owners(XS.round(7), YS.round(7)).tolist()
    return [(layer.codes[row], layer.plans[layer.plan_of[row]].name) if row >= 0 else None for row in rows]


def names(days: DayIndexes, layer: str) -> list[tuple[str, str]]:
    """Return code and plan of each area of a layer."""
    found = days.layers[layer]
    return [(code, found.plans[plan].name) for code, plan in zip(found.codes, found.plan_of, strict=True)]


def test_every_layer_has_what_is_in_force_of_all_its_scopes(
    database: Database, plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("street", drawn("SSSTTT"), plan="streets", names={"S": "", "T": "塔"})
    west, east = drawn("ABB..."), drawn("..BDDD")
    plant("grid", west, parent="street", plan="west", scope="S", parents={"A": ["S"], "B": ["S"]})
    plant("grid", east, parent="street", plan="east", scope="T", parents={"B": ["S", "T"]}, valid_to=LAST)
    plant("grid", drawn("..DDDD"), parent="street", plan="later", scope="T", valid_from=LAST)
    plant("grid", drawn("EEEEEE"), plan="draft", scope="U", valid_from=None)
    plant("grid", drawn("FFFFFF"), plan="withdrawn", scope="V")
    plant("police", drawn(".PP..."), kind="overlay", plan="beats")
    plant("empty", {}, plan="nothing")
    plant("ended", drawn("X"), plan="ended", valid_to=LAST)
    with database.begin() as connection:
        withdrawn = "UPDATE plan SET status = 'retired', valid_to = valid_from WHERE name = 'withdrawn'"
        connection.execute(sa.text(withdrawn))
    folder = IndexFolder(tmp_path)
    before, after = (load_day(database, folder, day) for day in (LAST - timedelta(days=1), LAST))
    assert list(before.layers) == ["street", "police", "empty", "ended", "grid"]
    both = [("A", "west"), ("B", "east"), ("B", "west"), ("D", "east")]
    assert names(before, "grid") == both, "of one code that of the plan whose name comes first"
    assert names(after, "grid") == [("A", "west"), ("B", "west"), ("D", "later")]
    assert [(one.scope_code, one.valid_to) for one in before.layers["grid"].plans] == [
        ("S", None),
        ("T", LAST),
    ]
    assert list(before.layers["grid"].parent_codes) == [("S",), ("S", "T"), ("S",), ()]
    assert list(before.layers["street"].names) == ["", "塔"]
    for days in (before, after):
        for layer in days.layers.values():
            assert by_the_index(layer) == by_the_database(database, layer, days.day), layer.layer.name
    for days, name, in_force, plans in (
        (before, "empty", True, 1),
        (before, "ended", True, 1),
        (after, "ended", False, 0),
    ):
        layer = days.layers[name]
        assert (layer.layer.in_force, len(layer.plans)) == (in_force, plans)
    assert len(after.layers["ended"].codes) == len(before.layers["empty"].index) == 0
    assert before.version == after.version
    assert before.layers["street"].index is after.layers["street"].index, "one file, one index"
    assert list(load_day(database, folder, LAST, layers=["police", "none"]).layers) == ["police"]
    long_ago = load_day(database, folder, FIRST - timedelta(days=1))
    assert not any(layer.layer.in_force for layer in long_ago.layers.values())
