"""Use case: check all layers in force on a day against each other, and events and buildings against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.geometry.crs import WGS84, parse_crs
from gisgov.governance.layers import LayerKind, Nesting
from gisgov.services.defect_reports import CheckReport, numbered_through
from gisgov.services.examining import Examination, examine
from gisgov.services.point_checks import PartitionAreas, PointSet, hold_points
from gisgov.services.point_files import PointFile, read_point_file
from gisgov.services.tolerances import ToleranceChoice, usual_tolerances
from gisgov.services.tree_reports import TreeReport
from gisgov.store.database import Database
from gisgov.store.grounds import StoredGround, ground_of_layer
from gisgov.store.layers import StoredLayer, all_layers, find_layer
from gisgov.store.points import PointSubject, placed_points
from gisgov.types import Geometries, Ints, Progress, silent

_MESSAGES = {"no-coordinate": "has no coordinate", "bad-coordinate": "has a coordinate that cannot be used"}
_SUBJECTS: tuple[PointSubject, ...] = ("buildings", "events")


def check_tree(
    database: Database,
    *,
    layer: str | None = None,
    at: date,
    points: Sequence[PointFile] = (),
    tolerances: ToleranceChoice | None = None,
    progress: Progress = silent,
) -> TreeReport:
    """Check what is in force on a day, layer by layer from the top down.

    Each layer is checked as a whole, all its plans together: against the ground of the nearest layer above
    that has plans in force (for the topmost one, the outlines of its plans), and, where it is nested, each
    area against its parent. Every event and building is held against every partition layer.

    Parameters
    ----------
    database : Database
        Where they are.
    layer : str, optional
        Only this layer with those above and below it; by default all.
    at : datetime.date
        The day.
    points : sequence of PointFile, optional
        Further points that are to lie in exactly one area of each partition layer.
    tolerances : ToleranceChoice, optional
        What is narrow or small; by default what is usual for the coordinates that are stored.
    progress : Progress
        Told how the check advances.

    Returns
    -------
    TreeReport
        Defects and points at fault are numbered through.

    Raises
    ------
    NotFoundError
        There is no such layer.
    InputError
        Nothing is in force on that day, or a tolerance is negative.
    FileError, CrsError, CoordinateError
        The points of a file cannot be read.
    """
    given = [read_point_file(file, WGS84, as_drawn=False) for file in points]
    with database.begin() as connection:
        if layer is not None:
            find_layer(connection, layer)
        chosen = _in_tree({one.name: one for one in all_layers(connection)}, layer)
        grounds = {one.name: ground_of_layer(connection, one.id, at) for one in chosen}
        stored = [_stored_points(connection, subject) for subject in _SUBJECTS]
    levels = _levels(chosen, grounds)
    if not levels:
        raise InputError(
            f"Nothing is in force on {at}.", hint="Name another day with --at, or publish a plan.", field="at"
        )
    choice = tolerances or ToleranceChoice()
    reports = numbered_through(
        _check_level(level, at, choice, progress) for level in progress(levels, label="check layers")
    )
    held = hold_points(
        [*(subject for subject in stored if len(subject)), *given],
        [level.areas for level in levels if level.layer.kind == LayerKind.PARTITION],
        first=1 + sum(len(report.defects) for report in reports),
    )
    return TreeReport(
        at=at,
        layers=reports,
        not_in_force=tuple(one.name for one in chosen if not len(grounds[one.name])),
        points=held,
        clean=all(report.clean for report in reports) and all(points.clean for points in held),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """A layer in force, with the layer that it lies in and what that covers."""

    layer: StoredLayer
    ground: StoredGround
    above: StoredLayer | None
    hosts: StoredGround | None

    @property
    def areas(self) -> PartitionAreas:
        """Its areas, for points to be held against."""
        return PartitionAreas(
            layer=self.layer.name,
            geometries=self.ground.geometries,
            codes=self.ground.codes.tolist(),
            system=WGS84,
            working=parse_crs(self.ground.working_crs),
        )

    def parents(self) -> tuple[Geometries | None, Ints | None]:
        """Return the areas to lie in and for each area the number of its own; None where it is not nested."""
        is_parent = self.above is not None and self.above.name == self.layer.parent
        if self.hosts is None or not is_parent or self.layer.nesting != Nesting.NESTED:
            return None, None
        number = {code: i for i, code in reversed(list(enumerate(self.hosts.codes)))}
        named = [codes[0] if len(codes) == 1 else None for codes in self.ground.parent_codes]
        return self.hosts.geometries, np.array([number.get(code, -1) for code in named], dtype=np.int64)

    def scope(self, at: date) -> tuple[shapely.Geometry | None, str]:
        """Return what it is to cover, and that in words."""
        if self.above is not None and self.hosts is not None:
            return shapely.union_all(self.hosts.geometries), f"all of layer {self.above.name} on {at}"
        if self.ground.outlines is not None:
            return shapely.union_all(self.ground.outlines), "outlines of its plans"
        return None, "none: gaps are those that the areas enclose"


def _in_tree(layers: Mapping[str, StoredLayer], name: str | None) -> list[StoredLayer]:
    """Return a layer with those above and below it, or all; parents before their children."""
    paths = {one: _path(layers, one) for one in layers}
    wanted = [one for one in layers if name is None or name in paths[one] or one in paths[name]]
    return [layers[one] for one in sorted(wanted, key=lambda one: len(paths[one]))]


def _path(layers: Mapping[str, StoredLayer], name: str) -> list[str]:
    path = [name]
    while (above := layers[path[-1]].parent) is not None:
        path.append(above)
    return path


def _levels(chosen: Sequence[StoredLayer], grounds: Mapping[str, StoredGround]) -> list[_Level]:
    by_name = {one.name: one for one in chosen}
    levels = []
    for one in chosen:
        if not len(grounds[one.name]):
            continue
        above = next((name for name in _path(by_name, one.name)[1:] if len(grounds[name])), None)
        levels.append(
            _Level(
                layer=one,
                ground=grounds[one.name],
                above=None if above is None else by_name[above],
                hosts=None if above is None else grounds[above],
            )
        )
    return levels


def _check_level(level: _Level, at: date, choice: ToleranceChoice, progress: Progress) -> CheckReport:
    scope, words = level.scope(at)
    parents, parent_of = level.parents()
    return examine(
        Examination(
            areas=level.ground.wkb,
            labels=level.ground.codes.tolist(),
            system=WGS84,
            working=parse_crs(level.ground.working_crs),
            tolerances=choice.over(usual_tolerances(WGS84)),
            must_cover=level.layer.kind == LayerKind.PARTITION,
            scope=scope,
            parents=parents,
            parent_of=parent_of,
        ),
        subject=", ".join(level.ground.plans),
        layer=level.layer.name,
        scope=words,
        parents=None if parents is None else f"layer {level.layer.parent} on {at}",
        progress=progress,
    )


def _stored_points(connection: sa.Connection, subject: PointSubject) -> PointSet:
    found = placed_points(connection, subject)
    return PointSet(
        subject=subject,
        ids=found.ids,
        sources=found.sources,
        x=found.lon,
        y=found.lat,
        problems=found.problems,
        messages=np.array([_MESSAGES.get(why) for why in found.problems], dtype=object),
    )
