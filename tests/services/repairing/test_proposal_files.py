"""Proposals written, edited the way people edit, and read back."""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas
import openpyxl
import pyogrio
import pytest
import shapely

from gisgov.errors import FileError, InputError
from gisgov.services.repairing.proposal_files import (
    EditedRow,
    made_for_of,
    proposals_frame,
    read_proposals,
    refuse_table,
    write_proposals,
)
from gisgov.services.repairing.proposals import ProposalInfo, ProposalTable

SQUARE = shapely.geometry.mapping(shapely.box(120.0, 30.0, 120.001, 30.001))
MADE_FOR = {"areas": "ab12", "system": "EPSG:4547", "min_gap_m2": "0.0"}


def proposal(number: int, **changed: object) -> ProposalInfo:
    values = {
        "number": number,
        "key": f"gap-{number:08x}",
        "kind": "gap",
        "decision": "give",
        "to": "330106001001",
        "options": ("330106001001", "330106001002"),
        "reason": "longest border",
        "area_m2": 12.5,
        "width_m": 0.25,
        "cover": 0,
        "areas": ("330106001001", "330106001002"),
        "lon": 120.0005,
        "lat": 30.0005,
        "geometry": SQUARE,
    }
    return ProposalInfo(**(values | changed))  # type: ignore[arg-type]


TABLE = ProposalTable(
    (
        proposal(1),
        proposal(2, kind="outside", decision="clip", to=None, cover=1),
        proposal(3, kind="invalid-ring", decision="leave", to=None, cover=None, width_m=None, geometry=None),
        proposal(
            4, kind="invalid-ring", decision="leave", to=None, cover=None, geometry=None, lon=None, lat=None
        ),
    ),
    MADE_FOR,
)
FIRST = EditedRow(
    row=1,
    number="1",
    decision="give",
    to="330106001001",
    accepted=None,
    proposed="give to 330106001001",
    key="gap-00000001",
    made_for="areas = ab12; system = EPSG:4547; min_gap_m2 = 0.0",
)


@pytest.mark.parametrize("name", ["p.csv", "p.xlsx", "p.gpkg", "p.geojson"])
def test_every_format_is_read_back(tmp_path: Path, name: str) -> None:
    write_proposals(TABLE, tmp_path / name)
    read = read_proposals(tmp_path / name)
    assert read.rows[0] == FIRST
    assert [row.decision for row in read.rows] == ["give", "clip", "leave", "leave"]
    assert [row.to for row in read.rows] == ["330106001001", None, None, None]
    assert (read.name, read.ragged) == (name, {})
    assert made_for_of(read.rows[3].made_for or "") == MADE_FOR


def test_a_table_without_rows_is_read_back(tmp_path: Path) -> None:
    for name in ("p.csv", "p.xlsx", "p.gpkg"):
        write_proposals(ProposalTable((), MADE_FOR), tmp_path / name)
        assert read_proposals(tmp_path / name).rows == ()


def test_a_geopackage_is_coloured_and_shows_places_without_ground(tmp_path: Path) -> None:
    write_proposals(TABLE, tmp_path / "p.gpkg")
    layers = dict(pyogrio.list_layers(tmp_path / "p.gpkg"))
    assert layers["proposals"] == "MultiPolygon"
    assert "layer_styles" in layers
    frame = geopandas.read_file(tmp_path / "p.gpkg", layer="proposals")
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.notna().tolist() == [True, True, False, False]
    assert frame["accepted"].isna().all()
    drawn = proposals_frame(TABLE.rows)
    assert drawn.geometry.geom_type.tolist()[:3] == ["Polygon", "Polygon", "Point"]


def test_a_person_edits_a_geopackage(tmp_path: Path) -> None:
    write_proposals(TABLE, tmp_path / "p.gpkg")
    frame = pyogrio.read_dataframe(tmp_path / "p.gpkg", layer="proposals")
    frame["accepted"] = frame["accepted"].astype(object)
    frame.loc[0, ["to", "accepted"]] = ["330106001002", "yes"]
    pyogrio.write_dataframe(frame, tmp_path / "p.gpkg", layer="proposals")
    (first, *_) = read_proposals(tmp_path / "p.gpkg").rows
    assert (first.to, first.accepted, first.proposed) == ("330106001002", "yes", "give to 330106001001")


@pytest.mark.parametrize(
    ("encoding", "separator", "ends"),
    [("utf-8-sig", ",", "\r\n"), ("gb18030", ";", "\r\n"), ("utf-16", "\t", "\r\n"), ("utf-8", ";", "\n")],
)
def test_a_table_saved_by_a_spreadsheet_is_read(
    tmp_path: Path, encoding: str, separator: str, ends: str
) -> None:
    write_proposals(TABLE, tmp_path / "p.csv")
    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    place = rows[0].index("accepted")
    rows[1][place], rows[2][place] = "是", "NO"
    rows.append([""] * len(rows[0]))  # an emptied line
    with (tmp_path / "saved.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator, lineterminator=ends).writerows(rows)
    read = read_proposals(tmp_path / "saved.csv").rows
    assert [row.accepted for row in read] == ["是", "NO", None, None]
    assert read[0].key == "gap-00000001"
    assert read[0].made_for == FIRST.made_for


def test_a_spreadsheet_does_not_take_a_code_for_a_number(tmp_path: Path) -> None:
    codes = ("330106001001", "0012", "12", "A1")
    table = ProposalTable(tuple(proposal(i, to=code) for i, code in enumerate(codes)), MADE_FOR)
    write_proposals(table, tmp_path / "p.csv")
    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row["to"] for row in csv.DictReader(file)]
    assert cells == ["\t330106001001", "\t0012", "12", "A1"]  # behind a tab, it is text
    assert tuple(row.to for row in read_proposals(tmp_path / "p.csv").rows) == codes


def test_a_workbook_offers_decisions_and_keeps_what_is_typed(tmp_path: Path) -> None:
    write_proposals(TABLE, tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    sheet = book["proposals"]
    offers = {offer.formula1 for offer in sheet.data_validations.dataValidation}
    assert offers == {'"give,clip,node,rebuild,drop,leave"', '"yes,no"'}
    sheet["D2"], sheet["E2"] = 330106001002, True  # a code typed as a number, a tick
    book.save(tmp_path / "p.xlsx")
    (first, *_) = read_proposals(tmp_path / "p.xlsx").rows
    assert (first.to, first.accepted) == ("330106001002", "True")


def test_a_lost_column_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("number,decision,to,accepted,proposed,key\n1,give,a,yes,x,k\n")
    with pytest.raises(InputError, match=r"p\.csv has no field 'made_for'"):
        read_proposals(tmp_path / "p.csv")


def test_a_table_is_not_written_over_another(tmp_path: Path) -> None:
    refuse_table(tmp_path / "p.csv")
    refuse_table(tmp_path / "p.gpkg")
    (tmp_path / "p.csv").write_text("decided")
    with pytest.raises(InputError, match="may hold decisions"):
        refuse_table(tmp_path / "p.csv")
    with pytest.raises(FileError, match=r"\.gpkg \.xlsx \.csv \.geojson"):
        refuse_table(tmp_path / "p.doc")
