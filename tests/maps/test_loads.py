"""The map of loads, and the slots of printed sheets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from grid_legends import grids, legend

from maps import loads
from maps.document import Slots
from maps.figures import frames_of
from maps.printing import draw_print
from maps.sheet import Furniture

LOADS = pd.DataFrame(
    [("A", 1.2, 0.2, 0.5, 9, 1, 4), ("B", 1.0, 0.0, 1.0, 3, 0, 2), ("C", 0.93, -0.07, 1.0, 0, 0, 0)],
    columns=["code", "load", "deviation", "filled_share", "events", "warning_buildings", "visits_due"],
)
TERMS = [("population", "People", 0.5, 5000.0), ("area_km2", "Ground (km²)", 0.5, 0.5)]


def test_legends_count_areas_by_how_far_they_are_off() -> None:
    document = loads.document(LOADS, grids("ABCD"), terms=TERMS, language="en")
    counted = legend(document, "deviation")
    assert (counted["over +10%"], counted["within ±2.5%"], counted["no load"]) == ("1", "1", "1")
    assert sum(int(count) for count in counted.values()) == 4
    assert {key.name: key.figures for key in document.sections[0].keys} == {
        "Mean load, the target being 1": ("1.04",),
        "Greatest load": ("1.20",),
        "More than 10% over the target": ("1 / 3",),
    }
    assert "Load = 0.5 × People / 5000 + 0.5 × Ground (km²) / 0.5" in document.notes


def test_a_layer_without_a_target_says_so() -> None:
    nothing = LOADS.assign(load=float("nan"), deviation=float("nan"), filled_share=float("nan"))
    document = loads.document(nothing, grids("ABC"), terms=[], language="en")
    assert [view.id for view in document.views] == ["deviation"]
    assert "The layer has no target to hold loads against" in document.notes
    assert legend(document, "deviation")["no load"] == "3"


def test_figures_keep_their_ground() -> None:
    frame = frames_of(loads.document(LOADS, grids("ABCD"), terms=TERMS))["grids"]
    assert frame["code"].tolist() == ["A", "B", "C", "D"]  # as they are listed: the greatest load first
    assert frame["load"].tolist()[:3] == [1.2, 1.0, 0.93]
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.is_empty.any()


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        (None, []),
        (Slots(), ["密级：", "审图号："]),
        (Slots("粤S（2026）001号", "内部"), ["密级：内部", "审图号：粤S（2026）001号"]),
    ],
)
def test_slots_stand_on_a_sheet_or_are_left_to_write_on(
    slots: Slots | None, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    write = Furniture.write

    def noted(self: Furniture, x: float, y: float, text: str, *given: Any, **more: Any) -> None:
        written.append(text)
        write(self, x, y, text, *given, **more)

    monkeypatch.setattr(Furniture, "write", noted)
    document = loads.document(LOADS, grids("ABCD"), terms=TERMS, title="工作量")
    draw_print(replace(document, slots=slots), format="pdf", paper="a4", view="deviation")
    assert [text for text in written if text.startswith(("密级", "审图号"))] == expected
