"""One file in, the same file with its areas out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from layer_indexes import DAY, drawn, layer_index

from gisgov.errors import ConflictError, CrsError, FileError, InputError
from gisgov.files.streams import opening
from gisgov.files.streams.parts import PartFolder
from gisgov.geometry.crs import GCJ02, from_wgs84
from gisgov.services.assigning_files import FileAssignment, FileRequest, UnplacedRow, assign_file
from gisgov.services.assigning_files.index_file import read_layer, write_layer
from gisgov.store.locating import LayerAt
from gisgov.types import Item

LAYER = layer_index(drawn("AAB\nACB"), plans=("east", "west"))
# inside A, on the border of A and C, nowhere, without a longitude, outside, inside B
LON = [114.005, 114.01, 200.0, None, 114.035, 114.025]
LAT = [22.505, 22.505, 22.5, 22.5, 22.505, 22.505]
CODES = ["A", "A", None, None, None, "B"]
STATUS = ["owned", "border", "bad-coordinate", "no-coordinate", "outside", "owned"]


@pytest.fixture
def points(tmp_path: Path) -> Path:
    table = pa.table(
        {
            "id": pa.array(range(6), pa.uint8()),
            "lon": LON,
            "lat": LAT,
            "kind": pa.array(list("xyzxyz")).dictionary_encode(),
            "tags": [[1], [2, 3], None, [], [4], [5]],
            "when": pa.array(range(6), pa.timestamp("ms", "UTC")),
        }
    ).replace_schema_metadata({b"made by": b"hand"})
    pq.write_table(table, tmp_path / "points.parquet")
    return tmp_path / "points.parquet"


def assigned(path: Path, out: str, **options: Any) -> FileAssignment:
    return assign_file(LAYER, FileRequest(path, path.with_name(out), DAY, **options))


def test_columns_and_rows_stay_and_the_counts_add_up(points: Path) -> None:
    done = assigned(points, "out.parquet", crs="wgs84")
    before, after = pq.read_table(points), pq.read_table(points.with_name("out.parquet"))
    assert after.select(before.column_names).equals(before)
    assert after.schema.metadata[b"made by"] == b"hand"
    assert after.column("area_code").to_pylist() == CODES
    assert after.column("area_status").to_pylist() == STATUS
    assert after.column("area_plan").to_pylist() == ["east", "east", None, None, None, "west"]
    assert done.columns == ("area_code", "area_status", "area_plan")
    counts = (done.owned, done.border, done.outside, done.no_coordinate, done.bad_coordinate, done.unreadable)
    assert (counts, sum(counts)) == ((2, 1, 1, 1, 1, 0), done.rows)
    assert done.faults == (UnplacedRow("points.parquet", 3, "(200.0, 22.5) is no place on the globe"),)
    assert (done.plans, done.coordinates_from, done.guessed) == (("east", "west"), ("lon", "lat"), True)


def test_detail_tells_names_distances_others_and_the_nearest(points: Path) -> None:
    assigned(points, "out.parquet", crs="wgs84", detail=True)
    rows = pq.read_table(points.with_name("out.parquet")).to_pylist()
    assert [row["area_name"] for row in rows] == ["网格 A", "网格 A", None, None, None, "网格 B"]
    assert [row["area_candidates"] for row in rows] == [None, "C", None, None, None, None]
    assert [row["area_nearest"] for row in rows] == [None, None, None, None, "B", None]
    assert rows[1]["area_border_m"] == 0
    metres = [row["area_border_m"] or row["area_nearest_m"] for row in rows]
    assert metres[2:4] == [None, None]
    # half a cell of 0.01 degrees at 22.5 degrees north
    assert [metres[i] for i in (0, 4, 5)] == pytest.approx([514.5] * 3, abs=0.5)


@pytest.mark.parametrize("suffix", [".csv", ".gpkg", ".geoparquet"])
def test_from_every_format_into_every_other(points: Path, suffix: str) -> None:
    place = points.with_name(f"first{suffix}")
    assigned(points, place.name, crs="wgs84")
    for last in (".csv", ".gpkg", ".parquet"):
        declared = "wgs84" if suffix != ".gpkg" else None
        done = assigned(place, f"last{last}", crs=declared)
        assert done.columns == ("area_code_2", "area_status_2", "area_plan_2")
        frame = _frame(place.with_name(f"last{last}"))
        assert frame["area_code_2"].tolist() == CODES
        assert frame["area_status_2"].tolist() == STATUS
        assert frame["area_code"].tolist() == CODES
        assert frame["kind"].tolist() == list("xyzxyz")
        assert [int(one) for one in frame["id"]] == [*range(6)]
    if suffix == ".gpkg":
        geo = geopandas.read_parquet(place.with_name("last.parquet"))
        assert (geo.crs.to_epsg(), geo.geometry.isna().tolist()) == (4326, [i == 3 for i in range(6)])
        cells = pd.read_csv(place.with_name("last.csv"))
        np.testing.assert_array_equal(cells["x"], np.array(LON, dtype=float))


def _frame(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=object).replace({np.nan: None})
    if path.suffix == ".gpkg":
        return pd.DataFrame(geopandas.read_file(path).drop(columns="geometry")).replace({np.nan: None})
    return pq.read_table(path).to_pandas().astype(object).replace({np.nan: None})


def test_cells_of_csv_come_back_as_they_were(tmp_path: Path) -> None:
    text = 'code,lon,lat,note\n007,114.0050,22.505,"a, b"\n008,114.025,22.5050,\n'
    (tmp_path / "points.csv").write_text(text, encoding="utf-8")
    layer = replace(LAYER, codes=["=A", "B", "C"])
    assign_file(layer, FileRequest(tmp_path / "points.csv", tmp_path / "out.csv", DAY, crs="wgs84"))
    cells = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False)
    assert cells.iloc[:, :4].to_csv(index=False) == text
    # what a spreadsheet would compute is a text for it
    assert cells["area_code"].tolist() == ["'=A", "B"]


def test_chinese_offsets_by_name_and_a_label_that_is_not_true_is_dropped(tmp_path: Path) -> None:
    x, y = from_wgs84([114.0001], [22.505], GCJ02)
    frame = geopandas.GeoDataFrame(geometry=shapely.points(x, y), crs=4326)
    frame.to_parquet(tmp_path / "points.parquet")
    true = assigned(tmp_path / "points.parquet", "true.parquet", crs="gcj02")
    assert (true.crs, true.owned) == ("GCJ-02", 1)
    assert geopandas.read_parquet(tmp_path / "true.parquet").crs is None
    as_labelled = assigned(tmp_path / "points.parquet", "labelled.parquet")
    assert as_labelled.crs == "EPSG:4326"
    assigned(tmp_path / "points.parquet", "true.gpkg", crs="gcj02")
    assert geopandas.read_file(tmp_path / "true.gpkg").crs is None


def test_swapped_axes_are_noticed(points: Path) -> None:
    assert assigned(points, "out.csv", crs="wgs84", lon="lat", lat="lon").inside_when_swapped == 3


def test_zeros_stand_for_no_place_unless_an_area_is_there(points: Path) -> None:
    table = pa.table({"lon": [0.0, 0.0, 114.035], "lat": [0.0, 22.5, 22.505]})
    pq.write_table(table, points)
    done = assigned(points, "out.parquet", crs="wgs84", detail=True)
    rows = pq.read_table(points.with_name("out.parquet")).to_pylist()
    assert [row["area_status"] for row in rows] == ["bad-coordinate", "outside", "outside"]
    assert [row["area_nearest"] for row in rows] == [None, "A", "B"]
    assert done.faults == (UnplacedRow("points.parquet", 1, "(0.0, 0.0) stands for no place"),)
    there = layer_index({"Z": shapely.box(-1, -1, 1, 1)})
    assert assign_file(there, FileRequest(points, points.with_name("o.csv"), DAY, crs="wgs84")).owned == 1


def test_a_file_without_rows_becomes_one_without_rows(points: Path) -> None:
    pq.write_table(pq.read_table(points).slice(0, 0), points)
    for suffix in (".parquet", ".csv", ".gpkg"):
        assert assigned(points, f"out{suffix}", crs="wgs84").rows == 0
        assert "area_status" in _frame(points.with_name(f"out{suffix}")).columns


def test_a_layer_without_areas_owns_nothing(points: Path) -> None:
    done = assign_file(layer_index({}), FileRequest(points, points.with_name("o.csv"), DAY, crs="wgs84"))
    assert (done.outside, done.no_coordinate, done.bad_coordinate) == (4, 1, 1)


@pytest.mark.parametrize(
    ("out", "options", "error", "message"),
    [
        ("out.csv", {}, CrsError, "does not state its coordinate system. Say --crs"),
        ("out.xlsx", {"crs": "wgs84"}, FileError, "Points are not written as .xlsx"),
        ("out", {"crs": "wgs84"}, FileError, "a file without suffix"),
        ("points.parquet", {"crs": "wgs84"}, InputError, "is the file of the points itself"),
        ("out.csv", {"crs": "wgs84", "lon": "kind", "lat": "tags"}, InputError, "Column 'tags' holds list"),
    ],
)
def test_mistakes_say_what_to_do_and_leave_no_file(
    points: Path, out: str, options: Any, error: type[Exception], message: str
) -> None:
    before = points.read_bytes()
    with pytest.raises(error) as told:
        assigned(points, out, **options)
    assert message in str(told.value)
    assert points.read_bytes() == before
    assert not points.with_name("out.csv").exists()


def test_what_cannot_be_put_in_place_is_told_by_its_name(points: Path) -> None:
    points.with_name("out.csv").mkdir()
    with pytest.raises(FileError, match=r"/out\.csv cannot be written: .*directory"):
        assigned(points, "out.csv", crs="wgs84")


class Stopped(Exception):
    """A run is broken off."""


def _break_off(items: Any, *, label: str, total: int | None = None) -> Any:
    yield next(iter(items))
    raise Stopped


def begun(points: Path, **options: Any) -> FileRequest:
    """Begin a run and break it off after its first part."""
    request = FileRequest(points, points.with_name("out.csv"), DAY, crs="wgs84", **options)
    with pytest.raises(Stopped):
        assign_file(LAYER, request, progress=_break_off)
    assert not request.out.exists()
    return replace(request, resume=True)


def test_a_run_is_gone_on_with_only_as_it_began(points: Path) -> None:
    request = begun(points)
    other = layer_index(drawn("AAC\nABC"))
    for layer, changed, message in (
        (LAYER, {"detail": True}, "--detail was not asked for. Leave --resume out"),
        (LAYER, {"crs": "cgcs2000"}, "the coordinate system is another"),
        (LAYER, {"lon": "lat", "lat": "lon"}, "the coordinates come from other columns"),
        (other, {}, "the plans of layer grid in force are not those of then. Leave --resume out"),
        (other, {"day": DAY.replace(day=11)}, "Say --at 2026-05-10, the day it began with"),
    ):
        with pytest.raises(ConflictError) as told:
            assign_file(layer, replace(request, **changed))
        assert f"The run for {request.out} cannot be gone on with: " in str(told.value)
        assert message in str(told.value)
    # the day alone does not matter
    done = assign_file(LAYER, replace(request, day=DAY.replace(day=11)))
    assert (done.resumed_parts, done.parts, done.rows) == (1, 1, 6)
    assert not points.with_name(".out.csv.assigning").exists()
    # nothing is left to go on with, so it begins anew
    assert assign_file(LAYER, request).resumed_parts == 0


def test_a_run_is_not_gone_on_with_when_the_input_changed(points: Path) -> None:
    request = begun(points)
    pq.write_table(pq.read_table(points).slice(0, 5), points)
    with pytest.raises(ConflictError, match=r"points\.parquet is not what it was"):
        assign_file(LAYER, request)
    # without --resume it begins anew
    assert assign_file(LAYER, replace(request, resume=False)).rows == 5


def test_input_that_changes_while_it_is_read_is_refused(points: Path) -> None:
    def touching(items: Item, *, label: str, total: int | None = None) -> Any:
        yield from items  # type: ignore[misc]
        points.write_bytes(points.read_bytes() + b" ")

    request = FileRequest(points, points.with_name("out.csv"), DAY, crs="wgs84")
    with pytest.raises(ConflictError, match="was changed while it was read"):
        assign_file(LAYER, request, progress=touching)
    assert not request.out.exists()


def test_two_runs_do_not_write_one_file(points: Path) -> None:
    work = PartFolder(points.with_name(".out.csv.assigning"))
    with work.held(), pytest.raises(ConflictError, match="Another run works in"):
        assigned(points, "out.csv", crs="wgs84")
    assert work.request() is None
    (points.with_name("file")).write_text("")
    with pytest.raises(FileError, match="cannot be made"):
        assign_file(LAYER, FileRequest(points, points.with_name("file") / "out.csv", DAY, crs="wgs84"))


def test_a_run_of_another_version_is_not_gone_on_with(points: Path) -> None:
    request = begun(points)
    noted = points.with_name(".out.csv.assigning") / "request.json"
    noted.write_text(json.dumps({**json.loads(noted.read_text()), "gisgov": "0.0.1"}))
    with pytest.raises(ConflictError, match=r"it was made by gisgov 0\.0\.1"):
        assign_file(LAYER, request)


def test_text_is_cut_into_parts_that_are_put_together_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_TEXT_ROWS", 4)
    rows = "".join(f"{i},{114.005 + i / 1000},22.505\n" for i in range(10))
    (tmp_path / "points.csv").write_text(f"id,lon,lat\n{rows}", encoding="utf-8")
    done = assigned(tmp_path / "points.csv", "out.csv", crs="wgs84")
    assert (done.parts, done.rows) == (3, 10)
    assert pd.read_csv(tmp_path / "out.csv")["id"].tolist() == [*range(10)]


def test_a_layer_comes_back_from_its_file(tmp_path: Path) -> None:
    layer = replace(
        LAYER, layer=LayerAt(3, "网", "网", "net", "overlay", True), parent_codes=[("x",), (), ("y", "z")]
    )
    for valid_to in (None, DAY):
        plans = tuple(replace(plan, valid_to=valid_to) for plan in LAYER.plans)
        write_layer(tmp_path / "layer", replace(layer, plans=plans))
        back = read_layer(tmp_path / "layer")
        assert (back.layer, back.plans) == (layer.layer, plans)
        assert [[*back.codes], [*back.names]] == [[*layer.codes], [*layer.names]]
        assert [*back.parent_codes] == layer.parent_codes
        assert back.index.owners([114.005], [22.505]).tolist() == [0]
    with pytest.raises(FileError, match="no sound index"):
        read_layer(tmp_path / "nothing")
