"""Statistics of hazards as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from gisgov.governance.hazards import HazardKind
from gisgov.governance.titles import Language
from gisgov.services.hazards.statistics import HazardFigures, HazardRow, HazardStatistics
from gisgov.services.statistics.figure_tables import FigureTable

_PLACES: Final = {
    "outside": ("区域以外", "outside every area"),
    "no-place": ("无位置", "no place"),
    "all": ("合计", "all"),
}
_HEADER: Final = {"zh": ("区域编码", "区域名称", "隐患类型"), "en": ("code", "name", "kind")}
_ALL: Final = {"zh": "全部", "en": "all"}
_TITLE: Final = {"zh": "隐患统计", "en": "Hazards"}


def _per_cent(value: float | None) -> float | None:
    return None if value is None else round(value * 100, 2)


_COLUMNS: Final[tuple[tuple[str, str, Callable[[HazardFigures], float | None]], ...]] = (
    ("发现数", "found", lambda one: one.found),
    ("未整改数", "open", lambda one: one.open),
    ("逾期未整改数", "overdue", lambda one: one.overdue),
    ("已整改数", "rectified", lambda one: one.rectified),
    ("已销号数", "checked", lambda one: one.checked),
    ("整改率（%）", "rectified, %", lambda one: _per_cent(one.rectification_rate)),
    ("按期整改率（%）", "in time, %", lambda one: _per_cent(one.on_time_rate)),
    ("复查率（%）", "checked, %", lambda one: _per_cent(one.check_rate)),
    ("整改天数中位数", "median days", lambda one: one.median_days),
)


def hazard_table(found: HazardStatistics, language: Language = "zh") -> FigureTable:
    """Return the table: all hazards of each area, then those of each kind."""
    header = [*_HEADER[language], *((zh if language == "zh" else en) for zh, en, _ in _COLUMNS)]
    rows = [list(cells) for row in found.rows for cells in _rows(row, language)]
    return FigureTable(_TITLE[language], header, rows)


def _rows(row: HazardRow, language: Language) -> Iterator[Iterator[object]]:
    name = row.name if row.place == "area" else _PLACES[row.place][language == "en"]
    parts = [(HazardKind(one.kind).titled(language), one.figures) for one in row.kinds]
    for kind, figures in ((_ALL[language], row.figures), *parts):
        yield iter((row.code or "", name, kind, *(figure(figures) for _, _, figure in _COLUMNS)))
