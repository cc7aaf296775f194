"""``gisgov check``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
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


def test_a_file_is_checked_without_any_database(
    cli_without_database: Callable[..., Any], save: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a file needs no database")

    monkeypatch.setattr("gisgov.cli.check.open_database", never)
    clean = cli_without_database("check", save("clean", "AAB\nACB"))
    assert (clean.status, clean.stdout.splitlines()[-1]) == (0, "No faults.")
    found = cli_without_database("check", save("holed", "AAA\nA.A\nAAA"), "--code-field", "code")
    assert found.status == 1
    assert ["gap", "1", "10,000"] in [line.split() for line in found.stdout.splitlines()]
    assert found.stdout.splitlines()[-1] == "Found: 1 gap."
    failed = cli_without_database("check", "none.gpkg")
    assert (failed.status, failed.stdout) == (2, "")
    assert failed.stderr.count("\n") == 1


def test_a_file_with_everything_said(
    cli_without_database: Callable[..., Any], save: Callable[..., Path], tmp_path: Path
) -> None:
    grids = save("grids", "AAB\nACB", layer="grid")
    scope, parents = save("scope", "SSSS\nSSSS", layer="outline"), save("parents", "PPQ\nPPQ", layer="street")
    out = tmp_path / "defects.gpkg"
    ran = cli_without_database(
        "check", grids, "--file-layer", "grid", "--crs", "4547", "--code-field", "code",
        "--scope", scope, "--scope-layer", "outline", "--scope-crs", "4547",
        "--parents", parents, "--parents-layer", "street", "--parents-crs", "4547",
        "--parents-code-field", "code", "--parent-field", "code", "--out", out, "--json",
    )  # fmt: skip
    assert ran.status == 1
    report = ran.json()
    assert (report["scope"], report["parents"]) == (
        "file scope.gpkg, layer outline",
        "file parents.gpkg, layer street",
    )
    assert (report["counts"]["gap"], report["counts"]["missing-parent"]) == (1, 3)  # no area is called P
    assert len(geopandas.read_file(out, layer="defects")) == 4
    overlay = cli_without_database("check", grids, "--scope", scope, "--overlay")
    assert (overlay.status, "gap" in [line.split(" ")[0] for line in overlay.stdout.splitlines()]) == (
        0,
        False,
    )


def test_long_lists_are_cut_and_say_so(
    cli_without_database: Callable[..., Any], save: Callable[..., Path]
) -> None:
    rows = [".".join("ABCDEFGHIJKLMNOPQRSTUVWX"), "Z" * 47, "Y" * 47]
    picture = "\n".join(["y" * 47, *rows])
    ran = cli_without_database("check", save("comb", picture), "--code-field", "code")
    assert ran.status == 1
    assert "… and 3 more: --out FILE.gpkg or --json has them all." in ran.stdout
    around = cli_without_database("check", save("star", "ABC\nD.E\nFGH"), "--code-field", "code")
    assert "B, D, E, G" in around.stdout
    many = cli_without_database("check", save("ring", "ABBC\nD..E\nFGHI"), "--code-field", "code")
    assert "B, D, E, G and 1 more" in many.stdout


def test_pieces_too_thin_to_count_are_mentioned(
    cli_without_database: Callable[..., Any], tmp_path: Path
) -> None:
    x, y = 500_000, 2_490_000
    halves = [shapely.box(x, y, x + 100.0002, y + 100), shapely.box(x + 100, y, x + 200, y + 100)]
    geopandas.GeoDataFrame(geometry=halves, crs=4547).to_file(tmp_path / "thin.gpkg")
    ran = cli_without_database("check", tmp_path / "thin.gpkg")
    told = "Only counted: 1 piece narrower than vertex_tolerance_m."
    assert (ran.status, told in ran.stdout) == (0, True)


def test_an_invalid_ring_shows_why_and_a_missing_one_has_no_place(
    cli_without_database: Callable[..., Any], tmp_path: Path
) -> None:
    x, y = 500_000, 2_490_000
    bow_tie = shapely.Polygon([(x, y), (x + 100, y + 100), (x + 100, y), (x, y + 100)])
    geopandas.GeoDataFrame(geometry=[bow_tie, None], crs=4547).to_file(tmp_path / "bow.gpkg")
    ran = cli_without_database("check", tmp_path / "bow.gpkg")
    assert "invalid-ring (self-intersection)" in ran.stdout
    assert [line.split()[-3:] for line in ran.stdout.splitlines() if "row 2" in line] == [["-", "row", "2"]]


def test_a_plan_is_checked(
    cli: Callable[..., Any], plant: Callable[..., None], save: Callable[..., Path]
) -> None:
    plant("street", drawn("SS"), plan="streets")
    plant("grid", drawn("A."), plan="p", parent="street", parents={"A": ["S"]}, valid_from=None)
    ran = cli("check", "p", "--at", "2026-03-01")
    assert ran.status == 1
    assert "parents: layer street on 2026-03-01" in ran.stdout
    assert cli("check", "p", "--json").json()["counts"]["gap"] == 1  # today
    assert cli("check", "p", "--scope", "S").status == 1
    assert cli("check", "streets").status == 0
    outline = save("outline", "SS")
    assert cli("check", "p", "--scope", outline, "--json").json()["scope"] == "file outline.gpkg"


def test_a_plan_in_force_is_checked_against_the_parents_of_its_first_day(
    cli: Callable[..., Any], plant: Callable[..., None]
) -> None:
    then, now = date(2020, 1, 1), date(2021, 1, 1)
    plant("street", drawn("SS"), plan="then", valid_from=then, valid_to=now)
    plant("street", drawn("SSS"), plan="now", valid_from=now)
    plant("grid", drawn("AB"), plan="p", parent="street", parents={"A": ["S"], "B": ["S"]}, valid_from=then)
    ran = cli("check", "p")
    assert "parents: layer street on 2020-01-01" in ran.stdout
    assert ran.status == 0
    assert cli("check", "p", "--at", "2022-01-01").status == 1


def test_a_plan_may_be_called_like_a_folder(
    cli: Callable[..., Any], plant: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant("grid", drawn("AB"), plan="plans")
    (tmp_path / "plans").mkdir()
    monkeypatch.chdir(tmp_path)
    assert cli("check", "plans").status == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("none",), "No plan is called 'none'."),
        (("none", "--crs", "4547"), "is taken for a plan"),
        (("none", "--overlay"), "is taken for a plan"),
        (("none.gpkg", "--at", "2026-01-01"), "--at is for plans"),
        (("none.gpkg", "--scope", "330106"), "The scope of a file is a file."),
    ],
)
def test_what_cannot_be_checked_is_one_line(
    cli: Callable[..., Any], arguments: tuple[str, ...], words: str
) -> None:
    failed = cli("check", *arguments)
    assert (failed.status, failed.stdout) == (2, "")
    assert words in failed.stderr
    assert failed.stderr.count("\n") == 1


def test_a_proof_is_shown_with_its_figure_and_the_tolerances(
    cli_without_database: Callable[..., Any], save: Callable[..., Path]
) -> None:
    ran = cli_without_database("check", save("grids", "AB"), "--scope", save("scope", "SS"))
    assert ran.status == 0
    lines = ran.stdout.splitlines()
    assert "tolerances: sliver_width_m 0.5, vertex_tolerance_m 0.001, min_gap_m2 0" in lines
    proof = "proved: every one of 14 directed edges cancels, so the areas cover the scope exactly once"
    assert f"{proof} (0000000000000000-0000000000000000 over 14 edges)" in lines
    assert lines[-1] == "No faults."


def test_vertex_mismatches_are_notices(cli_without_database: Callable[..., Any], tmp_path: Path) -> None:
    x, y = 500_000, 2_490_000
    wide = shapely.box(x, y, x + 200, y + 100)  # without the corner that the two above have half-way
    above = [shapely.box(x, y + 100, x + 100, y + 200), shapely.box(x + 100, y + 100, x + 200, y + 200)]
    geopandas.GeoDataFrame(geometry=[wide, *above], crs=4547).to_file(tmp_path / "grids.gpkg")
    outline = geopandas.GeoDataFrame(geometry=[shapely.box(x, y, x + 200, y + 200)], crs=4547)
    outline.to_file(tmp_path / "outline.gpkg")
    ran = cli_without_database("check", tmp_path / "grids.gpkg", "--scope", tmp_path / "outline.gpkg")
    assert ran.status == 0
    assert (
        ran.stdout.splitlines()[-1] == "No faults; 1 vertex mismatch: `gisgov repair` can match the vertices."
    )
    assert "those along 1 vertex mismatch do not cancel" in ran.stdout


@pytest.mark.parametrize(("picture", "told"), [("AB", "2 corners of theirs were"), ("A", None)])
def test_a_scope_is_given_the_corners_that_areas_have_on_its_border(
    cli_without_database: Callable[..., Any],
    save: Callable[..., Path],
    tmp_path: Path,
    picture: str,
    told: str | None,
) -> None:
    x, y = 500_000, 2_490_000
    bare = geopandas.GeoDataFrame(geometry=[shapely.box(x, y, x + 100 * len(picture), y + 100)], crs=4547)
    bare.to_file(tmp_path / "bare.gpkg")  # without the two corners that AB has half-way
    ran = cli_without_database("check", save("grids", picture), "--scope", tmp_path / "bare.gpkg")
    assert ran.status == 0
    assert "proved: every one of" in ran.stdout
    assert ("put into its border" in ran.stdout) == (told is not None)
    assert told is None or told in ran.stdout


def test_tolerances_are_chosen_by_name(
    cli_without_database: Callable[..., Any], save: Callable[..., Path]
) -> None:
    holed = save("holed", "AAA\nA.A\nAAA")
    ran = cli_without_database(
        "check", holed, "--sliver-width-m", "150", "--vertex-tolerance-m", "0.01", "--min-gap-m2", "10001"
    )
    assert (ran.status, "No faults." in ran.stdout) == (0, True)
    assert "tolerances: sliver_width_m 150, vertex_tolerance_m 0.01, min_gap_m2 10001" in ran.stdout
    assert "Only counted: 1 gap smaller than min_gap_m2." in ran.stdout
    sliver = cli_without_database("check", holed, "--sliver-width-m", "150", "--json").json()
    assert (sliver["counts"]["sliver"], sliver["defects"][0]["cover"]) == (1, 0)
    refused = cli_without_database("check", holed, "--min-gap-m2", "-1")
    assert (refused.status, "min_gap_m2 cannot be -1" in refused.stderr) == (2, True)


def test_points_are_held_against_the_areas_of_a_file(
    cli_without_database: Callable[..., Any], save: Callable[..., Path], tmp_path: Path
) -> None:
    grids = save("grids", "AB")
    schools = tmp_path / "schools.csv"
    schools.write_text("编号,e,n\nS1,500050,2490050\nS2,500250,2490050\n", encoding="utf-8")
    said = ("--points", schools, "--points-crs", "4547", "--lon-field", "e", "--lat-field", "n")
    ran = cli_without_database("check", grids, "--code-field", "code", *said)
    assert ran.status == 1
    counts = "2 in the 2 areas of grids.gpkg: 1 inside, 0 on a border, 0 in several, 1 orphan"
    assert f"file schools.csv: {counts}" in ran.stdout
    assert "lies in no area of grids.gpkg; B is 50.0 m away" in ran.stdout
    assert ran.stdout.splitlines()[-2:] == ["No faults.", "1 point does not lie in exactly one area."]
    inside = tmp_path / "inside.csv"
    inside.write_text("name,x,y\n一小,500050,2490050\n", encoding="utf-8")
    clean = cli_without_database("check", grids, "--points", inside, "--points-crs", "4547")
    assert (clean.status, clean.stdout.splitlines()[-1]) == (0, "Each point lies in exactly one area.")
    alone = cli_without_database("check", grids, "--points-crs", "4547")
    assert (alone.status, "--points FILE" in alone.stderr) == (2, True)
