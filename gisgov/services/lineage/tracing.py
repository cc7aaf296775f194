"""Use case: an area with those before and after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import sqlalchemy as sa

from gisgov.errors import NotFoundError
from gisgov.services.lineage.reports import AreaLineage, HeldBy, LineageLink
from gisgov.services.lineage.retired import known_validities, refuse_several_layers, replacements
from gisgov.services.lineage.steps import Passage, Step, steps_of
from gisgov.store import plans
from gisgov.store.cells import names_of_areas
from gisgov.store.database import Database
from gisgov.store.reading import Validity

WORTH_TELLING: Final = 0.001
"""Several changes away, areas with less of the ground and the people of the one asked for are left out."""


def lineage_of(database: Database, code: str, *, layer: str | None = None, at: date) -> AreaLineage:
    """Return where an area comes from, and what became of it.

    Parameters
    ----------
    database : Database
        Where the plans are.
    code : str
        Code of an area that is, was or will be in force.
    layer : str, optional
        Its layer; needed where areas of several layers have had this code.
    at : datetime.date
        The day asked about.

    Raises
    ------
    NotFoundError
        There is no such layer, or no area of that code was ever published.
    InputError
        Areas of several layers have the code and ``layer`` does not say which is meant.
    """
    with database.begin() as connection:
        held = known_validities(connection, code, layer)
        holder = plans.find_plan(connection, _holder(held, code, layer, at).plan)
        steps = steps_of(connection, holder.layer)
        is_in_force = any(_holds_on(one, at) for one in held)
        has_ended = not is_in_force and holder.valid_to is not None and holder.valid_to <= at
        return AreaLineage(
            layer=holder.layer,
            code=code,
            name=names_of_areas(connection, [holder.id])[code],
            at=at,
            is_in_force=is_in_force,
            held_by=tuple(HeldBy(one.plan, one.valid_from, one.valid_to) for one in held),
            before=tuple(_links(connection, steps, (holder.id, code), back=True)),
            after=tuple(_links(connection, steps, (holder.id, code), back=False)),
            replaced_by=replacements(connection, steps, holder, code, at) if has_ended else (),
        )


def _holder(held: Sequence[Validity], code: str, layer: str | None, at: date) -> Validity:
    """Return the plan that has the area on a day, or else had it last, or else will have it first."""
    if not held:
        where = f" of layer {layer}" if layer else ""
        raise NotFoundError(f"No area {code!r}{where} was ever in force.", field="code")
    refuse_several_layers(code, held)
    begun = [one for one in held if one.valid_from <= at]
    return begun[-1] if begun else held[0]


def _holds_on(held: Validity, day: date) -> bool:
    return held.valid_from <= day and (held.valid_to is None or day < held.valid_to)


Area = tuple[int, str]
"""Id of a plan, and the code of an area of it."""


def _links(
    connection: sa.Connection, steps: Sequence[Step], area: Area, *, back: bool
) -> Iterator[LineageLink]:
    """Yield the links from an area on, change by change; each area is followed once."""
    seen, edge, generation = {area}, [(area, 1.0)], 1
    while edge:
        further: list[tuple[Area, float]] = []
        for near, share in edge:
            for step, passage in _passages_at(connection, steps, near, back=back):
                part = share * _larger(passage, back=back)
                if part >= WORTH_TELLING:
                    yield _link(step, passage, generation)
                    further += [(far, part) for far in _far_side(passage, back=back) if far not in seen]
                    seen.update(far for far, _ in further)
        edge, generation = further, generation + 1


def _passages_at(
    connection: sa.Connection, steps: Sequence[Step], near: Area, *, back: bool
) -> Iterator[tuple[Step, Passage]]:
    for step in steps:
        if near[0] in {one.id for one in (step.laters if back else step.formers)}:
            passages = [one for one in step.passages(connection) if near in _far_side(one, back=not back)]
            # halves of the same are measured apart by less than a millionth
            shares = [(-round(_larger(one, back=back), 6), i) for i, one in enumerate(passages)]
            yield from ((step, passages[i]) for _, i in sorted(shares))


def _far_side(passage: Passage, *, back: bool) -> list[Area]:
    """Return the area on the earlier or the later side of a passage, if there is one."""
    plan = passage.former_plan if back else passage.plan
    code = passage.row.former_code if back else passage.row.code
    return [] if plan is None or code is None else [(plan.id, code)]


def _larger(passage: Passage, *, back: bool) -> float:
    """Return what the other side has of an area, in ground or in people, whichever is more."""
    row = passage.row
    ground, people = (
        (row.ground_share, row.people_share) if back else (row.former_ground_share, row.former_people_share)
    )
    return max(ground, people or 0.0)


def _link(step: Step, passage: Passage, generation: int) -> LineageLink:
    row, former, plan = passage.row, passage.former_plan, passage.plan
    return LineageLink(
        generation=generation,
        day=step.day,
        former_code=row.former_code,
        former_name=passage.former_name,
        former_plan=None if former is None else former.name,
        code=row.code,
        name=passage.name,
        plan=None if plan is None else plan.name,
        origin=row.origin,
        ground_share=row.ground_share,
        people_share=row.people_share,
        former_ground_share=row.former_ground_share,
        former_people_share=row.former_people_share,
    )
