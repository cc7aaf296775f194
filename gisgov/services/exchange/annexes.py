"""Use case: gather what the annex of a decision prints of a plan."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from gisgov.geometry.crs import parse_crs
from gisgov.geometry.sides import border_pieces
from gisgov.governance.annexes import DECIMALS, Annex, AnnexArea
from gisgov.governance.bounds import bounds_of
from gisgov.services.thematic import plan_frame
from gisgov.store.block_edges import named_block_edges
from gisgov.store.database import Database
from gisgov.store.layers import find_layer
from gisgov.store.plans import decided_on, find_plan
from gisgov.types import BBox


def annex_of(database: Database, name: str, *, today: date) -> Annex:
    """Gather the areas of a plan with their bounds in words and their figures.

    Parameters
    ----------
    database : Database
        In the hands of whoever asks.
    name : str
        The plan, which may be a draft.
    today : datetime.date
        The day of the print.

    Raises
    ------
    NotFoundError
        There is no such plan.
    InputError
        It has no areas.
    """
    _, frame = plan_frame(database, name)
    # those of one area above together, the nameless last
    order = ["parent_code", "parent_name", "code"]
    frame = frame.sort_values(order, na_position="last", kind="stable", ignore_index=True)
    west, south, east, north = frame.total_bounds.tolist()
    box: BBox = (west, south, east, north)
    with database.begin() as connection:
        plan = find_plan(connection, name)
        layer = find_layer(connection, plan.layer)
        lines, names = named_block_edges(connection, box)
        decided = decided_on(connection, plan.id)
    grounds = frame.geometry.to_numpy()
    streets, label = np.unique(names.astype(str), return_inverse=True)
    pieces = border_pieces(grounds, parse_crs(plan.working_crs), lines, label)
    bounds = bounds_of(pieces, frame["name"].to_numpy(dtype=object), streets.tolist())
    rows = zip(frame.to_dict(orient="records"), bounds, strict=True)
    areas = tuple(
        AnnexArea(
            code=row["code"],
            name=row["name"],
            parent=None if pd.isna(row["parent_name"]) else row["parent_name"],
            bounds=bound,
            population=_count(row["population"]),
            households=_count(row["households"]),
            posts=_count(row["staff_count"]),
            area_km2=round(row["area_km2"], DECIMALS),
        )
        for row, bound in rows
    )
    return Annex(
        plan=plan.name,
        layer_zh=layer.title_zh,
        layer_en=layer.title_en,
        status=plan.status,
        scope=plan.scope_code,
        decision=plan.decision,
        decided_on=decided,
        valid_from=plan.valid_from,
        valid_to=plan.valid_to,
        printed_on=today,
        working_crs=plan.working_crs,
        areas=areas,
        geometries=grounds,
        streets=lines,
        street_names=names,
    )


def _count(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
