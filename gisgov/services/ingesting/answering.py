"""What is answered about items that were taken in or refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from gisgov.services.ingesting.judging import Judged
from gisgov.services.ingesting.reports import (
    DeskGiven,
    DeskNear,
    Ingested,
    ItemFault,
    ItemResult,
)
from gisgov.services.ingesting.taking import Taken
from gisgov.services.routing import Desk, NearArea
from gisgov.store.ingesting import Key


def answer(items: Sequence[Judged], taken: Mapping[Key, Taken]) -> Ingested:
    """Tell what became of each item, in the order in which they came.

    An item that says the same as an earlier one of its batch is known by then.
    """
    results = tuple(_result(item, None if item.faults else taken[item.key]) for item in items)
    counts = Counter(one.outcome for one in results)
    return Ingested(
        len(results), counts["created"], counts["known"], counts["updated"], counts["refused"], results
    )


def _result(item: Judged, told: Taken | None) -> ItemResult:
    left_out = () if item.report is None else item.report.left_out
    persons = tuple(f"/{item.index}/attributes{pointer}" for pointer in left_out)
    if told is None:
        faults = tuple(ItemFault(f"/{item.index}{one.pointer}", one.reason) for one in item.faults)
        return ItemResult(
            item.index,
            "refused",
            item.source,
            item.external_id,
            crs=item.crs,
            faults=faults,
            left_out=persons,
        )
    if not told.is_own:
        return ItemResult(item.index, "known", item.source, item.external_id, crs=item.crs, left_out=persons)
    is_again = told.item is not item
    return ItemResult(
        item.index,
        "known" if is_again else told.outcome,
        item.source,
        item.external_id,
        told.event_id,
        told.state,
        told.item.level,
        None if told.item.item is None else told.item.item.code,
        item.crs,
        None if is_again or told.desk is None else _desk(told.desk),
        left_out=persons,
    )


def _desk(desk: Desk) -> DeskGiven:
    return DeskGiven(
        kind=desk.kind.value,
        layer=desk.layer,
        code=desk.area_code,
        name=desk.area_name,
        department=desk.department_code,
        posts=desk.posts,
        neighbours=_near(desk.neighbours),
        above=tuple(one.code for one in desk.above),
        exception=desk.exception,
        nearest=_near(desk.nearest),
    )


def _near(areas: Iterable[NearArea]) -> tuple[DeskNear, ...]:
    return tuple(DeskNear(one.layer, one.code, one.name, one.distance_m) for one in areas)
