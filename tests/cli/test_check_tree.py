"""``gisgov check --tree``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gisgov.testing import areas_from_grid


def drawn(picture: str) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (114.0, 22.5), 7))
    return dict(zip(names, in_degrees, strict=True))


def test_the_whole_tree_is_checked(
    cli: Callable[..., Any], plant: Callable[..., None], tmp_path: Path
) -> None:
    plant("street", drawn("SST"))
    plant("grid", drawn("ABC"), parent="street", parents={"A": ["S"], "B": ["S"], "C": ["T"]})
    plant("beat", drawn("PP"), valid_from=None)
    clean = cli("check", "--tree", "--at", "2026-03-01")
    assert clean.status == 0
    assert "Nothing is in force of beat." in clean.stdout
    assert clean.stdout.splitlines()[-1] == "No layer has a fault."
    levels = [line.split() for line in clean.stdout.splitlines()]
    assert ["grid", "3", "0", "yes"] in levels
    assert ["street", "2", "0", "no"] in levels
    pois = tmp_path / "pois.csv"
    pois.write_text("name,lon,lat\n学校,114.005,22.505\n医院,114.005,22.515\n", encoding="utf-8")
    page = tmp_path / "tree.html"
    ran = cli(
        "check", "grid", "--tree", "--at", "2026-03-01", "--points", pois, "--points-crs", "wgs84",
        "--out", page, "--out", tmp_path / "tree.json", "--json",
    )  # fmt: skip
    assert ran.status == 1
    report = ran.json()
    assert [layer["layer"] for layer in report["layers"]] == ["street", "grid"]
    assert [(one["layer"], one["orphans"]) for one in report["points"]] == [("street", 1), ("grid", 1)]
    assert (tmp_path / "tree.json").read_text(encoding="utf-8") == ran.stdout.rstrip("\n")
    assert "2026-03-01" in page.read_text(encoding="utf-8")
    told = cli("check", "--tree", "--points", pois, "--points-crs", "wgs84")
    assert "2 points do not lie in exactly one area." in told.stdout


def test_faults_of_the_tree_are_told_layer_by_layer(
    cli: Callable[..., Any], plant: Callable[..., None]
) -> None:
    plant("street", drawn("SST"))
    plant("grid", drawn("AB."), parent="street", parents={"A": ["S"], "B": ["S"]})
    ran = cli("check", "--tree", "--at", "2026-03-01")
    assert ran.status == 1
    assert "grid (grid-2026): 2 areas in EPSG:4326, measured in EPSG:4547" in ran.stdout
    assert "Found: 1 gap." in ran.stdout
    assert ran.stdout.splitlines()[-1] == "Layers with faults: grid."


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Missing PLAN or FILE, or --tree."),
        (("--tree", "--scope", "S"), "--tree checks layers against each other"),
        (("--tree", "--overlay"), "--tree checks layers against each other"),
        (("--tree", "village"), "No layer is called 'village'."),
        (("--tree",), "Nothing is in force"),
    ],
)
def test_a_tree_that_cannot_be_checked_is_one_line(
    cli: Callable[..., Any], arguments: tuple[str, ...], words: str
) -> None:
    failed = cli("check", *arguments)
    assert (failed.status, failed.stdout) == (2, "")
    assert words in failed.stderr
    assert failed.stderr.count("\n") == 1
