"""Files repaired by decisions, and undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from pydantic import TypeAdapter

from gisgov.errors import ConflictError, FileError, InputError, RowsRefused
from gisgov.files.vector_rows import read_rows
from gisgov.services.file_checks import check_file
from gisgov.services.ground_files import GroundFile
from gisgov.services.repairing.files import FileAsked, propose_for_file, repair_file
from gisgov.services.repairing.proposing import RULES, ProposalReport
from gisgov.services.repairing.reports import RepairReport
from gisgov.services.repairing.undoing import UndoReport, undo_repair
from gisgov.testing import areas_from_grid

Save = Callable[..., Path]
Asked = Callable[..., FileAsked]

HOLED, WHOLE = "AABD\nA.BD\nCCCDD", "SSSS\nSSSS\nSSSS"


def shapes_of(picture: str) -> dict[str, shapely.Geometry]:
    codes, shapes = areas_from_grid(picture, cell_m=100, origin=(500_000, 2_490_000))
    return dict(zip(codes, shapes, strict=True))


def decide(path: Path, decisions: Sequence[dict[str, Any]]) -> None:
    """Edit a GeoPackage of proposals: cells by row."""
    frame = pyogrio.read_dataframe(path, layer="proposals")
    for name in ("to", "accepted"):
        frame[name] = frame[name].astype(object)
    for row, cells in enumerate(decisions):
        for name, value in cells.items():
            frame.loc[row, name] = value
    pyogrio.write_dataframe(frame, path, layer="proposals")


@pytest.fixture
def holed(save: Save, asked: Asked) -> FileAsked:
    """Four areas with a gap of one cell, of which D leaves the scope by another."""
    days = [date(2026, 1, day) for day in (1, 2, 3, 4)]
    return asked(save("grids", HOLED, since=days), save("scope", WHOLE))


@pytest.fixture
def proposals(holed: FileAsked, tmp_path: Path) -> Path:
    propose_for_file(holed, tmp_path / "p.gpkg")
    return tmp_path / "p.gpkg"


def test_what_is_proposed_is_told(holed: FileAsked, tmp_path: Path) -> None:
    report = propose_for_file(holed, tmp_path / "p.csv")
    assert (report.subject, report.layer, report.areas, report.rule) == (
        "grids.gpkg",
        "grids",
        4,
        "longest-border",
    )
    assert (report.scope, report.parents, report.crs) == ("file scope.gpkg", None, "EPSG:4547")
    assert [(one.number, one.kind, one.words, one.options) for one in report.proposals] == [
        (1, "gap", "give to A", ("A", "B", "C")),
        (2, "outside", "clip", ("D",)),
    ]
    assert report.proposals[0].area_m2 == pytest.approx(10_000)
    assert report.decisions == {"give": 1, "clip": 1, "node": 0, "rebuild": 0, "drop": 0, "leave": 0}
    assert not report.certified
    assert report.written == (str(tmp_path / "p.csv"),)
    TypeAdapter(ProposalReport).dump_json(report, warnings="error")
    with pytest.raises(InputError, match="may hold decisions"):
        propose_for_file(holed, tmp_path / "p.csv")


@pytest.mark.parametrize(("rule", "owner"), [("largest", "A"), ("smallest", "B")])
def test_the_rule_says_who_gets_the_gap(holed: FileAsked, tmp_path: Path, rule: str, owner: str) -> None:
    report = propose_for_file(holed, tmp_path / "p.csv", rule=rule)
    assert report.rule in RULES
    assert report.proposals[0].to == owner


def test_nothing_is_done_that_nobody_accepted(holed: FileAsked, proposals: Path, tmp_path: Path) -> None:
    report = repair_file(holed, proposals, tmp_path / "r.gpkg")
    assert (report.done, report.not_accepted, report.clean) == (0, 2, False)
    assert [one.why_not for one in report.decisions] == ["not accepted"] * 2
    assert (report.changes, report.remaining["gap"], report.remaining["outside"]) == ((), 1, 1)
    assert report.certificate_before == report.certificate_after
    before, after = read_rows(holed.file.path), read_rows(tmp_path / "r.gpkg", layer="grids")
    assert after.wkb.tolist() == before.wkb.tolist()
    undone = undo_repair(tmp_path / "r.gpkg", tmp_path / "u.gpkg")
    assert (undone.restored, undone.returned, undone.areas) == (0, 0, 4)


def test_all_accepted_is_proved_and_told(holed: FileAsked, proposals: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "r.gpkg"
    report = repair_file(holed, proposals, out, accept_all=True)
    assert (report.clean, report.certified_before, report.certified_after) == (True, False, True)
    assert report.proof.startswith("proved")
    assert (report.done, report.left, report.failed, report.not_accepted) == (2, 0, 0, 0)
    moved = {one.code: one for one in report.changes}
    assert set(moved) == {"A", "D"}
    assert moved["A"].gained_m2 == pytest.approx(10_000)
    assert (moved["A"].before_m2, moved["A"].after_m2) == pytest.approx((30_000, 40_000))
    assert moved["D"].lost_m2 == pytest.approx(10_000)
    assert (report.gained_m2, report.lost_m2) == pytest.approx((10_000, 10_000))
    assert report.written == (str(out),)
    TypeAdapter(RepairReport).dump_json(report, warnings="error")
    again = check_file(out, layer="grids", scope=GroundFile(tmp_path / "scope.gpkg"))
    assert again.clean


def test_all_that_did_not_change_is_as_it_was_to_the_bit(
    holed: FileAsked, proposals: Path, tmp_path: Path
) -> None:
    repair_file(holed, proposals, tmp_path / "r.gpkg", accept_all=True)
    before, after = read_rows(holed.file.path), read_rows(tmp_path / "r.gpkg", layer="grids")
    assert (after.wkb == before.wkb).tolist() == [False, True, True, False]  # A, B, C, D
    assert after.columns.equals(before.columns)
    assert after.crs == before.crs
    undo = undo_repair(tmp_path / "r.gpkg", tmp_path / "u.gpkg")
    TypeAdapter(UndoReport).dump_json(undo, warnings="error")
    assert (undo.original, undo.layer, undo.areas, undo.restored, undo.returned) == (
        "grids.gpkg",
        "grids",
        4,
        2,
        0,
    )
    undone = read_rows(tmp_path / "u.gpkg")
    assert undone.wkb.tolist() == before.wkb.tolist()
    assert undone.columns.equals(before.columns)


def test_the_record_says_what_was_decided_and_what_was_there(
    holed: FileAsked, proposals: Path, tmp_path: Path
) -> None:
    decide(proposals, [{"to": "C", "accepted": "yes"}])
    repair_file(holed, proposals, tmp_path / "r.gpkg")
    log = geopandas.read_file(tmp_path / "r.gpkg", layer="repair_log")
    told = log[["number", "kind", "decision", "to", "by", "done", "why_not"]].fillna("")
    assert told.to_numpy().tolist() == [
        [1, "gap", "give", "C", "person", "yes", ""],
        [2, "outside", "clip", "", "rule", "no", "not accepted"],
    ]
    assert log.geometry.geom_type.tolist() == ["MultiPolygon"] * 2
    before = geopandas.read_file(tmp_path / "r.gpkg", layer="before")
    assert before["code"].tolist() == ["C"]
    assert (before["repair_row"][0], before["repair_change"][0]) == (3, "changed")
    assert before["repair_gained_m2"][0] == pytest.approx(10_000)
    assert before.geometry[0].area == pytest.approx(30_000)
    about = pyogrio.read_dataframe(tmp_path / "r.gpkg", layer="repair_about", read_geometry=False)
    facts = dict(about.to_numpy().tolist())
    assert (facts["subject"], facts["rows"], facts["changed"]) == ("grids.gpkg", "4", "1")
    assert "layer_styles" in dict(pyogrio.list_layers(tmp_path / "r.gpkg"))


def test_an_area_vanishes_only_when_asked_and_comes_back(save: Save, asked: Asked, tmp_path: Path) -> None:
    twice = shapes_of("AAB") | {"E": shapes_of("..E")["E"]}  # B and E are the same ground
    question = asked(save("grids", twice), save("scope", "SSS"))
    report = propose_for_file(question, tmp_path / "p.gpkg")
    assert [(one.kind, one.decision) for one in report.proposals] == [("duplicate", "leave")]
    decide(tmp_path / "p.gpkg", [{"decision": "give", "to": "E", "accepted": "yes"}])
    kept = repair_file(question, tmp_path / "p.gpkg", tmp_path / "kept.gpkg")
    assert (kept.failed, kept.done, kept.dropped, kept.changes) == (1, 0, (), ())
    assert kept.decisions[0].why_not
    decide(tmp_path / "p.gpkg", [{"decision": "drop"}])
    report = repair_file(question, tmp_path / "p.gpkg", tmp_path / "r.gpkg")
    assert (report.dropped, report.clean, report.certified_after) == (("B",), True, True)
    assert [(one.code, one.dropped, one.after_m2) for one in report.changes] == [("B", True, 0.0)]
    rows = read_rows(tmp_path / "r.gpkg", layer="grids")
    assert rows.columns.column("code").to_pylist() == ["A", "E"]
    undo = undo_repair(tmp_path / "r.gpkg", tmp_path / "u.gpkg")
    assert (undo.restored, undo.returned) == (0, 1)
    before, undone = read_rows(question.file.path), read_rows(tmp_path / "u.gpkg")
    assert undone.wkb.tolist() == before.wkb.tolist()
    assert undone.columns.equals(before.columns)


def test_attributes_that_were_edited_after_a_repair_stay_edited(
    holed: FileAsked, proposals: Path, tmp_path: Path
) -> None:
    repair_file(holed, proposals, tmp_path / "r.gpkg", accept_all=True)
    frame = pyogrio.read_dataframe(tmp_path / "r.gpkg", layer="grids")
    frame["name"] = "new"
    pyogrio.write_dataframe(frame, tmp_path / "r.gpkg", layer="grids")
    undo_repair(tmp_path / "r.gpkg", tmp_path / "u.gpkg")
    undone = read_rows(tmp_path / "u.gpkg")
    assert undone.columns.column("name").to_pylist() == ["new"] * 4
    assert undone.wkb.tolist() == read_rows(holed.file.path).wkb.tolist()


def test_areas_that_were_changed_after_a_repair_are_not_undone(
    holed: FileAsked, proposals: Path, tmp_path: Path
) -> None:
    repair_file(holed, proposals, tmp_path / "r.gpkg", accept_all=True)
    frame = pyogrio.read_dataframe(tmp_path / "r.gpkg", layer="grids")
    pyogrio.write_dataframe(frame[1:], tmp_path / "r.gpkg", layer="grids")
    with pytest.raises(ConflictError, match="were changed after the repair"):
        undo_repair(tmp_path / "r.gpkg", tmp_path / "u.gpkg")
    with pytest.raises(InputError, match="has no record of a repair"):
        undo_repair(holed.file.path, tmp_path / "u.gpkg")
    with pytest.raises(InputError, match="exists already"):
        undo_repair(tmp_path / "r.gpkg", tmp_path / "r.gpkg")


def test_other_formats_have_the_record_beside_them(holed: FileAsked, proposals: Path, tmp_path: Path) -> None:
    report = repair_file(holed, proposals, tmp_path / "r.geojson", accept_all=True)
    assert report.written == (str(tmp_path / "r.geojson"), str(tmp_path / "r.repair.gpkg"))
    collection = json.loads((tmp_path / "r.geojson").read_text())
    assert [one["properties"]["code"] for one in collection["features"]] == ["A", "B", "C", "D"]
    undone = undo_repair(tmp_path / "r.geojson", tmp_path / "u.gpkg")
    assert (undone.layer, undone.restored) == ("grids", 2)
    before, after = read_rows(holed.file.path), read_rows(tmp_path / "u.gpkg")
    assert shapely.equals(shapely.from_wkb(before.wkb), shapely.from_wkb(after.wkb)).all()
    again = repair_file(holed, proposals, tmp_path / "r.geojson", accept_all=True)
    assert again.done == 2


def test_what_would_be_lost_is_not_written_over(
    holed: FileAsked, proposals: Path, tmp_path: Path, save: Save
) -> None:
    for path in (holed.file.path, tmp_path / "scope.gpkg", proposals):
        with pytest.raises(InputError, match="is being read"):
            repair_file(holed, proposals, path)
    other = save("other", "AB")
    with pytest.raises(InputError, match="gisgov did not repair it"):
        repair_file(holed, proposals, other)
    with pytest.raises(FileError, match="does not write"):
        repair_file(holed, proposals, tmp_path / "r.doc")
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be written"):
        repair_file(holed, proposals, tmp_path / "file" / "r.gpkg")


def test_a_refused_table_leaves_nothing_behind(holed: FileAsked, proposals: Path, tmp_path: Path) -> None:
    decide(proposals, [{"to": "D", "accepted": "yes"}])
    before = sorted(tmp_path.iterdir())
    with pytest.raises(RowsRefused, match="row 1, to: area D does not touch the ground"):
        repair_file(holed, proposals, tmp_path / "r.gpkg")
    assert sorted(tmp_path.iterdir()) == before


def test_proposals_for_other_areas_are_refused(
    holed: FileAsked, proposals: Path, tmp_path: Path, save: Save
) -> None:
    save("grids", "AABD\nA.BD\nCCCD.")
    with pytest.raises(ConflictError, match=r"p\.gpkg does not fit grids\.gpkg: its areas are not those"):
        repair_file(holed, proposals, tmp_path / "r.gpkg", accept_all=True)


def test_the_tolerances_of_the_proposals_are_those_of_the_repair(
    save: Save, asked: Asked, tmp_path: Path
) -> None:
    from gisgov.services.tolerances import ToleranceChoice

    question = asked(save("grids", HOLED), save("scope", WHOLE))
    choice = ToleranceChoice(min_gap_m2=20_000.0)  # the gap is only counted
    propose_for_file(question, tmp_path / "p.gpkg", tolerances=choice)
    report = repair_file(question, tmp_path / "p.gpkg", tmp_path / "r.gpkg", accept_all=True)
    assert report.tolerances["min_gap_m2"] == 20_000.0
    assert [one.kind for one in report.decisions] == ["outside"]


def test_faulty_rows_are_carried_along(save: Save, asked: Asked, tmp_path: Path) -> None:
    x, y = 500_000.0, 2_490_000.0
    bow_tie = shapely.Polygon([(x, y), (x + 90, y + 90), (x + 90, y), (x, y + 90)])
    third = shapely.box(x + 200 + 1 / 3, y, x + 300, y + 100)
    shapes = {"A": bow_tie, "N": None, "Z": shapely.force_3d(third, 7.0)}
    question = asked(save("grids", shapes))
    report = propose_for_file(question, tmp_path / "p.csv")
    assert {(one.kind, one.areas, one.decision) for one in report.proposals} == {
        ("invalid-ring", ("A",), "rebuild"),
        ("invalid-ring", ("N",), "leave"),
    }
    report = repair_file(question, tmp_path / "p.csv", tmp_path / "r.gpkg", accept_all=True)
    assert report.certificate_after is None
    assert [one.code for one in report.changes] == ["A"]
    before, after = read_rows(question.file.path), read_rows(tmp_path / "r.gpkg", layer="grids")
    assert (after.wkb[1], after.wkb[2]) == (None, before.wkb[2])
    assert shapely.is_valid(shapely.from_wkb(after.wkb[0]))
    undo_repair(tmp_path / "r.gpkg", tmp_path / "u.gpkg")
    assert read_rows(tmp_path / "u.gpkg").wkb.tolist() == before.wkb.tolist()


def test_an_overlay_has_no_gaps_to_repair(save: Save, asked: Asked, tmp_path: Path) -> None:
    grids = save("grids", shapes_of("A.B") | {"C": shapes_of("..CC")["C"]})
    question = asked(grids, must_cover=False)
    report = propose_for_file(question, tmp_path / "p.csv")
    assert "gap" not in {one.kind for one in report.proposals}


def test_a_clean_file_needs_no_decisions(save: Save, asked: Asked, tmp_path: Path) -> None:
    question = asked(save("grids", "AB"), save("scope", "SS"))
    report = propose_for_file(question, tmp_path / "p.csv")
    assert (report.proposals, report.certified) == ((), True)
    repaired = repair_file(question, tmp_path / "p.csv", tmp_path / "r.gpkg")
    assert (repaired.clean, repaired.done, repaired.decisions) == (True, 0, ())
    holed = asked(save("holed", "A.B"), save("three", "SSS"))
    with pytest.raises(RowsRefused, match="the row of defect 1"):
        repair_file(holed, tmp_path / "p.csv", tmp_path / "r.gpkg")


def test_a_layer_called_like_the_record_is_renamed(save: Save, asked: Asked, tmp_path: Path) -> None:
    question = asked(save("grids", HOLED, layer="before"), save("scope", WHOLE))
    propose_for_file(question, tmp_path / "p.csv")
    repair_file(question, tmp_path / "p.csv", tmp_path / "r.gpkg", accept_all=True)
    assert len(read_rows(tmp_path / "r.gpkg", layer="before_repaired")) == 4
    undo_repair(tmp_path / "r.gpkg", tmp_path / "u.gpkg")
    assert np.all(read_rows(tmp_path / "u.gpkg").wkb == read_rows(question.file.path).wkb)


def test_a_scope_gets_the_vertices_that_areas_have_on_it(save: Save, asked: Asked, tmp_path: Path) -> None:
    x, y = 500_000.0, 2_490_000.0
    scope = {"S": shapely.box(x, y, x + 300, y + 300)}  # four corners only
    question = asked(save("grids", HOLED.replace("D", "")[:11]), save("scope", scope))
    report = propose_for_file(question, tmp_path / "p.csv")
    assert {one.kind for one in report.proposals} == {"gap"}
    repaired = repair_file(question, tmp_path / "p.csv", tmp_path / "r.gpkg", accept_all=True)
    assert repaired.certified_after
    assert check_file(tmp_path / "r.gpkg", layer="grids", scope=question.scope).certified


def test_a_row_without_ground_is_dropped_when_asked(save: Save, asked: Asked, tmp_path: Path) -> None:
    far_away = shapely.box(5e7, 2_490_000, 5e7 + 1, 2_490_001)  # off the globe
    shapes = shapes_of("ABC") | {"M": far_away, "N": None}
    question = asked(save("grids", shapes))
    report = propose_for_file(question, tmp_path / "p.gpkg")
    assert {(one.kind, one.areas) for one in report.proposals} == {
        ("invalid-ring", ("M",)),
        ("invalid-ring", ("N",)),
    }
    first_is_n = report.proposals[0].areas == ("N",)
    drop = {"decision": "drop", "accepted": "yes"}
    decide(tmp_path / "p.gpkg", [drop, {}] if first_is_n else [{}, drop])
    done = repair_file(question, tmp_path / "p.gpkg", tmp_path / "r.gpkg")
    assert (done.dropped, done.remaining["invalid-ring"]) == (("N",), 1)
    rows = read_rows(tmp_path / "r.gpkg", layer="grids")
    assert rows.columns.column("code").to_pylist() == ["A", "B", "C", "M"]
    decide(tmp_path / "p.gpkg", [drop, drop])
    done = repair_file(question, tmp_path / "p.gpkg", tmp_path / "r.gpkg")
    assert (done.dropped, done.clean) == (("M", "N"), True)
    undo_repair(tmp_path / "r.gpkg", tmp_path / "u.gpkg")
    assert read_rows(tmp_path / "u.gpkg").wkb.tolist() == read_rows(question.file.path).wkb.tolist()
