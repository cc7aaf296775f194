"""Words of the maps of building risk, in Chinese and in English."""

from __future__ import annotations

from typing import Final

RISK_WORDS: Final[dict[str, tuple[str, str]]] = {
    "buildings": ("楼栋", "Buildings"),
    "building-class": ("楼栋等级", "Class"),
    "view-buildings": ("楼栋", "Buildings"),
    "view-share": ("{area}占比", "Share by {area}"),
    "view-heat": ("热力", "Heat"),
    "warning-share": ("警示占比", "Share"),
    "warning-share-of-grid": ("各{area}警示楼栋占比", "Share of warning buildings per {area}"),
    "warning-count-of-grid": ("各{area}警示楼栋数", "Warning buildings per {area}"),
    "warning-per-1000-of-grid": (
        "各{area}每千人警示楼栋数",
        "Warning buildings per 1,000 people, per {area}",
    ),
    "per-1000": ("每千人", "Per 1,000"),
    "view-count": ("{area}栋数", "Number by {area}"),
    "view-per-1000": ("每千人", "Per 1,000"),
    "no-population": ("无人口数", "no people on record"),
    "squares-note": (
        (
            "楼栋超过 {most} 栋，按 {cell} 米方格合计，"
            "各色面积与栋数成正比，每一栋都计入；放大后逐栋显示警示楼栋"
        ),
        (
            "More than {most} buildings: added up in squares of {cell} m, ground in proportion to numbers, "
            "every one counted; close up, each warning building by itself"
        ),
    ),
    "bare-warnings-note": (
        "警示楼栋超过 {most} 栋，逐栋显示位置，不带说明",
        "More than {most} warning buildings: each has its place, without further words.",
    ),
    "stands-for": ("栋数", "Buildings"),
    "cell-total": ("方格内楼栋", "Buildings in the square"),
    "rated-by": ("评级截至 {day}", "as rated by {day}"),
    "warning-heat": ("警示楼栋密度", "Density of warning buildings"),
    "buildings-per-km2": ("栋/km²", "per km²"),
    "grid-ranking": ("{area}排名", "{Area} ranking"),
    "no-building": ("无楼栋", "no building"),
    "points": ("分值", "Points"),
    "reasons": ("依据", "Because"),
    "use": ("用途", "Use"),
    "floors": ("层数", "Floors"),
    "built": ("建成", "Built"),
    "between-reasons": ("；", "; "),
    "rated-on": ("最近评级 {day}", "last rated on {day}"),
    "classed-by": ("分级方法：{method}，{count} 级", "Classes: {method}, {count}"),
}
