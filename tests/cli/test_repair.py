"""``gisgov repair``, end to end."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pytest
import shapely

from gisgov.files.vector_rows import read_rows
from gisgov.testing import areas_from_grid

HOLED, WHOLE = "AABD\nA.BD\nCCCDD", "SSSS\nSSSS\nSSSS"


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write areas of a picture of cells of 100 m: ``save("grids", "AAB\\nACB")``."""

    def saved(name: str, picture: str) -> Path:
        codes, shapes = areas_from_grid(picture, cell_m=100, origin=(500_000, 2_490_000))
        frame = geopandas.GeoDataFrame({"code": codes}, geometry=list(shapes), crs=4547)
        frame.to_file(tmp_path / f"{name}.gpkg", layer=name)
        return tmp_path / f"{name}.gpkg"

    return saved


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


def edit(path: Path, **cells: str) -> None:
    """Write cells into the first row of a CSV, as Excel saves it where lists are separated by semicolons."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= cells
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


def test_a_file_without_any_database(
    cli_without_database: Callable[..., Any],
    save: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a file needs no database")

    monkeypatch.setattr("gisgov.cli.repair.open_database", never)
    run = cli_without_database
    grids, scope, table = save("grids", HOLED), save("scope", WHOLE), tmp_path / "p.csv"
    same = (grids, "--code-field", "code", "--scope", scope)
    proposed = run("repair", "propose", *same, "--out", table)
    assert proposed.status == 0
    assert ["1", "gap", "10,000.00", "give", "to", "A", "longest", "border"] in [
        line.split() for line in proposed.stdout.splitlines()
    ]
    assert "proposed: 1 give, 1 clip" in proposed.stdout
    left = run("repair", "apply", *same, "--proposals", table, "--out", tmp_path / "r.gpkg")
    assert (left.status, "2 not accepted" in left.stdout) == (1, True)
    assert "Left: 1 gap and 1 piece outside." in left.stdout
    edit(table, to="C", accepted="是")
    some = run("repair", "apply", *same, "--proposals", table, "--out", tmp_path / "r.gpkg", "--json")
    assert some.status == 1
    assert [(one["code"], one["gained_m2"]) for one in some.json()["changes"]] == [("C", 10_000.0)]
    done = run("repair", "apply", *same, "--proposals", table, "--out", tmp_path / "r.gpkg", "--accept-all")
    assert done.status == 0
    assert "after: proved: every one of" in done.stdout
    assert "in all 10,000.00 m² gained, 10,000.00 m² lost" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("No faults are left.")
    assert run("check", tmp_path / "r.gpkg", "--file-layer", "grids", "--scope", scope).status == 0
    undone = run("repair", "undo", tmp_path / "r.gpkg", "--out", tmp_path / "u.gpkg")
    assert (undone.status, "4 areas of grids.gpkg as they were before, 2 restored." in undone.stdout) == (
        0,
        True,
    )
    assert read_rows(tmp_path / "u.gpkg").wkb.tolist() == read_rows(grids).wkb.tolist()


def test_a_workbook_round_trip(
    cli_without_database: Callable[..., Any], save: Callable[..., Path], tmp_path: Path
) -> None:
    same = (save("grids", HOLED), "--code-field", "code", "--scope", save("scope", WHOLE))
    table = tmp_path / "p.xlsx"
    ran = cli_without_database("repair", "propose", *same, "--rule", "smallest", "--out", table, "--json")
    report = ran.json()
    assert [(one["kind"], one["decision"], one["to"]) for one in report["proposals"]] == [
        ("gap", "give", "B"),
        ("outside", "clip", None),
    ]
    book = openpyxl.load_workbook(table)
    book["proposals"]["E2"], book["proposals"]["E3"] = "yes", "no"
    book.save(table)
    done = cli_without_database(
        "repair", "apply", *same, "--proposals", table, "--accept-all", "--out", tmp_path / "r.gpkg", "--json"
    ).json()
    assert [(one["done"], one["why_not"]) for one in done["decisions"]] == [
        (True, None),
        (False, "not accepted"),
    ]


def test_a_page_shows_the_proposals(
    cli_without_database: Callable[..., Any], save: Callable[..., Path], tmp_path: Path
) -> None:
    page = tmp_path / "pages" / "p.html"
    ran = cli_without_database(
        "repair", "propose", save("grids", HOLED), "--code-field", "code",
        "--scope", save("scope", WHOLE), "--out", tmp_path / "p.gpkg", "--html", page, "--json",
    )  # fmt: skip
    assert ran.json()["written"] == [str(tmp_path / "p.gpkg"), str(page)]
    text = page.read_text(encoding="utf-8")
    assert text.lower().startswith("<!doctype html>")
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_a_page_of_many_areas_shows_those_that_proposals_name(
    cli_without_database: Callable[..., Any],
    save: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gisgov.cli.repair_pages._MOST_DRAWN", 3)
    same = (save("grids", "AAB\nA.B\nCCC\nDEF"), "--code-field", "code")
    drawn_codes: list[list[str]] = []
    from maps import repairs

    def draw(_: object, ground: geopandas.GeoDataFrame, **__: object) -> str:
        drawn_codes.append(ground["code"].tolist())
        return "<!doctype html>"

    monkeypatch.setattr(repairs, "draw", draw)
    out = ("--out", tmp_path / "p.csv", "--html", tmp_path / "p.html")
    assert cli_without_database("repair", "propose", *same, *out).status == 0
    assert drawn_codes == [["A", "B", "C"]]


def test_a_clean_file_has_nothing_to_decide(
    cli_without_database: Callable[..., Any], save: Callable[..., Path], tmp_path: Path
) -> None:
    same = (save("grids", "AB"), "--scope", save("scope", "SS"))
    ran = cli_without_database("repair", "propose", *same, "--out", tmp_path / "p.csv")
    assert "2 areas in EPSG:4547; 0 defects" in ran.stdout
    assert "accepted" not in ran.stdout
    table = ("--proposals", tmp_path / "p.csv")
    done = cli_without_database("repair", "apply", *same, *table, "--out", tmp_path / "r.gpkg")
    assert (done.status, "before: proved" in done.stdout) == (0, True)


def test_the_nearest_people_of_a_file_are_asked(
    cli_without_database: Callable[..., Any], save: Callable[..., Path], tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("x,y,n\n500150,2490180,5\n", encoding="utf-8")
    ran = cli_without_database(
        "repair", "propose", save("grids", HOLED), "--code-field", "code", "--rule", "nearest-people",
        "--people", people, "--people-field", "n", "--people-crs", "4547", "--out", tmp_path / "p.csv",
    )  # fmt: skip
    assert "rule: nearest-people (5 people)" in ran.stdout


def test_what_cannot_be_done_is_said_with_its_reason(
    cli_without_database: Callable[..., Any], tmp_path: Path
) -> None:
    codes, shapes = areas_from_grid("AAB", cell_m=100, origin=(500_000, 2_490_000))
    twice = geopandas.GeoDataFrame({"code": [*codes, "E"]}, geometry=[*shapes, shapes[1]], crs=4547)
    twice.to_file(tmp_path / "grids.gpkg")
    same = (tmp_path / "grids.gpkg", "--code-field", "code")
    cli_without_database("repair", "propose", *same, "--out", tmp_path / "p.csv")
    edit(tmp_path / "p.csv", decision="give", to="E", accepted="yes")
    table = ("--proposals", tmp_path / "p.csv")
    ran = cli_without_database("repair", "apply", *same, *table, "--out", tmp_path / "r.gpkg")
    assert ran.status == 1
    assert "Not possible:" in ran.stdout
    assert "nothing is proved" in ran.stdout
    edit_again = tmp_path / "q.csv"
    cli_without_database("repair", "propose", *same, "--out", edit_again)
    edit(edit_again, decision="drop", to="E", accepted="yes")
    table = ("--proposals", edit_again)
    ran = cli_without_database("repair", "apply", *same, *table, "--out", tmp_path / "r.gpkg")
    assert (ran.status, "Dropped: B." in ran.stdout) == (0, True)
    undone = cli_without_database("repair", "undo", tmp_path / "r.gpkg", "--out", tmp_path / "u.gpkg")
    assert "0 restored and 1 returned." in undone.stdout


def test_long_lists_are_cut_and_say_so(
    cli_without_database: Callable[..., Any], save: Callable[..., Path], tmp_path: Path
) -> None:
    rows = [".".join("ABCDEFGHIJKLMNOPQRSTUVWX"), "Z" * 47]
    same = (save("comb", "\n".join(["y" * 47, *rows])), "--code-field", "code")
    ran = cli_without_database("repair", "propose", *same, "--out", tmp_path / "p.csv")
    assert "… and 3 more: the table has them all." in ran.stdout
    table = ("--proposals", tmp_path / "p.csv", "--accept-all")
    ran = cli_without_database("repair", "apply", *same, *table, "--out", tmp_path / "r.gpkg")
    assert ran.status == 0


def test_a_plan_is_repaired_as_a_draft(
    cli: Callable[..., Any], plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("street", drawn("SSS\nSSS\nSSS"))
    parents = {code: ["S"] for code in "ABC"}
    plant("grid", drawn("AAB\nA.B\nCCC"), plan="p", parent="street", parents=parents, valid_from=None)
    same, table = ("p", "--at", "2026-03-01", "--scope", "S"), tmp_path / "p.csv"
    page = ("--html", tmp_path / "p.html")
    assert cli("repair", "propose", *same, "--out", table, *page).status == 0
    edit(table, to="B", accepted="yes")
    done = cli("repair", "apply", *same, "--proposals", table, "--as", "p2")
    assert (done.status, "p → p2: 3 areas, 1 changed" in done.stdout) == (0, True)
    shown = cli("plan", "show", "p2")
    assert "give to B" in shown.stdout
    assert cli("check", "p2", "--at", "2026-03-01").status == 0
    assert cli("plan", "delete", "p2").status == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("propose", "grids.gpkg", "--out", "p.doc"), "Proposals are not written as .doc"),
        (("propose", "grids.gpkg", "--out", "p.csv", "--html", "p.png"), "End it with .html."),
        (("propose", "grids.gpkg", "--out", "p.csv", "--at", "2026-01-01"), "--at is for plans"),
        (("propose", "p", "--out", "p.csv", "--overlay"), "is taken for a plan"),
        (("propose", "p", "--out", "p.csv"), "No plan is called 'p'."),
        (("propose", "grids.gpkg", "--out", "p.csv", "--people", "x.csv"), "is for --rule nearest-people"),
        (("propose", "grids.gpkg", "--out", "p.csv", "--people-field", "n"), "said with --people FILE"),
        (("propose", "grids.gpkg", "--out", "p.csv", "--rule", "nearest-people"), "people must be given"),
        (("propose", "grids.gpkg", "--out", "p.csv", "--scope", "330106"), "The scope of a file is a file."),
        (("apply", "grids.gpkg", "--proposals", "p.csv"), "A repaired file goes to --out FILE"),
        (("apply", "grids.gpkg", "--proposals", "p.csv", "--out", "r.gpkg", "--as", "x"), "--as NAME is for"),
        (("apply", "p", "--proposals", "p.csv", "--out", "r.gpkg"), "repaired as a draft: --as NAME"),
        (("apply", "p", "--proposals", "p.csv"), "repaired as a draft: --as NAME"),
        (("apply", "grids.gpkg", "--proposals", "p.csv", "--out", "r.gpkg"), "There is no file p.csv."),
        (("undo", "grids.gpkg", "--out", "u.gpkg"), "has no record of a repair"),
        (("undo", "none.gpkg", "--out", "u.gpkg"), "There is no file none.gpkg."),
    ],
)
def test_what_cannot_be_done_is_one_line(
    cli: Callable[..., Any],
    save: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    save("grids", HOLED)
    monkeypatch.chdir(tmp_path)
    failed = cli("repair", *arguments)
    assert (failed.status, failed.stdout) == (2, "")
    assert words in failed.stderr
    assert failed.stderr.count("\n") == 1
