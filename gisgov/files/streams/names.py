"""Names for columns that a file does not have yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def free_names(wanted: Sequence[str], taken: Iterable[str]) -> list[str]:
    """Return names for new columns; if any is taken, all get one number.

    Parameters
    ----------
    wanted : sequence of str
        What they would be called.
    taken : iterable of str
        Names that are there; letters of either case are the same, as databases have it.

    Examples
    --------
    >>> free_names(["area_code", "area_plan"], ["id", "AREA_CODE"])
    ['area_code_2', 'area_plan_2']
    """
    used = {name.casefold() for name in taken}
    names, number = [*wanted], 1
    while any(name.casefold() in used for name in names):
        number += 1
        names = [f"{name}_{number}" for name in wanted]
    return names
