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
    "per-1000-people": ("每千人警示", "Warning per 1,000"),
    "per-1000": ("每千人", "/1,000"),
    "view-count": ("{area}栋数", "Number by {area}"),
    "view-per-1000": ("每千人", "Per 1,000"),
    "no-population": ("无人口数", "no people on record"),
    "squares-note": (
        (
            "楼栋超过 {most} 栋，按 {cell} 米方格合计，"
            "各色面积与栋数成正比（警示至少可见），每一栋都计入；放大后逐栋显示警示楼栋"
        ),
        (
            "More than {most} buildings: added up in squares of {cell} m, ground in proportion to numbers "
            "(warning at least to be seen), every one counted; close up, each warning building by itself"
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
    # change from one day to another
    "risk-change-title": ("楼栋等级变化图", "Changes of building risk"),
    "changed-between": ("{first} 至 {last}", "{first} to {last}"),
    "change-of-class": ("等级变化", "Change of class"),
    "change-matrix": ("等级转移", "From class to class"),
    "change-matrix-remark": ("行 {first}，列 {last}", "down {first}, across {last}"),
    "from-to-class": ("原 \\ 现", "from \\ to"),
    "former-class": ("原等级", "Was"),
    "former-points": ("原分值", "Points before"),
    "became-warning": ("变为警示的楼栋", "Buildings that became warning ones"),
    "none-became": ("没有楼栋变为警示", "No building became a warning one"),
    "building": ("楼栋", "Building"),
    "view-balance": ("{area}净变化", "By {area}"),
    "balance": ("净变差", "Balance"),
    "balance-of-grid": ("各{area}净变差", "Balance per {area}"),
    "balance-remark": ("变差减变好，栋", "worse less better, buildings"),
    "and-more-balance": ("{low} 及以上", "{low} or more"),
    "and-less-balance": ("{low} 及以下", "{low} or less"),
    "warning-before": ("原警示", "Warning before"),
    "warning-after": ("现警示", "Warning after"),
    "change-note": (
        "等级按当日结束时最近一次评级",
        "Classes are those of the last rating by the end of each day",
    ),
    "no-class-note": (
        "未评级与未评定均计为无等级",
        "Buildings not rated by then, and the unclassified, have no class",
    ),
    "squares-change-note": (
        "楼栋超过 {most} 栋，按 {cell} 米方格合计，面积与栋数成正比；放大后逐栋显示变差和变好的",
        (
            "More than {most} buildings: added up in squares of {cell} m, ground in proportion to numbers; "
            "close up, those that changed by themselves"
        ),
    ),
    "table-became": ("变为警示", "Became warning"),
    # hot spots
    "hotspots-title": ("警示楼栋热点图", "Hot spots of building risk"),
    "view-hotspots": ("热点", "Hot spots"),
    "view-value": ("数值", "Values"),
    "hotspot-result": ("热点检验", "Test for hot spots"),
    "hotspot-ranking": ("按 Gi* 排名", "By Gi*"),
    "hotspot-value": ("数值", "Values"),
    "by-area": ("按{area}", "by {area}"),
    "cells-of": ("{side} 米方格", "cells of {side} m"),
    "cell": ("方格", "Cell"),
    "z-score": ("Gi* z 值", "Gi* z"),
    "warning-count": ("警示楼栋", "Warning"),
    "statistic-line": ("统计量：Getis-Ord Gi*，{measure}", "Statistic: Getis-Ord Gi* of the {measure}"),
    "weights-line": (
        "相邻：{contiguity}，含自身，二值权重",
        "Neighbours: {contiguity}, itself included, binary weights",
    ),
    "permutations-line": (
        "条件置换 {count} 次，双侧，随机种子 {seed}",
        "{count} conditional permutations, two-sided, seed {seed}",
    ),
    "fdr-line": (
        "错误发现率 {alpha}（Benjamini–Hochberg）：p ≤ {limit}",
        "False discovery rate {alpha} (Benjamini–Hochberg): p ≤ {limit}",
    ),
    "tests-line": (
        "检验 {tested} 个，保留 {kept} 个；不控制错误发现率则为 {alone} 个",
        "{tested} tests, {kept} kept; without control there would be {alone}",
    ),
    "untested-line": (
        "未检验 {count} 个：{why} {empty} 个，无相邻 {alone} 个",
        "{count} not tested: {why} {empty}, no neighbour {alone}",
    ),
    "coarse-line": (
        "置换偏少：要能单独保留一个，需约 {needed} 次",
        "Few permutations: to keep a single one takes about {needed}",
    ),
    "hotspot-note": (
        "热点：自身与相邻处的值高于随机分布；冷点相反",
        "Hot spot: higher values in it and around it than chance would give; cold spot: lower ones",
    ),
    "table-cells": ("方格", "Cells"),
}
