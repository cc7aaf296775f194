"""The whole path on a small district, twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from pydantic import TypeAdapter

from gisgov.demo import journey
from gisgov.demo.journey import LAST_DAY, run_demo
from gisgov.demo.report import DemoReport
from gisgov.errors import AssetsMissing, ConflictError
from gisgov.governance.access import Role
from gisgov.services.accounts import actor_of_key
from gisgov.services.days import local_day
from gisgov.services.devices import device_statistics
from gisgov.services.following_risk import follow_risk
from gisgov.services.patrols import service_coverage, visit_load
from gisgov.services.plans import list_plans, show_plan
from gisgov.services.rating import risk_summary
from gisgov.store.database import Database

SHANGHAI = ZoneInfo("Asia/Shanghai")
SCALE = 0.06
"""Large enough for two communities."""


@pytest.fixture
def no_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the drawing out where it is not what is tested."""
    monkeypatch.setattr(journey, "draw_maps", lambda *_, **__: ())


def _run(database: Database, folder: Path, assets: Path, **options: object) -> DemoReport:
    return run_demo(
        database,
        out=folder / "out",
        assets=assets,
        indexes=folder / "indexes",
        timezone=SHANGHAI,
        **{"scale": SCALE, **options},
    )


@dataclass(frozen=True)
class Whole:
    """The whole path gone once, where it was gone, and what it told meanwhile."""

    database: Database
    folder: Path
    report: DemoReport
    lines: tuple[str, ...]


@pytest.fixture(scope="module")
def whole(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory, assets: Path
) -> Iterator[Whole]:
    folder, database, lines = tmp_path_factory.mktemp("whole"), Database(module_database_url), list[str]()
    report = _run(database, folder, assets, tell=lines.append)
    yield Whole(database, folder, report, tuple(lines))
    database.dispose()


def test_the_whole_path(whole: Whole):
    database, report, lines = whole.database, whole.report, whole.lines
    assert [layer.layer for layer in report.layers] == ["district", "street", "community", "subgrid"]
    assert [layer.areas for layer in report.layers] == [1, 1, 2, 17]
    assert all(layer.defects == 0 for layer in report.layers)
    assert {layer.population for layer in report.layers} == {79_800}
    assert {round(layer.area_km2, 1) for layer in report.layers} == {9.3}
    assert {plan.name: plan.status for plan in list_plans(database)} == {
        **{f"{layer.layer}-2025": "published" for layer in report.layers},
        "subgrid-2026": "draft",
    }
    assert report.draft.fates == {"kept": 14, "reshaped": 1, "split": 1, "merged": 1, "gone": 0}
    # made of blocks, every one of them used once
    assert show_plan(database, "subgrid-2025").blocks == pytest.approx(600, rel=0.15)

    # 79,800 people are 8.0 sub-grids' worth and 9.3 km² are 9.3
    assert (report.subgrids.areas, report.subgrids.in_practice) == (17, 16)
    assert report.subgrids.load_of_people == pytest.approx(8.0, abs=0.05)
    assert report.subgrids.load_of_ground == pytest.approx(9.3, abs=0.05)
    assert report.subgrids.several_parts == 0
    assert report.subgrids.within_20_percent > 0.9
    # the division sees the streets: of all borders of blocks a third run along such
    assert report.subgrids.along_streets > 0.55

    (buildings,) = report.points
    assert (buildings.rows, buildings.inserted, buildings.rejected) == (1815, 1815, 0)
    assert all(join.orphans == 0 for join in buildings.joined)
    events = report.events
    assert events.created == events.sent == events.reported > 2500
    assert events.steps > 2 * events.sent
    assert 0 < events.whistles < events.merged + events.rejected
    assert events.closed + events.open + events.rejected + events.merged == events.reported
    assert 0.9 < float(events.disposal_rate or 0) < 1
    assert 0 < events.overdue < events.reported / 2
    assert 0 < float(events.median_working_hours or 0) < float(events.median_hours or 0)
    assert events.without_place > 0 < events.outside

    devices = device_statistics(database, "subgrid", at=LAST_DAY)
    assert devices.kinds == ("smoke-detector", "camera")
    assert [row.figures.devices for row in devices.rows][-2:] == [0, 2 + 4 * 17]
    assert 0.5 < float(devices.rows[-1].figures.online_share or 0) < 1

    served = service_coverage(database, "subgrid", at=LAST_DAY)
    assert (served.points["district"], served.points["community"], served.points["grid"]) == (1, 2, 17)
    assert served.total.people == report.layers[0].population
    assert 0 < served.total.outside < served.total.people / 2
    assert visit_load(database, "community", day=LAST_DAY).total.people > 1000

    assert (report.register.items, report.register.functions, report.register.unclassified) == (217, 8, 0)

    hazards = report.hazards
    assert hazards.inserted == hazards.rows == hazards.found == hazards.open + hazards.rectified > 3000
    assert 0 < hazards.overdue < hazards.open
    assert 0.9 < float(hazards.check_rate or 0) < 1

    counts = {one.risk_class: one.buildings for one in report.risk}
    today = local_day(None, SHANGHAI)
    assert follow_risk(database, today=today, timezone=SHANGHAI, within_m=15.0).rated == 0, "they stand"
    assert sum(counts.values()) == buildings.rows
    assert counts == risk_summary(database, at=LAST_DAY, today=LAST_DAY, timezone=SHANGHAI).total.counts
    assert (counts["general"], counts["warning"]) == (227, 100)  # the practice's shares of 1,815

    assert [area.layer for area in report.sample.chain] == ["district", "street", "community", "subgrid"]
    assert any(post.role == "网格长" for post in report.sample.chain[-1].staff)
    assert {one.layer: one.areas for one in report.staff} == {"community": 2, "subgrid": 17}

    out = whole.folder / "out"
    assert {path.name for path in out.iterdir()} == {
        *("risk.html", "events.html", "grids.html", "defects.html", "comparison.html", "service.html"),
        *("devices.html", "vacancies.html", "risk-hotspots.html", "risk.xlsx"),
        *("risk.png", "events.png", "grids.png", "demo"),
    }
    assert all(Path(name).stat().st_size > 0 for name in (*report.files, *report.maps))
    roster = pd.read_csv(out / "demo" / "staff-subgrid.csv", dtype=str)
    assert roster["area_code"].str.fullmatch(r"449901\d{9}").all()
    assert [one.account for one in report.accounts] == [
        *(f"demo-{role}" for role in Role),
        "demo-client",
    ]
    assert all(bool(one.one_time_password) != bool(one.key) for one in report.accounts)
    assert actor_of_key(database, str(report.accounts[-1].key)).scopes == {"areas.read"}
    assert len(report.steps) == len(lines) / 2 == 18

    document = TypeAdapter(DemoReport).dump_json(report)
    assert TypeAdapter(DemoReport).validate_json(document) == report


