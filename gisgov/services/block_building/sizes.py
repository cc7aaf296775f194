"""Tolerances of building blocks, as far as a person says them."""

from __future__ import annotations

from gisgov.geometry.blocks import BlockTolerances


def chosen_tolerances(
    snap_m: float | None = None,
    carriageway_m: float | None = None,
    sliver_width_m: float | None = None,
    sliver_area_m2: float | None = None,
    reach_m: float | None = None,
) -> BlockTolerances:
    """Return the usual tolerances, with those that were chosen in their place.

    Raises
    ------
    InputError
        One is negative or not finite.

    Examples
    --------
    >>> chosen_tolerances(snap_m=2.0) == BlockTolerances(snap_m=2.0)
    True
    """
    chosen = {
        "snap_m": snap_m,
        "carriageway_m": carriageway_m,
        "sliver_width_m": sliver_width_m,
        "sliver_area_m2": sliver_area_m2,
        "reach_m": reach_m,
    }
    return BlockTolerances(**{name: value for name, value in chosen.items() if value is not None})
