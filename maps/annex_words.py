"""Every word of a printed annex, in Chinese and in English."""

from __future__ import annotations

from datetime import date
from typing import Final

from gisgov.governance.titles import Language

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("{layer}划分方案附件", "Annex: {layer} division"),
    "subtitle": ("分布图与四至一览表", "Maps and table of bounds"),
    "plan": ("方案", "Plan"),
    "layer": ("网层", "Layer"),
    "scope": ("范围", "Ground"),
    "all-scope": ("全部", "all of the layer"),
    "status": ("状态", "Status"),
    "draft": ("草案，未公布", "draft, not published"),
    "published": ("已公布", "published"),
    "retired": ("已废止", "retired"),
    "decision": ("依据", "Decision"),
    "decided-on": ("决定日期", "Decided on"),
    "valid-from": ("生效日期", "In force from"),
    "valid-to": ("有效至", "Until"),
    "open": ("长期", "open end"),
    "not-known": ("—", "—"),
    "areas": ("{layer}数", "Areas"),
    "population": ("人口", "Population"),
    "households": ("户数", "Households"),
    "posts": ("岗位", "Posts"),
    "area-km2": ("面积（km²）", "Area (km²)"),
    "number": ("序号", "No."),
    "code": ("编码", "Code"),
    "name": ("名称", "Name"),
    "bounds": ("四至", "Bounds"),
    "total": ("合计", "Total"),
    "subtotal": ("小计（{count}）", "Subtotal ({count})"),
    "overview": ("图 1　总图", "Sheet 1: overview"),
    "without-parent": ("未归属", "In no area above"),
    "table": ("四至一览表", "Table of bounds"),
    "see-table": ("其余见一览表", "the others are in the table"),
    "sheet-of": ("图 {number}", "Sheet {number}"),
    "page-of": ("第 {page} 页，共 {pages} 页", "page {page} of {pages}"),
    "printed-on": ("打印日期 {day}", "printed on {day}"),
    "measured-in": ("面积按 {crs} 量算，保留三位小数，合计为表列数之和。",
                    "Areas are measured in {crs} and rounded; totals are sums of the figures listed."),
    "bounds-note": ("四至依次为东、南、西、北；取路名，无路名处取相邻区域名。",
                    "Bounds are told by streets; where none has a name, by the area beyond."),
    "number-note": ("图上编号即一览表序号。", "Numbers on the maps are those of the table."),
    "north": ("北", "N"),
}  # fmt: skip


class AnnexWords:
    """The words of one language.

    Examples
    --------
    >>> AnnexWords("en")("page-of", page=2, pages=3)
    'page 2 of 3'
    """

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._place = 0 if language == "zh" else 1

    def __call__(self, key: str, **values: object) -> str:
        """Return a word, its braces filled with ``values``."""
        return WORDS[key][self._place].format(**values)

    def day(self, day: date | None, *, otherwise: str = "not-known") -> str:
        """Return a day as people write it.

        Examples
        --------
        >>> AnnexWords("zh").day(date(2026, 3, 1))
        '2026年3月1日'
        """
        if day is None:
            return self(otherwise)
        return f"{day.year}年{day.month}月{day.day}日" if self.language == "zh" else day.isoformat()

    def count(self, value: int | None) -> str:
        """Return a count with separators; a dash where it is not known."""
        return self("not-known") if value is None else f"{value:,}"
