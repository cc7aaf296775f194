"""The plan of the demo's sub-grids, changed by two planners and published for next month."""

from __future__ import annotations

from pathlib import Path

import pytest
from living_plans import ZONE, Story

from gisgov.demo import journey
from gisgov.demo.journey import LAST_DAY, SUBGRIDS, plan_name, run_demo
from gisgov.services.checking import check_plan
from gisgov.store.database import Database


def test_subgrids_are_changed_and_published(
    database: Database, tmp_path: Path, assets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journey, "draw_maps", lambda *_, **__: ())
    run_demo(database, out=tmp_path, assets=assets, indexes=tmp_path / "indexes", timezone=ZONE, scale=0.1)
    Story(database, layer=SUBGRIDS, plan=plan_name(SUBGRIDS), today=LAST_DAY).tell()
    checked = check_plan(database, "mine")
    assert checked.certified
    assert checked.clean
