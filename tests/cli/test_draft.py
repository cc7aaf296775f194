"""``gisgov draft``: what is asked, told, and refused."""

from __future__ import annotations

import geopandas
import jsonschema
import pytest
import shapely
from plans_of_blocks import drawn, put_cells, put_layer, put_plan
from pydantic import TypeAdapter

from gisgov.services.editing.reports import EditReport


@pytest.fixture
def draft(database, cli):
    """A draft that began as a plan of four areas of four blocks, and a command on it."""
    layer_id = put_layer(database)
    put_cells(database, "1212 3434 1212 3434", scope="")
    put_plan(database, "plan", layer_id, drawn("AABB AABB CCDD CCDD"))
    made = cli("draft", "branch", "plan", "d")
    assert made.stdout.startswith("Draft d has 4 areas. It is made of the blocks of its source.\n"), (
        made.stderr
    )

    def run(command, *words):
        return cli("draft", command, "d", *words)

    return run


def words(text):
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_day_of_work(draft, tmp_path):
    told = words(draft("assign", "00,01", "--to", "B", "--seen", "0").stdout)
    assert told[0] == "assign: d is at revision 1."
    assert told[2:5] == [
        "area name blocks people km² load off compact parts on streets",
        "A 网格A 2 7 0.023 - - 0.71 1 -",
        "B 网格B 6 13 0.068 - - 0.54 1 -",
    ]
    assert told[6:] == ["2 blocks with 3 people changed hands."]
    (tmp_path / "blocks.csv").write_text("10\n11\n", encoding="utf-8-sig")
    told = words(draft("assign", f"@{tmp_path / 'blocks.csv'}", "--to-none").stdout)
    assert {"no more: A", "2 blocks with 7 people changed hands."} <= {*told}
    assert "to mend: 2 blocks are in no area: 10, 11." in told
    assert draft("fill").status == 0
    assert draft("new-area", "10,11", "--code", "E", "--name", "新").status == 0
    assert draft("merge", "C", "D", "--into", "D").status == 0
    assert draft("split", "D", "--parts", "2").status == 0
    assert draft("rename", "D", "--name", "丁").status == 0
    assert draft("lock", "D").status == 0
    assert draft("unlock", "D").status == 0
    assert draft("redivide", "B", "E", "--count", "3").status == 0
    assert draft("snapshot", "送审").stdout == "Snapshot 送审 keeps revision 10 of d.\n"
    assert draft("undo").stdout.startswith("undo: d is at revision 11.")
    assert draft("redo").status == 0
    assert draft("restore", "送审").status == 0
    shown = words(draft("show").stdout)
    assert shown[0] == "d: 5 areas of grid, revision 13"
    assert "snapshots: 送审 (revision 10)" in shown
    logged = words(draft("log", "--limit", "3").stdout)
    assert [line.split()[0] for line in logged] == ["revision", "13", "12", "11"]
    assert " redo of 11 " in logged[2]


def test_lines_are_typed_or_in_a_file(draft, tmp_path):
    told = draft("split", "A", "--line", "113.9995,22.5032 114.0025,22.5032", "--json").json()
    jsonschema.validate(told, TypeAdapter(EditReport).json_schema(mode="serialization"))
    # the border of B has the end of the line as a vertex now
    assert ([one["code"] for one in told["areas"]], told["cut_blocks"]) == (["001", "A", "B"], 2)
    line = shapely.LineString([(114.0005, 22.4995), (114.0005, 22.5025)])
    path = tmp_path / "line.geojson"
    geopandas.GeoSeries([line], crs=4326).to_file(path)
    assert " C " in draft("split", "C", "--line", path).stdout.replace("\n", " ")
    geopandas.GeoSeries([line, shapely.affinity.translate(line, 1)], crs=4326).to_file(path)
    for given, said in (
        (path, "line.geojson holds 2 lines; to cut along takes one."),
        ("114,22.5", "A line has two places or more."),
        ("114 22.5", "'114 22.5' is no line."),
        (tmp_path / "none.gpkg", "There is no file"),
    ):
        ran = draft("split", "B", "--line", given)
        assert (ran.status, said in ran.stderr) == (2, True), ran.stderr
    gcj = draft("move-border", "B", "D", "--line", "114,22.5;114.1,22.5", "--line-crs", "gcj02")
    assert gcj.status == 2
    assert "(113.9950204, 22.5028840)" in gcj.stderr


def test_what_is_refused_says_why(draft, database):
    draft("lock", "A")
    ran = draft("merge", "B", "C", "--seen", "0")
    assert (ran.status, ran.stdout) == (2, "")
    assert words(ran.stderr)[1].endswith(" lock 0 A")
    assert "Draft 'd' is at revision 1, not 0." in ran.stderr
    for given, said in (
        (("assign", "00"), "Say who gets them: --to AREA, or --to-none."),
        (("assign", "@", "--to", "B"), "cannot be read"),
        (("assign", ",", "--to", "B"), "no code is given"),
        (("split", "B", "--parts", "2", "--line-crs", "wgs84"), "--line-crs is for a --line."),
        (("split", "B"), "Say how the area is split"),
        (("redivide",), "Say which areas are divided anew"),
        (("rebase",), "based on"),
    ):
        ran = draft(*given)
        assert (ran.status, said in ran.stderr) == (2, True), ran.stderr
    assert draft("log", "--before", "1").stdout == "Nothing was done yet.\n"
