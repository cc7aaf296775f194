"""``gisgov demo``: its tables, its JSON, its pages."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gisgov.cli import demo as command
from gisgov.demo import journey
from gisgov.demo.event_report import EventsSummary, HazardsSummary, RegisterSummary
from gisgov.demo.report import (
    DemoAccount,
    DemoReport,
    DraftSummary,
    LayerSummary,
    PointSummary,
    RiskCount,
    Spread,
    StaffSummary,
    StepTime,
    SubgridFigures,
)
from gisgov.services.joining import LayerJoin
from gisgov.services.resolution import Resolution

POINTS = PointSummary(
    kind="buildings", file="houses.csv", rows=9, inserted=7, updated=0, unchanged=1, rejected=1,
    without_place=1, joined=(LayerJoin("subgrid", 6, 2, 3, 0),), seconds=1.0,
)  # fmt: skip
REPORT = DemoReport(
    district_code="449901",
    district_name="青澜区",
    seed=2,
    scale=0.5,
    layers=(LayerSummary("subgrid", "子网格", "Sub-grid", "subgrid-2025", 132, 77.5, 665_000, 320_000, 0),),
    subgrids=SubgridFigures(132, 68.4, 63.9, 128, *[Spread(1.0, 0.5, 2.0)] * 3, 0.99, 1.0, 0.55, 0.875, 0),
    staff=(StaffSummary("subgrid", "1+1+N", 700, 132, 3),),
    points=(POINTS, PointSummary("buildings", "b.parquet", 4, 4, 0, 0, 0, 0, (), 0.5)),
    events=EventsSummary(
        sent=9,
        created=7,
        known=2,
        per_second=1234.4,
        steps=31,
        whistles=1,
        reported=9,
        open=1,
        closed=6,
        rejected=1,
        merged=1,
        overdue=2,
        disposal_rate=6 / 7,
        median_hours=5.25,
        median_working_hours=None,
        outside=3,
        without_place=1,
    ),
    register=RegisterSummary(217, 8, 32, 9, 1),
    hazards=HazardsSummary(9, 7, 2, 9, 4, 1, 5, 3, 5 / 9, 0.75, 0.6, 6.5),
    risk=(RiskCount("warning", "警示", "Warning", 1662, 0.055),),
    rules_version="example-2",
    sample=Resolution(112.8, 22.6, "EPSG:4326", 112.8, 22.6, date(2025, 12, 31), (), (), ()),
    draft=DraftSummary(
        "subgrid-2026", "subgrid-2025", {"kept": 129, "split": 1, "merged": 2}, 9876, 1.25, 17
    ),
    files=("out/demo/events.csv",),
    maps=("out/risk.html", "out/risk.png"),
    steps=(StepTime("draw the maps", 12.34),),
    seconds=45.6,
    accounts=(
        DemoAccount("demo-planner", "planner in community 449901001001", "abcd-efgh-ijkm-npqr", None),
        DemoAccount("demo-client", "viewer everywhere, areas.read alone", None, "ggk_" + 56 * "x"),
    ),
)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Put a ready report in place of the work; what the command asked for is in the returned mapping."""
    asked: dict[str, Any] = {}

    def run_demo(_: object, **options: Any) -> DemoReport:
        asked.update(options)
        return REPORT

    monkeypatch.setattr(journey, "run_demo", run_demo)
    monkeypatch.delenv("SERVE", raising=False)
    return asked


