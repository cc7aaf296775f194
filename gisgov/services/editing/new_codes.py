"""Codes and names of areas that an operation makes, by the scheme of their layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.geometry.crs import from_wgs84
from gisgov.services.editing.open_draft import OpenDraft
from gisgov.services.redividing.codes import name_new, read_code_book
from gisgov.services.redividing.covering import first_cover
from gisgov.store.areas import Ground, ground_in_force
from gisgov.store.drafts import areas_by_code
from gisgov.types import Floats, Geometries, Ints


@dataclass(frozen=True, slots=True)
class NewName:
    """Code and name of a new area."""

    code: str
    name: str


def name_new_areas(
    connection: sa.Connection, draft: OpenDraft, grounds: Sequence[Geometries]
) -> list[NewName]:
    """Give new areas of a draft codes that were never given out, and names that no other area of it has.

    Nor has one of the plan that the draft began as: what is in force under a name is not mistaken for it.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Inside a transaction.
    draft : OpenDraft
        The draft.
    grounds : sequence of numpy.ndarray of shapely.Geometry
        For each new area its blocks (EPSG:4326).

    Returns
    -------
    list of NewName
        Parallel to the grounds. Those of one area above are numbered after the highest that ever was, from
        west to east in rows from north to south.

    Raises
    ------
    InputError
        The code of an area above does not fit the scheme, or its numbers run out.
    """
    present = areas_by_code(connection, draft.id)
    book = read_code_book(connection, draft.layer, present, {})
    blocks = np.concatenate(grounds)
    on, area_m2 = shapely.point_on_surface(blocks), shapely.area(blocks)
    hosts, host = _hosts(connection, draft, on)
    held, places = [], np.empty(len(grounds), dtype=object)
    begin = 0
    for i, ground in enumerate(grounds):
        mine = slice(begin, begin + len(ground))
        held.append(_largest_first(host[mine], area_m2[mine]))
        places[i] = on[mine][int(np.argmax(area_m2[mine]))]
        begin = mine.stop
    x, y = from_wgs84(shapely.get_x(places), shapely.get_y(places), draft.working)
    in_plane = np.asarray(shapely.points(x, y), dtype=object)
    before = {} if draft.based_on is None else areas_by_code(connection, draft.based_on)
    used = [area.name for area in (*present.values(), *before.values())]
    codes, names = name_new(book, used, hosts, held, in_plane)
    return [NewName(str(code), str(name)) for code, name in zip(codes, names, strict=True)]


def _hosts(connection: sa.Connection, draft: OpenDraft, on: Geometries) -> tuple[Ground, Ints]:
    """Return the areas above, and which of them holds each point: without any, one that stands for all."""
    scope = np.array([draft.plan.scope_code], dtype=object)
    nobody = Ground(scope, scope, np.array([None], dtype=object), ())
    if draft.layer.parent_id is None:
        return nobody, np.zeros(len(on), dtype=np.int64)
    west, south, east, north = shapely.total_bounds(on).tolist()
    above = ground_in_force(connection, draft.layer.parent_id, draft.day, (west, south, east, north))
    host = first_cover(on, above.geometries)
    if (host >= 0).all():
        return above, host
    # ground that no area above holds is numbered within the whole
    both = Ground(
        np.append(above.codes, scope),
        np.append(above.names, scope),
        np.append(above.geometries, nobody.geometries),
        above.plans,
    )
    return both, np.where(host >= 0, host, len(above.codes))


def _largest_first(host: Ints, area: Floats) -> Ints:
    """Return the areas above that blocks lie in, the one with most of their ground first."""
    held, place = np.unique(host, return_inverse=True)
    order: Ints = held[np.argsort(-np.bincount(place, weights=area), kind="stable")]
    return order
