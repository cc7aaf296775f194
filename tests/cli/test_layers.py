"""``gisgov layers``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def test_layers_are_loaded_listed_and_shown(cli: Callable[..., Any]) -> None:
    empty = cli("layers", "list")
    assert (empty.status, "gisgov layers load" in empty.stdout) == (0, True)
    first = cli("layers", "load", "sub-grids")
    assert "layer subgrid: added" in first.stdout
    again = cli("layers", "load", "sub-grids", "--json").json()
    assert {entry["change"] for entry in again["layers"]} == {"unchanged"}
    listed = cli("layers", "list")
    assert listed.status == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()[1:]] == [
        "district",
        "street",
        "community",
        "subgrid",
    ]
    assert cli("layers", "list", "--json").json()[0]["name"] == "district"
    shown = cli("layers", "show", "subgrid", "--at", "2026-03-01")
    assert "0.5 km² (weight 0.5), 5,000 people (weight 0.5)" in shown.stdout
    assert "1 网格长" in shown.stdout
    assert "in force" not in shown.stdout
    assert cli("layers", "show", "subgrid", "--json").json()["layer"]["parent"] == "community"


def test_a_profile_of_ones_own_is_a_file(cli: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'name = "own"\ntitle_zh = "自"\ntitle_en = "Own"\nsource = "A test."\n'
        '[[layers]]\nname = "beat"\ntitle_zh = "警区"\ntitle_en = "Beat"\nkind = "partition"\n'
        "[layers.targets]\npopulation = 8000\n",
        encoding="utf-8",
    )
    cli("layers", "load", "sub-grids")
    done = cli("layers", "load", path)
    assert done.status == 0
    assert "left as they are: district, street, community, subgrid" in done.stdout
    path.write_text(path.read_text("utf-8").replace("8000", "9000"), encoding="utf-8")
    assert "layer beat: changed (targets)" in cli("layers", "load", path).stdout
    assert "9,000 people (weight 1)" in cli("layers", "show", "beat").stdout


def test_plans_of_a_layer_are_shown(cli: Callable[..., Any], plant: Callable[..., None]) -> None:
    import shapely

    square = shapely.box(114, 22.5, 114.01, 22.51)
    plant("grid", {"A": square}, plan="now")
    plant("grid", {"A": square}, plan="next", valid_from=None)
    plant("cell", {"a": square}, parent="grid")
    shown = cli("layers", "show", "grid", "--at", "2026-03-01").stdout
    assert "in force 2026-03-01  now" in shown
    assert "drafts               next" in shown
    assert "children             cell" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("load", "none"), "Shipped are"),
        (("load", "none.yaml"), "no such file"),
        (("show", "none"), "gisgov layers load"),
        (("show", "none", "--at", "soon"), "'soon' is no date"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    cli: Callable[..., Any], arguments: tuple[str, ...], words: str
) -> None:
    failed = cli("layers", *arguments)
    assert (failed.status, failed.stdout) == (2, "")
    assert words in failed.stderr
    assert failed.stderr.count("\n") == 1