@pytest.mark.usefixtures("told")
def test_the_summary_is_tables(cli: Callable[..., Any]):
    ran = cli("demo", "--no-serve")
    assert ran.status == 0, ran.stderr
    lines = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert lines[1] == "青澜区 449901 (made up; seed 2, scale 0.5)"
    assert "子网格 subgrid subgrid-2025 132 77.5 665,000 320,000 0" in lines
    assert "subgrid 1+1+N 700 132 3" in lines
    assert "87.5% of their borders run along arterials, collectors or water" in " ".join(lines)
    assert "houses.csv 9 7 1 1 6 2 3" in lines
    assert "9 7 1,234 31 6 85.7% 2 1" in lines
    assert "took 5.2 h, - of them in working time" in " ".join(lines)
    assert "9 4 1 5 3 55.6% 75.0% 60.0%" in lines
    assert "7 of the 9 were new. Half of the rectified ones took 6.5 days." in " ".join(lines)
    assert "警示 Warning 1,662 5.5%" in lines
    assert "217 8 32 9 1" in lines
    assert "subgrid-2026 subgrid-2025 129 1 2" in lines
    assert "9,876 people, 1.25 km² and 17 open events would change hands" in " ".join(lines)
    assert "all 45.6" in lines
    assert "demo-planner planner in community 449901001001 abcd-efgh-ijkm-npqr" in lines
    assert any("ggk_" + 56 * "x" in line for line in lines), "a key that is broken cannot be copied"
    assert "out/risk.png" in lines
    assert lines[-1] == "Serve the pages with `gisgov serve`."
    assert all(line == line.rstrip() for line in ran.stdout.splitlines())


def test_options_reach_the_work(
    cli: Callable[..., Any], told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GISGOV_MAPS_DIR", "elsewhere")
    assert cli("demo", "--no-serve", "--seed", "5", "--scale", "0.25").status == 0
    assert (told["seed"], told["scale"], told["out"]) == (5, 0.25, Path("elsewhere"))
    assert cli("demo", "--no-serve").status == 0
    assert (told["seed"], told["scale"]) == (None, 1.0)


@pytest.mark.usefixtures("told")
def test_it_ends_by_saying_which_pages_to_open(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch):
    served: list[Any] = []
    monkeypatch.setattr(command, "run_service", served.append)
    monkeypatch.setattr(command, "check_free", lambda *_: None)
    ran = cli("demo", "--port", "8123")
    assert [(one.host, one.port, one.tls) for one in served] == [("127.0.0.1", 8123, None)]
    after = ran.stdout[ran.stdout.index("Open:") :]
    assert "http://127.0.0.1:8123/\n" in after
    assert "http://127.0.0.1:8123/maps/risk.html\n" in after
    assert "http://127.0.0.1:8123/v1/resolve?lon=112.8&lat=22.6&at=2025-12-31\n" in after
    assert "risk.png" not in after


@pytest.mark.usefixtures("told")
def test_the_environment_can_say_not_to_serve(cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SERVE", "0")
    assert "Open:" not in cli("demo").stdout


def test_json_is_one_document_of_the_real_path(
    cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("GISGOV_MAPS_DIR", str(tmp_path / "out"))
    monkeypatch.setattr(journey.WebAssets, "read", lambda _: None)
    monkeypatch.setattr(journey, "draw_maps", lambda *_, **__: ())
    ran = cli("demo", "--scale", "0.01", "--json")
    assert ran.status == 0, ran.stderr
    assert " 1/18 generate the district …" in ran.stderr
    report = ran.json()
    assert (report["seed"], report["scale"]) == (2, 0.01)
    assert [layer["defects"] for layer in report["layers"]] == [0, 0, 0, 0]
    assert sum(one["buildings"] for one in report["risk"]) == report["points"][0]["rows"]


def test_a_port_in_use_is_told_before_the_work(cli_without_database: Callable[..., Any]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = cli_without_database("demo", "--port", str(taken.getsockname()[1]))
    assert ran.status == 2
    assert "cannot be used" in ran.stderr


@pytest.mark.parametrize("scale", ["0", "3", "many"])
def test_a_scale_out_of_range_is_refused(cli_without_database: Callable[..., Any], scale: str):
    ran = cli_without_database("demo", "--scale", scale)
    assert ran.status == 2
    assert "--scale" in ran.stderr
