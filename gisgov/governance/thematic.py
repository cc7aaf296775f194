"""Words of thematic maps of risk: measures, ways to class them, changes from day to day, hot spots."""

from __future__ import annotations

from gisgov.governance.titles import Titled


class RiskMeasure(Titled):
    """By what number of its warning buildings an area is coloured."""

    SHARE = "share", "警示占比", "share of warning buildings"
    COUNT = "count", "警示栋数", "warning buildings"
    PER_1000 = "per-1000", "每千人警示栋数", "warning buildings per 1,000 people"


class ClassingMethod(Titled):
    """How values are parted into the classes of a legend."""

    ROUNDED = "rounded", "自然断点取整", "natural breaks at round numbers"
    NATURAL = "natural", "自然断点", "natural breaks"
    QUANTILE = "quantile", "等量分级", "quantiles"
    EQUAL = "equal", "等距分级", "equal intervals"
    MANUAL = "manual", "自定义分级", "limits as given"


class RatingChange(Titled):
    """What became of the class of a building from one day to another."""

    WORSE = "worse", "变差", "Worse"
    BETTER = "better", "变好", "Better"
    NEW = "new", "新评级", "Newly rated"
    SAME = "same", "不变", "Unchanged"
    NONE = "none", "无等级", "No class"


class HotspotResult(Titled):
    """What a test says of an area or a cell and what lies around it."""

    HOT = "hot", "热点", "Hot spot"
    COLD = "cold", "冷点", "Cold spot"
    NONE = "none", "不显著", "Not significant"
    UNTESTED = "untested", "未检验", "Not tested"


class HotspotUnit(Titled):
    """What is tested for hot spots."""

    AREAS = "areas", "区域", "areas"
    CELLS = "cells", "方格", "square cells"


class Contiguity(Titled):
    """Which areas or cells are neighbours: those with a common side, or also those that meet in a corner."""

    ROOK = "rook", "共边", "sides"
    QUEEN = "queen", "共边或共点", "sides and corners"
