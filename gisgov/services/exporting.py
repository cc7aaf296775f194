"""Use case: write areas, events, buildings, vacancies or a plan to a file, as whoever asks may see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import pandas as pd
import shapely
from pydantic import TypeAdapter

from gisgov.files.sheet_output import write_sheet
from gisgov.files.table_output import harmless as harmless_cell
from gisgov.files.table_output import write_table
from gisgov.files.vector_output import write_vectors
from gisgov.services.exchange.assignments_out import export_assignments
from gisgov.services.exchange.plans_out import PlanExport, export_plan
from gisgov.services.export_requests import OF_A_PLAN, ExportRequest, Format, What, refuse_export
from gisgov.services.staffing.vacancies import Vacancies, list_vacancies
from gisgov.services.thematic import buildings_frame, events_frame, grids_frame, plan_frame
from gisgov.store.database import Database
from gisgov.types import Progress, silent

__all__ = ["KIND", "REPORT", "ExportRequest", "Format", "What", "refuse_export", "write_export"]

KIND: Final = "export"
"""Kind of the jobs that write exports."""

REPORT: Final = "report.json"
"""Beside a plan: what its format cannot hold."""

_TITLES: Final[Mapping[str, str]] = {
    "code": "编码", "name": "名称", "plan": "方案", "parent_code": "上级编码", "parent_name": "上级名称",
    "area_km2": "面积（km²）", "population": "人口", "households": "户数", "staff": "岗位人员",
    "staff_count": "岗位数", "external_id": "编号", "source_title": "来源", "category": "事项",
    "level_title": "级别", "state": "状态", "problem": "定位问题", "occurred_at": "发生时间",
    "grid_code": "网格编码", "lon": "经度", "lat": "纬度", "use": "用途", "floors": "层数",
    "built_year": "建成年份", "risk_class": "风险等级", "risk_points": "风险分值", "risk_reasons": "风险原因",
    "risk_rules_version": "规则版本", "role": "岗位", "needed": "应配", "filled": "在岗", "acting": "代理",
    "missing": "空缺", "surplus": "超配", "vacant_from": "空缺自", "vacant_to": "空缺至",
}  # fmt: skip
_AREAS: Final = (
    "code", "name", "plan", "parent_code", "parent_name", "area_km2", "population", "households", "staff",
    "staff_count",
)  # fmt: skip
_EVENTS: Final = (
    "external_id", "source_title", "category", "level_title", "state", "problem", "occurred_at", "grid_code",
)  # fmt: skip
_BUILDINGS: Final = (
    "external_id", "name", "use", "floors", "built_year", "households", "population", "problem", "risk_class",
    "risk_points", "risk_reasons", "risk_rules_version", "grid_code",
)  # fmt: skip
_VACANCIES: Final = (
    "code", "name", "plan", "role", "needed", "filled", "acting", "missing", "surplus", "vacant_from",
    "vacant_to",
)  # fmt: skip
_COUNTS: Final = frozenset({"population", "households", "staff_count", "floors", "built_year", "risk_points"})


def write_export(
    database: Database,
    request: ExportRequest,
    folder: Path,
    *,
    today: date,
    timezone: ZoneInfo,
    progress: Progress = silent,
) -> int:
    """Write a file, and return how many rows it has.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks: what they may not see is not written.
    request : ExportRequest
        What is to be written.
    folder : pathlib.Path
        Where the file goes.
    today : datetime.date
        The day where none is asked for.
    timezone : zoneinfo.ZoneInfo
        Of the times of events.
    progress : Progress
        Told of the two steps: reading, writing.

    Raises
    ------
    InputError, NotAllowed
        As of `refuse_export`.
    NotFoundError
        There is no such layer or plan.
    """
    refuse_export(database, request)
    path = folder / request.file_name
    if request.plan is not None and request.what in OF_A_PLAN:
        return _write_plan(database, request, request.plan, path)
    for step in progress(("read", "write"), label=f"exporting {request.what}", total=2):
        if step == "read":
            rows = _rows(database, request, today, timezone)
        else:
            _write(rows, path, request)
    return len(rows)


def _write_plan(database: Database, request: ExportRequest, plan: str, path: Path) -> int:
    """Write a plan with a report beside it, or its assignments; `gisgov.work` draws annexes."""
    if request.what == "assignments":
        return export_assignments(database, plan, path).blocks
    done = export_plan(database, plan, path, encoding=request.encoding or "utf-8")
    path.with_name(REPORT).write_bytes(TypeAdapter(PlanExport).dump_json(done, indent=2))
    return done.areas


def _rows(database: Database, request: ExportRequest, today: date, timezone: ZoneInfo) -> pd.DataFrame:
    """Return the rows with the columns that are written, and their geometry if they have one."""
    frame: pd.DataFrame
    day = request.at or today
    if request.what == "vacancies":
        return _of_vacancies(list_vacancies(database, str(request.layer), at=day))
    if request.what == "events":
        frame = events_frame(
            database,
            str(request.layer),
            first=request.first,
            last=request.last,
            timezone=timezone,
            language=request.language,
        )
        frame["occurred_at"] = frame["occurred_at"].dt.strftime("%Y-%m-%d %H:%M:%S")
        return _chosen(frame, _EVENTS)
    if request.what == "buildings":
        frame = buildings_frame(database, str(request.layer), language=request.language)
        reasons = frame["risk_reasons"]
        frame["risk_reasons"] = ["；".join(one) if isinstance(one, tuple) else None for one in reasons]
        return _chosen(frame, _BUILDINGS)
    if request.plan is not None:
        return _chosen(plan_frame(database, request.plan)[1], _AREAS)
    return _chosen(grids_frame(database, str(request.layer), at=day), _AREAS)


def _chosen(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    return frame.loc[:, [*columns, "geometry"]]


def _of_vacancies(found: Vacancies) -> pd.DataFrame:
    rows = []
    for area in found.found:
        gaps = {gap.role: gap for gap in reversed(area.gaps)}  # the first of each role
        roles = {one.role: one for one in area.roles}
        for role in dict.fromkeys([*roles, *gaps]):
            one, gap = roles.get(role), gaps.get(role)
            counts = (
                (None,) * 5 if one is None else (one.least, one.filled, one.acting, one.missing, one.surplus)
            )
            since = None if gap is None else gap.valid_from
            until = None if gap is None else gap.valid_to
            rows.append((area.code, area.name, area.plan, role, *counts, since, until))
    return pd.DataFrame(rows, columns=list(_VACANCIES), dtype=object)


def _write(rows: pd.DataFrame, path: Path, request: ExportRequest) -> None:
    if request.format in ("gpkg", "geojson"):
        write_vectors(geopandas.GeoDataFrame(rows, geometry="geometry"), path, request.what)
        return
    table = _as_table(rows)
    if request.format == "csv":
        write_table(path, list(table.columns), _records(table, harmless=True))
        return
    is_zh = request.language == "zh"
    header = [_TITLES[name] if is_zh else name for name in table.columns]
    write_sheet(path, header, _records(table, harmless=False), title=request.what)


def _as_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows without geometry; events and buildings with the longitude and latitude of a point."""
    if "geometry" not in rows.columns:
        return rows
    table = pd.DataFrame(rows.drop(columns="geometry"))
    if "external_id" in rows.columns:
        points = shapely.point_on_surface(rows["geometry"].to_numpy())
        table["lon"], table["lat"] = (np.round(axis(points), 7) for axis in (shapely.get_x, shapely.get_y))
    return table


def _records(table: pd.DataFrame, *, harmless: bool) -> Iterator[Sequence[object]]:
    names = list(table.columns)
    for record in table.itertuples(index=False, name=None):
        yield [_cell(name, value, harmless=harmless) for name, value in zip(names, record, strict=True)]


def _cell(name: str, value: object, *, harmless: bool) -> object:
    """Return a cell; a text that a spreadsheet would compute gets an apostrophe where a file has no types."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if name in _COUNTS and isinstance(value, float):
        return int(value)
    if isinstance(value, np.generic):
        return value.item()
    return harmless_cell(value) if harmless else value
