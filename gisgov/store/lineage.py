"""Where areas come from, as publishing wrote it down: one row for each pair of areas with common ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from gisgov.store.tables import area_lineage


@dataclass(frozen=True, slots=True)
class LineageRow:
    """Ground that an area took over from a former one.

    Attributes
    ----------
    code : str or None
        The area; None for ground of the former area that no area has now.
    former_code : str or None
        The former area; None for ground that none had.
    origin : str
        What the area is, a word of `gisgov.governance.lineage.AreaOrigin`; ``gone`` without an area.
    ground_share, people_share : float
        How much of the area came from the former one; people None where nobody lives in it.
    former_ground_share, former_people_share : float
        How much of the former area went to this one.
    """

    code: str | None
    former_code: str | None
    origin: str
    ground_share: float
    people_share: float | None
    former_ground_share: float
    former_people_share: float | None


def put_lineage(
    connection: sa.Connection, plan_id: int, former_plan_id: int, rows: Sequence[LineageRow]
) -> None:
    """Write where the areas of a plan come from, seen from one former plan; the service alone may."""
    values = [{**asdict(row), "plan_id": plan_id, "former_plan_id": former_plan_id} for row in rows]
    if values:
        connection.execute(sa.insert(area_lineage), values)


def forget_lineage(connection: sa.Connection, plan_id: int, former_plan_id: int) -> bool:
    """Take back what was written of two plans, and say whether anything was."""
    of_both = (area_lineage.c.plan_id == plan_id, area_lineage.c.former_plan_id == former_plan_id)
    return bool(connection.execute(sa.delete(area_lineage).where(*of_both)).rowcount)


def lineage_between(
    connection: sa.Connection, plan_id: int, former_plan_id: int
) -> tuple[LineageRow, ...] | None:
    """Return what was written of two plans; None where nothing was."""
    columns = area_lineage.c
    names = LineageRow.__dataclass_fields__
    query = sa.select(*(columns[name] for name in names)).where(
        columns.plan_id == plan_id, columns.former_plan_id == former_plan_id
    )
    rows = connection.execute(query.order_by(columns.id)).mappings().all()
    return tuple(LineageRow(**row) for row in rows) if rows else None
