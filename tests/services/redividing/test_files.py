"""What a re-division leaves as files, and what cancelling leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pyogrio
import pytest
from lattices import DAY, SCOPE, ZONE

from fixtures import shipped
from gisgov.errors import Cancelled, ConflictError, FileError, InputError, NameTaken
from gisgov.services.plans import list_plans
from gisgov.services.redividing import (
    HowMany,
    Proposal,
    RedivisionReport,
    RedivisionRequest,
    propose_redivision,
    redivide,
    store_proposal,
)
from gisgov.services.redividing.block_groups import read_block_groups
from gisgov.services.redividing.files import (
    REPORT,
    SUMMARY,
    areas_name,
    refuse_unwritable,
    write_areas,
    write_results,
)
from gisgov.store.database import Database
from gisgov.store.plans import find_plan, update_draft

pytestmark = pytest.mark.usefixtures("ground")
GIVEN: dict[str, Any] = {"policy": shipped.redivision_policy(), "today": DAY, "timezone": ZONE}


@pytest.fixture
def propose(database: Database) -> Callable[..., Proposal]:
    """Make a proposal of ten areas that is not stored."""

    def proposed(plan: str = "p", **asked: Any) -> Proposal:
        ground = {} if "source" in asked else {"layer": "subgrid", "scope": SCOPE}
        values = {"how_many": HowMany(total=10), **ground, **asked}
        return propose_redivision(database, RedivisionRequest(plan, at=DAY, **values), **GIVEN)

    return proposed


def test_areas_are_written_as_layers_and_tables(propose: Callable[..., Proposal], tmp_path: Path) -> None:
    proposal = propose()
    for name in ("areas.gpkg", "areas.geojson", "areas.csv", "areas.xlsx"):
        refuse_unwritable(tmp_path / name)
        assert write_areas(proposal, tmp_path / name) == (tmp_path / name,)
    told = proposal.report.alternatives[0].areas
    frame = geopandas.read_file(tmp_path / "areas.gpkg", layer="areas")
    assert frame["code"].tolist() == [one.code for one in told]
    assert frame["origin"].unique().tolist() == ["new"]
    assert frame.crs == "EPSG:4326"
    for table in (
        pd.read_csv(tmp_path / "areas.csv", dtype={"code": str}),
        pd.read_excel(tmp_path / "areas.xlsx", dtype={"code": str}, engine="openpyxl"),
    ):
        assert table["code"].tolist() == frame["code"].tolist()
        assert table["load"].tolist() == pytest.approx([one.load for one in told])
    with pytest.raises(FileError, match=r"does not write \.pdf") as caught:
        refuse_unwritable(tmp_path / "areas.pdf")
    assert str(caught.value.hint).endswith("Or .csv, .xlsx for figures.")


def test_alternatives_have_a_layer_or_a_file_each(propose: Callable[..., Proposal], tmp_path: Path) -> None:
    proposal = propose(alternatives=2, how_many=HowMany())
    assert write_areas(proposal, tmp_path / "a.gpkg") == (tmp_path / "a.gpkg",)
    assert {name for name, _ in pyogrio.list_layers(tmp_path / "a.gpkg")} == {"areas-1", "areas-2"}
    assert write_areas(proposal, tmp_path / "a.csv") == (tmp_path / "a-1.csv", tmp_path / "a-2.csv")


def test_a_job_leaves_its_report_with_and_without_areas(
    propose: Callable[..., Proposal], tmp_path: Path
) -> None:
    proposal = propose(alternatives=2, keep="none", how_many=HowMany())
    write_results(proposal, tmp_path)
    report = json.loads((tmp_path / REPORT).read_text(encoding="utf-8"))
    summary = json.loads((tmp_path / SUMMARY).read_text(encoding="utf-8"))
    assert [len(one["areas"]) for one in report["alternatives"]] == [19, 19]
    assert [len(one["areas"]) for one in summary["alternatives"]] == [0, 0]
    features = json.loads((tmp_path / areas_name(2)).read_text(encoding="utf-8"))["features"]
    assert features[0]["properties"]["code"] == report["alternatives"][1]["areas"][0]["code"]


def test_sources_are_told_in_the_table(
    database: Database, propose: Callable[..., Proposal], tmp_path: Path
) -> None:
    store_proposal(database, propose("p"))
    write_areas(propose("q", source="p", how_many=HowMany()), tmp_path / "a.csv")
    table = pd.read_csv(tmp_path / "a.csv", dtype=str)
    assert (table["sources"] == table["code"] + " 1.000").all()


def test_cancelling_leaves_nothing(database: Database) -> None:
    request = RedivisionRequest("p", layer="subgrid", scope=SCOPE, at=DAY, alternatives=3)
    with pytest.raises(Cancelled):
        redivide(database, request, cancelled=lambda: True, **GIVEN)
    assert [plan for plan in list_plans(database) if plan.layer == "subgrid"] == []


def test_what_fails_while_it_is_stored_leaves_nothing(
    database: Database, propose: Callable[..., Proposal], run: Callable[..., RedivisionReport]
) -> None:
    proposal = propose("p", alternatives=2, how_many=HowMany())
    run("p-2")  # somebody was faster
    with pytest.raises(NameTaken, match="'p-2' already"):
        store_proposal(database, proposal)
    assert [plan.name for plan in list_plans(database) if plan.layer == "subgrid"] == ["p-2"]


def test_a_draft_that_was_changed_meanwhile_stays(
    database: Database, propose: Callable[..., Proposal], run: Callable[..., RedivisionReport]
) -> None:
    run("p")
    proposal = propose("p", source="p")
    run("p", source="p", how_many=HowMany(total=5))
    with pytest.raises(ConflictError, match="'p' was changed while it was divided"):
        store_proposal(database, proposal)
    with database.begin() as connection:
        assert find_plan(connection, "p").areas == 5


def test_an_author_who_is_named_is_recorded(
    database: Database, propose: Callable[..., Proposal], run: Callable[..., RedivisionReport]
) -> None:
    run("p", author="甲")
    with database.begin() as connection:
        update_draft(connection, find_plan(connection, "p").id, {"source": {}})
    store_proposal(database, propose("p", source="p", author="乙"))
    with database.begin() as connection:
        plan = find_plan(connection, "p")
    assert (plan.author, "before" in plan.source) == ("乙", False)


def test_groups_of_blocks_are_rows_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "apart.csv").write_text("a,b,c\n001,002,\n003,,\n004,005,006\n", encoding="utf-8")
    assert read_block_groups(tmp_path / "apart.csv") == (("001", "002"), ("004", "005", "006"))
    (tmp_path / "none.csv").write_text("a,b\n001,\n", encoding="utf-8")

    with pytest.raises(InputError, match=r"none.csv has no row"):
        read_block_groups(tmp_path / "none.csv")