@pytest.mark.usefixtures("no_maps")
def test_a_second_run_changes_nothing(whole: Whole, assets: Path):
    database, first = whole.database, whole.report
    plans = [show_plan(database, plan.name) for plan in list_plans(database)]
    second = _run(database, whole.folder, assets)
    assert [show_plan(database, plan.name) for plan in list_plans(database)] == plans
    assert [(one.inserted, one.updated) for one in second.points] == [(0, 0)]
    assert (second.events.created, second.events.steps, second.events.whistles) == (0, 0, 0)
    assert second.events.known == first.events.created
    told = replace(second.events, created=0, known=0, per_second=0, steps=0, whistles=0)
    assert told == replace(first.events, created=0, known=0, per_second=0, steps=0, whistles=0)
    assert [one.account for one in second.accounts] == [one.account for one in first.accounts]
    assert not any(one.one_time_password or one.key for one in second.accounts), "told once"
    assert [one.unchanged for one in second.points] == [one.rows for one in first.points]
    assert (second.layers, second.subgrids, second.staff, second.risk, second.sample, second.draft) == (
        first.layers, first.subgrids, first.staff, first.risk, first.sample, first.draft
    )  # fmt: skip


@pytest.mark.usefixtures("no_maps")
def test_another_district_does_not_go_over_the_first(database: Database, tmp_path: Path, assets: Path):
    _run(database, tmp_path, assets, scale=0.01)
    with pytest.raises(ConflictError, match="holds another district") as caught:
        _run(database, tmp_path, assets, scale=0.01, seed=4)
    assert "gisgov db migrate --to base" in str(caught.value.hint)
    assert [plan.valid_from for plan in list_plans(database)] == [*[date(2025, 1, 1)] * 4, None]


def test_missing_assets_are_told_before_the_work(database: Database, tmp_path: Path):
    with pytest.raises(AssetsMissing):
        _run(database, tmp_path, tmp_path / "nowhere")
    assert list_plans(database) == ()
