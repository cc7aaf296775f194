"""Files that ``gisgov check`` writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from gisgov.testing import areas_from_grid


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


def test_what_was_found_is_written_as_the_suffixes_say(
    cli_without_database: Callable[..., Any], save: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "found"
    outs = [folder / name for name in ("defects.gpkg", "defects.json", "defects.html", "defects.geojson")]
    said = [word for path in outs for word in ("--out", path)]
    grids = save("grids", "AAA\nA.A\nAAB")
    ran = cli_without_database("check", grids, "--code-field", "code", *said, "--json")
    assert ran.status == 1
    assert outs[1].read_text(encoding="utf-8") == ran.stdout.rstrip("\n")
    columns = ["number", "kind", "layer", "area_m2", "width_m", "cover", "areas", "reason", "lon", "lat"]
    for layer, path in (({"layer": "defects"}, outs[0]), ({}, outs[3])):
        frame = geopandas.read_file(path, **layer)
        assert frame.columns.tolist() == [*columns, "geometry"]
        assert frame[["number", "kind", "areas"]].to_numpy().tolist() == [[1, "gap", "A"]]
    page = outs[2].read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") or page.lower().startswith("<!doctype html>")
    assert "grids.gpkg" in page
    unknown = cli_without_database("check", grids, "--out", tmp_path / "defects.txt")
    assert (unknown.status, ".html for a map" in unknown.stderr) == (2, True)
    (tmp_path / "file").write_text("", encoding="utf-8")
    unwritable = cli_without_database("check", grids, "--out", tmp_path / "file" / "defects.html")
    assert (unwritable.status, "cannot be written" in unwritable.stderr) == (2, True)


def test_a_page_of_very_many_areas_shows_those_with_defects(
    cli_without_database: Callable[..., Any],
    save: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gisgov.cli.check_outputs._MOST_DRAWN", 3)
    drawn: list[list[str]] = []
    monkeypatch.setattr(
        "maps.defects.draw", lambda _, grids, **__: drawn.append(grids["code"].tolist()) or "page"
    )
    page = tmp_path / "page.html"
    cli_without_database("check", save("clean", "ABCD"), "--code-field", "code", "--out", page)
    cli_without_database(
        "check", save("holed", "DAAABC\nDA.ABC\nDAAABC"), "--code-field", "code", "--out", page
    )
    assert drawn == [["A", "B", "C", "D"], ["A"]]
    assert page.read_text(encoding="utf-8") == "page"


def test_a_page_of_a_plan_shows_its_areas(
    cli: Callable[..., Any], plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("grid", drawn("AAA\nA.A\nAAA"), plan="p", valid_from=None)
    pois = tmp_path / "pois.csv"
    pois.write_text("name,lon,lat\n学校,114.015,22.515\n", encoding="utf-8")
    page = tmp_path / "defects.html"
    ran = cli("check", "p", "--out", page, "--points", pois, "--points-crs", "wgs84", "--json")
    assert ran.status == 1
    (orphan,) = ran.json()["points"][0]["faults"]
    assert (orphan["id"], orphan["nearest_area"], orphan["number"]) == ("学校", "A", 2)
    assert page.stat().st_size > 10_000
