"""The communities of a real district repaired against its towns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest

from gisgov.files.vector_rows import read_rows
from gisgov.services.ground_files import GroundFile
from gisgov.services.repairing.files import FileAsked, propose_for_file, repair_file
from gisgov.services.repairing.undoing import undo_repair

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def xihu(realdata: Path) -> FileAsked:
    path = realdata / "cn_hangzhou_xihu.gpkg"
    return FileAsked(GroundFile(path, "community", None, "xzqhbm"), scope=GroundFile(path, "town"))


def test_all_proposals_accepted_prove_the_communities(xihu: FileAsked, tmp_path: Path) -> None:
    proposed = propose_for_file(xihu, tmp_path / "p.gpkg")
    kinds = {kind: sum(one.kind == kind for one in proposed.proposals) for kind in ("gap", "outside")}
    assert kinds["gap"] > 30
    assert kinds["outside"] > 30
    # one community has no ground at all: a rule does not drop it, a person may
    hopeless = [one for one in proposed.proposals if one.kind == "invalid-ring" and one.decision == "leave"]
    assert [one.reason for one in hopeless] == ["nothing would be left of it"]
    frame = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="proposals")
    frame.loc[frame["number"] == hopeless[0].number, "decision"] = "drop"
    pyogrio.write_dataframe(frame, tmp_path / "p.gpkg", layer="proposals")

    report = repair_file(xihu, tmp_path / "p.gpkg", tmp_path / "r.gpkg", accept_all=True)
    assert (report.certified_before, report.certified_after) == (False, True)
    assert (report.failed, report.dropped) == (0, hopeless[0].areas)
    assert {kind for kind, count in report.remaining.items() if count} == {"several-parts"}
    question = xihu.case(None).question
    (ground_m2,) = question.measure(np.array([question.scope], dtype=object))
    assert report.gained_m2 + report.lost_m2 < 0.1 * ground_m2

    before = read_rows(xihu.file.path, layer="community")
    after = read_rows(tmp_path / "r.gpkg", layer="community")
    kept = np.array([code != hopeless[0].areas[0] for code in before.columns.column("xzqhbm").to_pylist()])
    changed = {one.code for one in report.changes}
    differs = after.wkb != before.wkb[kept]
    codes = np.array(after.columns.column("xzqhbm").to_pylist(), dtype=object)
    assert set(codes[differs]) == changed - set(report.dropped)
    assert 0 < differs.sum() < len(after) // 2
    assert after.columns.equals(before.columns.filter(kept))
    assert after.crs == before.crs

    undo_repair(tmp_path / "r.gpkg", tmp_path / "u.gpkg")
    undone = read_rows(tmp_path / "u.gpkg")
    assert undone.wkb.tolist() == before.wkb.tolist()
    assert undone.columns.equals(before.columns)
