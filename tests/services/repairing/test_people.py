"""Where people are, from files and from the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from gisgov.errors import CrsError, InputError
from gisgov.geometry.crs import parse_crs, to_wgs84
from gisgov.services.repairing.files import FileAsked, propose_for_file
from gisgov.services.repairing.people import PeopleFile, people_of_file

PLANE = parse_crs(4547)


def degrees(x: float, y: float) -> tuple[float, float]:
    lon, lat = to_wgs84([x], [y], PLANE)
    return float(lon[0]), float(lat[0])


def write_csv(path: Path, rows: list[tuple[float, float, str]]) -> Path:
    lines = [f"{lon:.9f},{lat:.9f},{count}" for lon, lat, count in rows]
    path.write_text("\n".join(["lon,lat,人数", *lines]), encoding="utf-8")
    return path


def test_a_table_with_counts(tmp_path: Path) -> None:
    places = [(*degrees(500_100, 2_490_100), "12"), (*degrees(500_200, 2_490_100), "0"), (0.0, 0.0, "")]
    places.append((*degrees(500_300, 2_490_300), "0.4"))
    path = write_csv(tmp_path / "people.csv", places)
    people = people_of_file(PeopleFile(path, "人数", "wgs84"), PLANE)
    assert people.count.tolist() == [12, 1]  # where an estimate says 0.4 there are people
    assert people.x.round(2).tolist() == [500_100, 500_300]
    assert people.y.round(2).tolist() == [2_490_100, 2_490_300]
    assert people_of_file(PeopleFile(path, None, "wgs84"), PLANE).count.tolist() == [1, 1, 1, 1]


def test_polygons_count_at_a_point_on_them(tmp_path: Path) -> None:
    box = shapely.box(500_000, 2_490_000, 500_010, 2_490_010)
    geopandas.GeoDataFrame({"n": [7]}, geometry=[box], crs=4547).to_file(tmp_path / "houses.gpkg")
    people = people_of_file(PeopleFile(tmp_path / "houses.gpkg", "n"), PLANE)
    assert (people.x.round(3).tolist(), people.count.tolist()) == ([500_005], [7])


@pytest.mark.parametrize("count", ["-1", "many", "inf"])
def test_counts_that_are_none(tmp_path: Path, count: str) -> None:
    path = write_csv(tmp_path / "people.csv", [(114.0, 22.5, "1"), (114.0, 22.5, count)])
    with pytest.raises(InputError, match=r"people\.csv: row 2 has '.*' in '人数', which counts no people"):
        people_of_file(PeopleFile(path, "人数", "wgs84"), PLANE)


def test_nobody_and_nowhere(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "people.csv", [(114.0, 22.5, "0")])
    with pytest.raises(InputError, match=r"people\.csv counts nobody"):
        people_of_file(PeopleFile(path, "人数", "wgs84"), PLANE)
    with pytest.raises(CrsError, match="does not state its coordinate system"):
        people_of_file(PeopleFile(path, "人数"), PLANE)


def test_the_nearest_people_get_the_gap(
    save: Callable[..., Path], asked: Callable[..., FileAsked], tmp_path: Path
) -> None:
    # the gap in the middle has its longest border with A; the people live in C, south of it
    question = asked(save("grids", "AAB\nA.B\nCCC"), save("scope", "SSS\nSSS\nSSS"))
    people = write_csv(tmp_path / "people.csv", [(*degrees(500_150, 2_490_080), "30")])
    report = propose_for_file(
        question, tmp_path / "p.csv", rule="nearest-people", people=PeopleFile(people, "人数", "wgs84")
    )
    (gap,) = report.proposals
    assert (gap.to, report.people) == ("C", 30)
    assert "people" in gap.reason
    with pytest.raises(InputError, match="people"):
        propose_for_file(question, tmp_path / "q.csv", rule="nearest-people")
    assert not (tmp_path / "q.csv").exists()


def test_a_place_that_the_system_cannot_express_is_left_out(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "people.csv", [(*degrees(500_100, 2_490_100), "1"), (-66.0, 0.0, "1")])
    assert np.isfinite(people_of_file(PeopleFile(path, "人数", "wgs84"), PLANE).x).all()
