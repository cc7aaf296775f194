"""Statistics of events as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from gisgov.governance.events import EventParting
from gisgov.governance.titles import Language
from gisgov.services.event_statistics.reports import EventFigures, EventStatistics, EventStatisticsRow
from gisgov.services.statistics.figure_tables import FigureTable

_PLACES = {
    "beyond": ("其他区域", "other areas"),
    "outside": ("区域以外", "outside every area"),
    "no-place": ("无位置", "no place"),
    "all": ("合计", "all"),
}
_CODE = {"zh": "分项编码", "en": "part"}
_ALL = {"zh": "全部", "en": "all"}
_TITLE = {"zh": "事件统计", "en": "Events"}

_Figure = Callable[[EventFigures], float | None]


def _per_cent(value: float | None) -> float | None:
    return None if value is None else round(value * 100, 2)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


_COLUMNS: Final[tuple[tuple[str, str, _Figure], ...]] = (
    ("上报数", "reported", lambda one: one.reported),
    ("未办结数", "open", lambda one: one.open),
    ("办结数", "closed", lambda one: one.closed),
    ("不予受理数", "rejected", lambda one: one.rejected),
    ("并案数", "merged", lambda one: one.merged),
    ("办结率（%）", "disposal rate, %", lambda one: _per_cent(one.disposal_rate)),
    ("超期数", "overdue", lambda one: one.overdue),
    ("当前超期数", "overdue now", lambda one: one.overdue_now),
    ("办理时长中位数（小时）", "median hours", lambda one: _rounded(one.median_hours)),
    (
        "办理时长中位数（工作小时）",
        "median working hours",
        lambda one: _rounded(one.median_working_hours),
    ),
    ("自行办结数", "solved here", lambda one: one.solved),
    ("自行办结占比（%）", "solved here, %", lambda one: _per_cent(one.solved_share)),
    ("吹哨及上交数", "escalated", lambda one: one.escalated),
    ("吹哨及上交占比（%）", "escalated, %", lambda one: _per_cent(one.escalated_share)),
    ("每千人上报数", "per 1,000 people", lambda one: _rounded(one.per_1000_people)),
    ("每平方公里上报数", "per km²", lambda one: _rounded(one.per_km2)),
)
_COMPARED: Final = (
    ("上报数", "reported"),
    ("办结数", "closed"),
    ("超期数", "overdue"),
    ("吹哨及上交数", "escalated"),
)


def statistics_table(found: EventStatistics, language: Language = "zh") -> FigureTable:
    """Return the table.

    Parameters
    ----------
    found : EventStatistics
        What was counted.
    language : str
        ``zh`` or ``en``: of headings and titles.
    """
    is_english = language == "en"
    header = ["code", "name"] if is_english else ["区域编码", "区域名称"]
    if found.by is not None:
        header += [_CODE[language], EventParting(found.by).titled(language)]
    header += [en if is_english else zh for zh, en, _ in _COLUMNS]
    if found.former_first is not None:
        for zh, en in _COMPARED:
            header += (
                [f"{en}, year before", f"{en}, change %"]
                if is_english
                else [f"上年同期{zh}", f"{zh}同比（%）"]
            )
    return FigureTable(_TITLE[language], header, [list(_cells(found, one, language)) for one in found.rows])


def _cells(found: EventStatistics, one: EventStatisticsRow, language: Language) -> Iterator[object]:
    is_english = language == "en"
    yield one.code or ""
    yield one.name if one.place == "area" else _PLACES[one.place][is_english]
    if found.by is not None and one.part is None:
        yield from ("", _ALL[language])
    elif one.part is not None:
        yield from (one.part.key or "", one.part.title_en if is_english else one.part.title_zh)
    for _, _, figure in _COLUMNS:
        yield figure(one.figures)
    if one.former is not None and one.change is not None:
        for _, name in _COMPARED:
            yield getattr(one.former, name)
            yield _rounded(getattr(one.change, name))
