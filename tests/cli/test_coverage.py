"""``gisgov coverage``, imports of service points and their map, as text, JSON and page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import patrol_ground

from gisgov.store.database import Database

HEADER = "code,tier,title,lon,lat\n"
POINTS = f"{HEADER}1,district,区中心,114.005,22.505\n2,grid,点二,114.025,22.504\n3,grid,,114,22.5\n"


def test_service_points_are_brought_in_counted_and_drawn(
    cli: Any, database: Database, tmp_path: Path
) -> None:
    patrol_ground.settle(database)
    file = tmp_path / "points.csv"
    file.write_text(POINTS, encoding="utf-8")
    brought = cli("import", "service-points", file, "--crs", "wgs84", "--rejects", tmp_path)
    assert brought.status == 1, brought.stderr
    assert "3 rows, 2 new, 0 changed, 0 unchanged, 1 rejected." in brought.stdout
    assert "Coordinates read as EPSG:4326." in brought.stdout
    day = ("--layer", "grid", "--at", "2026-05-13")
    shown = cli("coverage", "service", *day).stdout.splitlines()
    assert "(1 district, 0 street, 0 community, 1 grid)" in shown[0]
    assert shown[-1].split() == ["all", "187", "57", "30.5%", "3"]
    assert json.loads(cli("coverage", "service", *day, "--json").stdout)["total"]["outside"] == 57.0
    visits = cli("coverage", "visits", "--layer", "grid", "--day", "2026-05-16").stdout
    assert "which is not worked" in visits
    assert "in no area" in visits
    patrol = cli("coverage", "patrol", "--layer", "grid", "--to", "2026-05-13").stdout.splitlines()
    assert "2026-05-07 to 2026-05-13" in patrol[0]
    for name in ("service.html", "service.png"):
        drawn = cli("map", "service", *day, "--out", tmp_path / name, "--language", "en", "--json")
        assert drawn.status == 0, drawn.stderr
        told = json.loads(drawn.stdout)
        assert (told["kind"], told["views"]) == ("service", ["outside", "circles"])
        assert (told["drawn"]["grids"], told["drawn"]["circles"], told["drawn"]["points"]) == (3, 2, 2)
