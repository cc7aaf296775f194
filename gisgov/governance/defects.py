"""Defects and decisions about them as people meet them: their titles and colours, in one place.

Pages, printed sheets and GeoPackages take them from here, so that a kind looks the same wherever it is drawn.
The colours are told apart by the colour-blind too (held by tests/maps/test_palette.py).
"""

from __future__ import annotations

from gisgov.governance.titles import Titled


class DefectTitle(Titled):
    """Kinds of defect, in the order of legends."""

    GAP = "gap", "空白", "Gap"
    OVERLAP = "overlap", "重叠", "Overlap"
    DUPLICATE = "duplicate", "重复区域", "Duplicate"
    CONTAINED = "contained", "包含于另一区域", "Contained"
    OUTSIDE = "outside", "超出范围", "Outside scope"
    SLIVER = "sliver", "细缝", "Sliver"
    CROSSES_PARENT = "crosses-parent", "跨上级边界", "Crosses parent"
    INVALID_RING = "invalid-ring", "图形无效", "Invalid ring"
    SEVERAL_PARTS = "several-parts", "多个部分", "Several parts"
    VERTEX_MISMATCH = "vertex-mismatch", "顶点不一致", "Vertex mismatch"
    MISSING_PARENT = "missing-parent", "缺上级", "No parent"
    ORPHAN = "orphan", "无归属的点", "Point in no area"
    IN_SEVERAL_AREAS = "in-several-areas", "属于多个区域的点", "Point in several areas"


class DecisionTitle(Titled):
    """Decisions of a repair, in the order of legends."""

    GIVE = "give", "划归", "Give"
    CLIP = "clip", "裁去", "Clip"
    NODE = "node", "对齐顶点", "Match vertices"
    REBUILD = "rebuild", "重建图形", "Rebuild"
    DROP = "drop", "撤销区域", "Drop area"
    LEAVE = "leave", "不处理", "Leave"


DEFECT_COLOURS: dict[str, str] = {
    DefectTitle.GAP: "#1f5f99",
    DefectTitle.OVERLAP: "#7b0d33",
    DefectTitle.DUPLICATE: "#25104f",
    DefectTitle.CONTAINED: "#a63de8",
    DefectTitle.OUTSIDE: "#e08e0b",
    DefectTitle.SLIVER: "#c41a1a",
    DefectTitle.CROSSES_PARENT: "#a393d6",
    DefectTitle.INVALID_RING: "#6b6b6b",
    DefectTitle.SEVERAL_PARTS: "#2a9d8f",
    DefectTitle.VERTEX_MISMATCH: "#a5db95",
    DefectTitle.MISSING_PARENT: "#f0e065",
    DefectTitle.ORPHAN: "#3c0cfc",
    DefectTitle.IN_SEVERAL_AREAS: "#b28559",
}

DECISION_COLOURS: dict[str, str] = {
    DecisionTitle.GIVE: "#1f5f99",
    DecisionTitle.CLIP: "#e08e0b",
    DecisionTitle.NODE: "#a5db95",
    DecisionTitle.REBUILD: "#2a9d8f",
    DecisionTitle.DROP: "#7b0d33",
    DecisionTitle.LEAVE: "#6b6b6b",
}

OTHER_COLOUR = "#dcd6c9"
"""Of kinds and decisions that are not listed here."""
