"""``gisgov resolve``: the answer as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from gisgov.testing import areas_from_grid


def drawn(picture: str, west: float = 114.0, south: float = 22.5) -> dict[str, shapely.Geometry]:
    names, shapes = areas_from_grid(picture, cell_m=1)
    in_degrees = shapely.transform(shapes, lambda xy: np.round(xy * 0.01 + (west, south), 7))
    return dict(zip(names, in_degrees, strict=True))


@pytest.fixture
def district(plant: Callable[..., None]) -> None:
    plant("street", drawn("SS"), names={"S": "南山街道"})
    plant("grid", drawn("12"), parent="street", staff={"1": [("网格长", "王")]})
    plant("beat", drawn("B"), parent="street", valid_from=date(2030, 1, 1))


@pytest.mark.usefixtures("district")
def test_the_chain_is_a_table(cli: Callable[..., Any]) -> None:
    ran = cli("resolve", "114.005", "22.505", "--at", "2026-03-01")
    assert ran.status == 0
    assert ran.stderr == ""
    lines = ran.stdout.splitlines()
    assert lines[0] == "114.005, 22.505 in EPSG:4326 on 2026-03-01"
    assert [line.split()[:3] for line in lines[3:5]] == [["street", "S", "南山街道"], ["grid", "1", "grid"]]
    assert "网格长 王" in lines[4]
    assert lines[-1] == "No plan in force: beat."


@pytest.mark.usefixtures("district")
def test_a_border_names_the_others(cli: Callable[..., Any]) -> None:
    ran = cli("resolve", "114.01", "22.505", "--at", "2026-03-01")
    assert "grid: on the border with 2; the smallest code owns it." in ran.stdout
    ran = cli("resolve", "114.0", "22.505", "--at", "2026-03-01", "--layer", "grid")
    assert "grid: on the border of the layer." in ran.stdout


@pytest.mark.usefixtures("district")
def test_outside_names_the_nearest(cli: Callable[..., Any]) -> None:
    ran = cli("resolve", "114.03", "22.505", "--at", "2026-03-01", "--layer", "grid")
    assert ran.status == 0
    assert "grid: outside every area; 2 grid 2 is 1,02" in ran.stdout


def test_outside_a_layer_without_areas_names_none(
    cli: Callable[..., Any], plant: Callable[..., None]
) -> None:
    plant("grid", {})
    assert "grid: outside every area.\n" in cli("resolve", "114", "22", "--at", "2026-03-01").stdout


@pytest.mark.usefixtures("district")
def test_json_is_the_whole_answer(cli: Callable[..., Any]) -> None:
    answer = cli("resolve", "114.005", "22.505", "--at", "2026-03-01T23:30:00Z", "--json").json()
    assert answer["at"] == "2026-03-02"
    assert [(one["layer"], one["code"]) for one in answer["chain"]] == [("street", "S"), ("grid", "1")]
    assert answer["chain"][1]["staff"] == [{"role": "网格长", "holder": "王", "phone": None, "deputies": []}]
    assert answer["without_plan"] == ["beat"]


def test_west_and_south_are_no_options(cli: Callable[..., Any], plant: Callable[..., None]) -> None:
    plant("grid", drawn("1", west=-74.0, south=-22.0))
    ran = cli("resolve", "-73.995", "-21.995", "--at", "2026-03-01", "--json")
    assert ran.status == 0
    assert ran.json()["chain"][0]["code"] == "1"


def test_an_empty_database_says_so(cli: Callable[..., Any]) -> None:
    assert "There are no partition layers yet." in cli("resolve", "114", "22").stdout


@pytest.mark.usefixtures("district")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("22.505", "114.005"), "Swapped, (114.005, 22.505) lies inside"),
        (("nan", "22.5"), "lon is nan"),
        (("114", "22.5", "--crs", "moon"), "'moon' is not known"),
        (("114", "22.5", "--layer", "moon"), "No layer is called 'moon'"),
        (("114", "22.5", "--at", "moonday"), "'moonday' is no date or time"),
        (("114",), "Missing argument 'LAT'"),
        (("114", "22.5", "--color"), "unexpected extra argument (--color)"),
    ],
)
def test_mistakes_are_one_line_and_status_2(
    cli: Callable[..., Any], arguments: tuple[str, ...], message: str
) -> None:
    ran = cli("resolve", *arguments, *([] if "--at" in arguments else ["--at", "2026-03-01"]))
    assert ran.status == 2
    assert ran.stdout == ""
    assert ran.stderr.count("\n") == 1
    assert message in ran.stderr
