"""Use cases: find the gaps, overlaps and other defects of a plan, or of a file without any database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError, NotFoundError
from gisgov.geometry.crs import WGS84, parse_crs
from gisgov.geometry.snap import snap
from gisgov.governance.layers import LayerKind, Nesting
from gisgov.services.defect_layers import defects_frame, write_defects
from gisgov.services.defect_reports import CheckReport, DefectInfo
from gisgov.services.examining import AskedCoverage, Examination
from gisgov.services.file_checks import check_file
from gisgov.services.ground_files import GroundFile, ground_of_file
from gisgov.services.point_files import PointFile, read_point_file
from gisgov.services.tolerances import ToleranceChoice, usual_tolerances
from gisgov.store.areas import Ground, ground_in_force
from gisgov.store.database import Database
from gisgov.store.grounds import StoredGround, ground_of_plan
from gisgov.store.layers import StoredLayer, all_layers
from gisgov.store.plans import StoredPlan, find_plan
from gisgov.types import Ints, Progress, Texts, silent

__all__ = [
    "CheckReport",
    "DefectInfo",
    "GroundFile",
    "ToleranceChoice",
    "check_file",
    "check_plan",
    "check_stored",
    "defects_frame",
    "write_defects",
]


@dataclass(frozen=True, slots=True, eq=False)
class _Scope:
    geometry: shapely.Geometry | None
    words: str


def check_plan(
    database: Database,
    name: str,
    *,
    at: date | None = None,
    today: date | None = None,
    scope: GroundFile | str | None = None,
    tolerances: ToleranceChoice | None = None,
    points: Sequence[PointFile] = (),
    progress: Progress = silent,
) -> CheckReport:
    """Find the defects of a plan, in the coordinates that are stored.

    Parameters
    ----------
    database : Database
        Where it is.
    name : str
        The plan.
    at : datetime.date, optional
        Its parents are those in force on this day. By default the day on which the plan came into force;
        ``today`` for a draft.
    today : datetime.date, optional
        By default what the database's clock says.
    scope : GroundFile or str, optional
        What it is to cover: an outline from a file, or the code of an area of a layer above. By default
        the plan's own scope: its outline, else the area its scope code names, else all ground of the layer
        above, else nothing, so that only gaps which its areas enclose are found.
    tolerances : ToleranceChoice, optional
        What is narrow or small; by default what is usual for the coordinates that are stored.
    points : sequence of PointFile, optional
        Points that are to lie in exactly one of the areas each.
    progress : Progress
        Told how the check advances.

    Returns
    -------
    CheckReport
        What was found.

    Raises
    ------
    NotFoundError
        There is no such plan, or no area of that scope code.
    InputError
        The plan has no areas, the scope cannot be used, or a tolerance is negative.
    FileError, CrsError, CoordinateError
        The scope or the points of a file cannot be read.
    """
    given = [read_point_file(file, WGS84, as_drawn=False) for file in points]
    with database.begin() as connection:
        plan = find_plan(connection, name)
        day = at or plan.valid_from or today
        day = day or connection.scalars(sa.select(sa.func.current_date())).one()
        asked = ask_stored(connection, plan, day=day, scope=scope, tolerances=tolerances)
    return asked.report(progress, given)


def check_stored(
    connection: sa.Connection,
    plan: StoredPlan,
    *,
    day: date,
    scope: GroundFile | str | None = None,
    tolerances: ToleranceChoice | None = None,
    progress: Progress = silent,
) -> CheckReport:
    """Find the defects of a plan inside a transaction; see `check_plan`."""
    return ask_stored(connection, plan, day=day, scope=scope, tolerances=tolerances).report(progress)


def ask_stored(
    connection: sa.Connection,
    plan: StoredPlan,
    *,
    day: date,
    scope: GroundFile | str | None = None,
    tolerances: ToleranceChoice | None = None,
) -> AskedCoverage:
    """Return a plan and what it is held against inside a transaction, to be checked; see `check_plan`."""
    ground = ground_of_plan(connection, plan.id)
    if not len(ground):
        raise InputError(f"Plan {plan.name!r} has no areas.", hint="Import them first.", field="plan")
    layers = {layer.name: layer for layer in all_layers(connection)}
    layer = layers[plan.layer]
    above = _ancestors(layers, layer)
    grounds = {one.name: ground_in_force(connection, one.id, day) for one in above}
    covered = _scope(plan, above, grounds, scope, day)
    parents, parent_of = None, None
    if layer.nesting == Nesting.NESTED and len(grounds[above[0].name].codes):
        parents = grounds[above[0].name].geometries
        parent_of = _numbers(ground, grounds[above[0].name].codes)
    return AskedCoverage(
        Examination(
            areas=ground.wkb,
            labels=ground.codes.tolist(),
            system=WGS84,
            working=parse_crs(plan.working_crs),
            tolerances=(tolerances or ToleranceChoice()).over(usual_tolerances(WGS84)),
            must_cover=layer.kind == LayerKind.PARTITION,
            scope=covered.geometry,
            parents=parents,
            parent_of=parent_of,
        ),
        subject=plan.name,
        layer=plan.layer,
        scope=covered.words,
        parents=None if parents is None else f"layer {above[0].name} on {day}",
    )


def _ancestors(layers: dict[str, StoredLayer], layer: StoredLayer) -> list[StoredLayer]:
    """Return the layers above, the nearest first."""
    above: list[StoredLayer] = []
    while layer.parent is not None:
        layer = layers[layer.parent]
        above.append(layer)
    return above


def _scope(
    plan: StoredPlan,
    above: list[StoredLayer],
    grounds: dict[str, Ground],
    wanted: GroundFile | str | None,
    day: date,
) -> _Scope:
    if isinstance(wanted, GroundFile):
        outline = snap(np.array([ground_of_file(wanted, WGS84)], dtype=object))[0]
        return _Scope(outline, wanted.words)
    if wanted is None and plan.scope is not None:
        return _Scope(plan.scope, "outline of the plan")
    code = wanted or plan.scope_code
    if code:
        for layer in above:
            ground = grounds[layer.name]
            of_code = ground.geometries[ground.codes == code]
            if len(of_code):
                return _Scope(shapely.union_all(of_code), f"area {code} of layer {layer.name} on {day}")
        if wanted:
            raise NotFoundError(
                f"No area {code} of a layer above {plan.layer!r} is in force on {day}.", field="scope"
            )
    elif above and len(grounds[above[0].name].codes):
        whole = shapely.union_all(grounds[above[0].name].geometries)
        return _Scope(whole, f"all of layer {above[0].name} on {day}")
    return _Scope(None, "none: gaps are those that the areas enclose")


def _numbers(ground: StoredGround, codes: Texts) -> Ints:
    """Return for each area the number of its one parent, −1 where it has none that is in force."""
    number = {code: i for i, code in enumerate(codes)}
    named = [parents[0] if len(parents) == 1 else None for parents in ground.parent_codes]
    return np.array([number.get(code, -1) for code in named], dtype=np.int64)
