"""What is in force on the ground of an area that is in force no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import sqlalchemy as sa

from gisgov.errors import AreaRetired, InputError
from gisgov.services.comparing import lineage_rows, overlaps_between
from gisgov.services.lineage.reports import Replacement
from gisgov.services.lineage.steps import Step, steps_of
from gisgov.store import plans
from gisgov.store.cells import names_of_areas
from gisgov.store.layers import find_layer
from gisgov.store.plans import StoredPlan
from gisgov.store.reading import Validity, validities_of_code


def known_validities(connection: sa.Connection, code: str, layer: str | None) -> list[Validity]:
    """Return the plans that have a code, in time, without those that were never in force.

    Raises
    ------
    NotFoundError
        There is no such layer.
    """
    if layer is not None:
        find_layer(connection, layer)
    known = validities_of_code(connection, code)
    return [one for one in known if layer in (None, one.layer) and one.valid_to != one.valid_from]


def refuse_several_layers(code: str, held: Sequence[Validity]) -> None:
    """Refuse a code that areas of several layers have had.

    Raises
    ------
    InputError
        It says which layers.
    """
    layers = sorted({one.layer for one in held})
    if len(layers) > 1:
        raise InputError(
            f"Areas of several layers have had the code {code!r}.",
            hint=f"Say which is meant by layer={' or layer='.join(layers)}.",
            field="layer",
        )


def refuse_retired(connection: sa.Connection, code: str, layer: str | None, day: date) -> None:
    """Refuse a code whose area was in force before a day and is not on it, with what replaced it.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    code : str
        Code that no area in force on the day has.
    layer : str, optional
        Its layer; needed where areas of several layers had the code.
    day : datetime.date
        The day asked about.

    Raises
    ------
    AreaRetired
        It was; ``replaced_by`` has the areas in force on its ground, as documents.
    InputError
        Areas of several layers had the code and ``layer`` does not say which is meant.
    NotFoundError
        There is no such layer.
    """
    known = known_validities(connection, code, layer)
    ended = [one for one in known if one.valid_to is not None and one.valid_to <= day]
    if not ended:
        return
    refuse_several_layers(code, ended)
    holder = plans.find_plan(connection, ended[-1].plan)
    found = replacements(connection, steps_of(connection, holder.layer), holder, code, day)
    told = ", ".join(f"{one.code} {one.name} ({one.ground_share:.1%})" for one in found)
    raise AreaRetired(
        f"Area {code!r} of layer {holder.layer} was in force until {holder.valid_to}, and is not on {day}.",
        replaced_by=[asdict(one) for one in found],
        hint=f"Its ground is that of {told}." if told else "No area has its ground on that day.",
        field="code",
    )


def replacements(
    connection: sa.Connection, steps: Sequence[Step], holder: StoredPlan, code: str, day: date
) -> tuple[Replacement, ...]:
    """Return the areas in force on a day on the ground of an area, the largest share of it first.

    Where several plans lie between, the two are laid over each other directly: shares of shares would not
    be exact.
    """
    in_force = plans.all_plans(connection, layer_name=holder.layer, at=day)
    ids = {one.id for one in in_force}
    step = next((one for one in steps if holder.id in {each.id for each in one.formers}), None)
    if step is not None and {one.id for one in step.laters} <= ids:
        rows = [one.row for one in step.passages(connection)]
    else:
        rows = list(lineage_rows(overlaps_between(connection, [holder], in_force))) if in_force else []
    names = {one.name: names_of_areas(connection, [one.id]) for one in in_force}
    found = [
        Replacement(
            code=row.code,
            name=names[plan][row.code],
            plan=plan,
            origin=row.origin,
            ground_share=row.former_ground_share,
            people_share=row.former_people_share,
        )
        for row in rows
        if row.former_code == code and row.code is not None
        for plan in [next(one for one in names if row.code in names[one])]
    ]
    # equal halves are measured apart by less than a millionth
    return tuple(sorted(found, key=lambda one: (-round(one.ground_share, 6), one.code)))
