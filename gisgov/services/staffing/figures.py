"""Use case: how many posts each area of a layer needs on a day, has filled and lacks, by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from gisgov.governance.staff_posts import RoleStanding, filled_share, standings
from gisgov.governance.staffing import StaffingFormula
from gisgov.governance.titles import Language
from gisgov.services.staffing.vacancies import tenures_of
from gisgov.services.statistics.figure_tables import FigureTable
from gisgov.store import staff
from gisgov.store.database import Database
from gisgov.store.layers import find_layer

_HEADER: Final = {
    "zh": ("区域编码", "区域名称", "应配", "在岗", "空缺", "超配", "到岗率（%）"),
    "en": ("code", "name", "needed", "filled", "vacant", "beyond", "filled, %"),
}
_OF_ROLE: Final = {
    "zh": ("应配", "在岗", "代理", "空缺", "超配"),
    "en": ("needed", "held", "acting", "vacant", "beyond"),
}
_ALL: Final = {"zh": "合计", "en": "all"}
_TITLE: Final = {"zh": "岗位配备", "en": "Posts"}


@dataclass(frozen=True, slots=True)
class AreaPosts:
    """The posts of one area on a day.

    Attributes
    ----------
    code, name, plan : str
        The area.
    needed : int
        Posts that the formula asks for.
    missing, surplus : int
        Those of them that are vacant; posts beyond the formula.
    roles : tuple of RoleStanding
        By role: those of the formula in its order, then others that are filled.
    """

    code: str
    name: str
    plan: str
    needed: int
    missing: int
    surplus: int
    roles: tuple[RoleStanding, ...]

    @property
    def filled(self) -> int:
        """Posts that the formula asks for and that are filled."""
        return self.needed - self.missing


@dataclass(frozen=True, slots=True)
class LayerPosts:
    """The posts of all areas of a layer on a day.

    Attributes
    ----------
    layer : str
        Its name.
    at : datetime.date
        The day.
    formula : str or None
        The posts that each area should have; None: the layer has no formula, and ``areas`` is empty.
    roles : tuple of str
        The roles that the formula asks for at least one post of, in its order.
    areas : tuple of AreaPosts
        By code.
    """

    layer: str
    at: date
    formula: str | None
    roles: tuple[str, ...]
    areas: tuple[AreaPosts, ...]


def layer_posts(database: Database, layer: str, *, at: date) -> LayerPosts:
    """Hold the posts of all areas of a layer on a day against its formula, those that keep it too.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    with database.begin() as connection:
        found = find_layer(connection, layer)
        if found.staffing is None:
            return LayerPosts(found.name, at, None, (), ())
        areas = staff.areas_served(connection, found.id, day=at)
        tenures = tenures_of(staff.posts_of_layer(connection, found.id))
    formula = StaffingFormula.parse(found.staffing)
    told = []
    for area in areas:
        roles = standings(formula, tenures.get(area.code, ()), at)
        needed, missing, surplus = (
            sum(getattr(one, name) for one in roles) for name in ("least", "missing", "surplus")
        )
        told.append(AreaPosts(area.code, area.name, area.plan, needed, missing, surplus, roles))
    asked = tuple(term.role for term in formula.terms if term.least)
    return LayerPosts(found.name, at, str(formula), asked, tuple(told))


def posts_frame(found: LayerPosts) -> pd.DataFrame:
    """Return the posts as a map draws them.

    Returns
    -------
    pandas.DataFrame
        By area: code, needed, filled, missing, surplus, filled_share (0..1, NaN where nobody is needed), and
        for each of ``found.roles`` by its place ``needed_0``, ``missing_0`` and so on.
    """
    rows = []
    for area in found.areas:
        standing = {one.role: one for one in area.roles}
        own = [standing[role] for role in found.roles]
        rows.append(
            [
                *(area.code, area.needed, area.filled, area.missing, area.surplus),
                filled_share(area.needed, area.missing),
                *(count for one in own for count in (one.least, one.missing)),
            ]
        )
    names = ["code", "needed", "filled", "missing", "surplus", "filled_share"]
    names += [f"{name}_{place}" for place in range(len(found.roles)) for name in ("needed", "missing")]
    frame = pd.DataFrame(rows, columns=names)
    frame["filled_share"] = frame["filled_share"].astype(float)
    return frame


def posts_table(found: LayerPosts, language: Language = "zh") -> FigureTable:
    """Return the table of all areas, with a row of their sums."""
    # roles of the formula stand first in each area; others follow as they are met
    roles = list(dict.fromkeys(one.role for area in found.areas for one in area.roles))
    header = [*_HEADER[language]]
    for role in roles:
        header += [
            f"{role}：{name}" if language == "zh" else f"{role}: {name}" for name in _OF_ROLE[language]
        ]
    rows = [[area.code, area.name, *_cells([area], roles)] for area in found.areas]
    rows.append(["", _ALL[language], *_cells(found.areas, roles)])
    return FigureTable(_TITLE[language], header, rows)


def _cells(areas: Sequence[AreaPosts], roles: Sequence[str]) -> list[object]:
    needed, missing = sum(one.needed for one in areas), sum(one.missing for one in areas)
    share = filled_share(needed, missing)
    surplus = sum(one.surplus for one in areas)
    cells: list[object] = [needed, needed - missing, missing, surplus]
    cells.append(None if share is None else round(share * 100, 2))
    for role in roles:
        own = [one for area in areas for one in area.roles if one.role == role]
        cells += [
            sum(getattr(one, name) for one in own)
            for name in ("least", "filled", "acting", "missing", "surplus")
        ]
    return cells
