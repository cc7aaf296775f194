"""``gisgov assign``: files, folders and a cluster, by the plan in force."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from layer_indexes import DAY, drawn

from gisgov import distributed
from gisgov.services.assigning_files import FileAssignment, FileRequest, assign_file

ROWS = "id,lon,lat\n1,114.005,22.505\n2,114.01,22.505\n3,114.5,22.505\n4,,\n5,east,22\n6,300,22\n"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GISGOV_INDEX_DIR", str(tmp_path / "indexes"))
    (tmp_path / "points.csv").write_text(ROWS, encoding="utf-8")


@pytest.fixture
def grid(plant: Callable[..., None]) -> None:
    plant("grid", drawn("12"), plan="now")
    plant("beat", drawn("B"), valid_from=date(2030, 1, 1))


@pytest.mark.usefixtures("grid")
def test_a_file_as_text_and_as_json(cli: Callable[..., Any], tmp_path: Path) -> None:
    words = ("assign", "points.csv", "--layer", "grid", "--crs", "wgs84", "--at", "2026-03-01")
    ran = cli(*words, "--out", "out.csv")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "points.csv in EPSG:4326 (lon and lat, by their names): 6 points on layer grid on 2026-03-01 (now).",
        "",
        "points                                   count",
        "in an area                                   1",
        "on a border, owned by the smallest code      1",
        "outside every area                           1",
        "without a coordinate                         1",
        "with a coordinate that is no place           1",
        "with something else than a coordinate        1",
        "",
        "Not placed, among others:",
        "  points.csv, row 5: 'east' in 'lon' is no number",
        "  points.csv, row 6: (300.0, 22.0) is no place on the globe",
        "",
        "out.csv: written, with area_code, area_status, area_plan.",
    ]
    answer = cli(*words, "--out", "out.parquet", "--detail", "--resume", "--json").json()
    assert (answer["rows"], answer["owned"], answer["border"], answer["resumed_parts"]) == (6, 1, 1, 0)
    rows = pq.read_table("out.parquet")
    assert rows.column("area_code").to_pylist() == ["1", "1", None, None, None, None]
    assert rows.column("area_candidates").to_pylist() == [None, "2", None, None, None, None]
    assert {"points.csv", "out.csv", "out.parquet", "indexes"} == {one.name for one in tmp_path.iterdir()}


@pytest.mark.usefixtures("grid")
def test_a_folder_becomes_a_folder_and_swapped_axes_are_told(cli: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "points").mkdir()
    pq.write_table(
        pyarrow.csv.read_csv(tmp_path / "points.csv").slice(0, 2), tmp_path / "points" / "a.parquet"
    )
    words = ("assign", "points", "--layer", "grid", "--crs", "wgs84", "--at", "2026-03-01")
    ran = cli(*words, "--lon", "lat", "--lat", "lon", "--out", "out")
    assert "With x and y exchanged 2 points would lie in an area." in ran.stdout
    assert (tmp_path / "out" / "a.parquet").exists()


@pytest.mark.usefixtures("grid")
def test_a_cluster_is_given_what_was_asked(
    cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def by_cluster(client: str, *arguments: Any, **options: Any) -> FileAssignment:
        asked.append((client, *arguments, options))
        return assign_file(arguments[2], FileRequest(arguments[0], tmp_path / "o.csv", DAY, crs="wgs84"))

    monkeypatch.setattr(distributed, "connected", nullcontext)
    monkeypatch.setattr(distributed, "assign_dataset", by_cluster)
    words = ("--layer", "grid", "--at", "2026-05-10", "--crs", "wgs84", "--detail", "--out", "out")
    ran = cli("assign", "points.csv", *words, "--dask", "tcp://here:8786", "--json")
    assert ran.json()["rows"] == 6
    ((client, source, out, index, options),) = asked
    assert (client, index.layer.name) == ("tcp://here:8786", "grid")
    assert (source, out) == (Path("points.csv"), Path("out"))
    del options["progress"]
    assert options == {
        "day": DAY, "crs": "wgs84", "lon": None, "lat": None, "detail": True, "resume": False,
    }  # fmt: skip


@pytest.mark.usefixtures("grid")
def test_what_was_written_is_replaced_when_that_is_said(cli: Callable[..., Any], tmp_path: Path) -> None:
    out = tmp_path / "o.csv"
    asked = (
        "assign",
        "points.csv",
        "--at",
        "2026-03-01",
        "--layer",
        "grid",
        "--crs",
        "wgs84",
        "--out",
        "o.csv",
    )
    out.write_text("of another run", encoding="utf-8")
    assert cli(*asked).status == 2
    assert out.read_text("utf-8") == "of another run"
    assert cli(*asked, "--force").status == 0
    assert "area_code" in out.read_text("utf-8")


@pytest.mark.usefixtures("grid")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--out", "o.csv", "--layer", "moon", "--crs", "wgs84"), "No layer is called 'moon'"),
        (("--out", "o.csv", "--layer", "beat", "--crs", "wgs84"), "No plan of layer beat is in force"),
        (("--out", "o.csv", "--layer", "grid"), "points.csv does not state its coordinate system"),
        (("--out", "o.csv", "--layer", "grid", "--dask", "tcp://x:1"), "o.csv would be a folder"),
        (("--out", "o", "--layer", "grid", "--dask", "x", "--file-layer", "l"), "--file-layer is for"),
        (("--layer", "grid"), "Missing option '--out'"),
        (
            ("--out", "no/o.csv", "--layer", "grid", "--crs", "wgs84"),
            "There is no folder no to write o.csv into",
        ),
        (("--out", "points.csv", "--layer", "grid", "--crs", "wgs84"), "points.csv exists."),
    ],
)
def test_mistakes_are_one_line_and_status_2(
    cli: Callable[..., Any], arguments: tuple[str, ...], message: str
) -> None:
    ran = cli("assign", "points.csv", "--at", "2026-03-01", *arguments)
    assert (ran.status, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert message in ran.stderr
