"""The rule that loads ground (工作量): Σ weight · attribute / target, in units of one average area."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from gisgov.errors import InputError
from gisgov.governance.fields import listed
from gisgov.governance.layers import LoadTerm, Targets
from gisgov.governance.titles import Titled


class LoadAttribute(Titled):
    """What may weigh in the load without being an attribute of the blocks in a file."""

    POPULATION = "population", "人口", "People"
    HOUSEHOLDS = "households", "户数", "Households"
    AREA_KM2 = "area_km2", "面积（平方公里）", "Ground (km²)"
    EVENTS = "events", "近一年事件", "Events of the last year"
    WARNING_BUILDINGS = "warning_buildings", "警示楼栋", "Warning buildings"
    VISITS_DUE = "visits_due", "年应走访次数", "Visits due in a year"


def parse_term(text: str, targets: Mapping[str, float]) -> LoadTerm:
    """Read a term as people write it: ``households=0.2:1800``, or ``households=0.2`` with the usual target.

    Parameters
    ----------
    text : str
        What was written.
    targets : mapping of str to float
        The usual targets, by attribute.

    Raises
    ------
    InputError
        It is not written so, or there is no usual target.

    Examples
    --------
    >>> parse_term("households=0.2", {"households": 1800.0})
    LoadTerm(attribute='households', weight=0.2, target=1800.0)
    >>> parse_term("events=0.1:500", {})
    LoadTerm(attribute='events', weight=0.1, target=500.0)
    """
    name, equals, rest = text.partition("=")
    weight, colon, target = rest.partition(":")
    name = name.strip()
    try:
        if not (name and equals):
            raise ValueError
        numbers = float(weight), float(target) if colon else targets.get(name)
    except ValueError:
        raise InputError(
            f"{text!r} is no term of a load.",
            hint="Write NAME=WEIGHT:TARGET, such as households=0.2:1800.",
            field="weight",
        ) from None
    if numbers[1] is None:
        known = listed(sorted(targets))
        raise InputError(
            f"{name!r} has no usual target.",
            hint=f"Write NAME=WEIGHT:TARGET; usual targets are known of {known}.",
            field="weight",
        )
    return LoadTerm(name, numbers[0], numbers[1])


def load_rule(targets: Targets | None, further: Iterable[LoadTerm] = ()) -> tuple[LoadTerm, ...]:
    """Return the terms of the load of a layer, their weights brought to the sum of 1.

    Parameters
    ----------
    targets : Targets or None
        What the layer aims at, and what joins its load; None where it sets nothing.
    further : iterable of LoadTerm
        Terms that join; one of the same attribute replaces that of the layer. A weight of 0 takes it out.

    Raises
    ------
    InputError
        A weight is negative, a target not above 0, or nothing weighs.

    Examples
    --------
    >>> aims = Targets(area_km2=0.5, population=5000, weight_area=0.5, weight_population=0.5)
    >>> for term in load_rule(aims, [LoadTerm("households", 0.25, 1800.0)]):
    ...     print(term.attribute, term.weight, term.target)
    population 0.4 5000.0
    area_km2 0.4 0.5
    households 0.2 1800.0
    """
    terms: dict[str, LoadTerm] = {}
    if targets is not None and targets.population is not None:
        people = LoadAttribute.POPULATION.value
        terms[people] = LoadTerm(people, targets.weight_population, float(targets.population))
    if targets is not None and targets.area_km2 is not None:
        ground = LoadAttribute.AREA_KM2.value
        terms[ground] = LoadTerm(ground, targets.weight_area, targets.area_km2)
    for term in (*(() if targets is None else targets.terms), *further):
        _check(term)
        terms[term.attribute] = term
    whole = math.fsum(term.weight for term in terms.values())
    if not whole:
        raise InputError(
            "Nothing weighs in the load, so nothing says how many areas are needed.",
            hint="Set targets for the layer in its profile, or give a weight such as population=1:5000.",
            field="weight",
        )
    return tuple(
        LoadTerm(term.attribute, term.weight / whole, term.target) for term in terms.values() if term.weight
    )


def _check(term: LoadTerm) -> None:
    if not (math.isfinite(term.weight) and term.weight >= 0):
        raise InputError(f"The weight {term.weight:g} of {term.attribute!r} is none.", field="weight")
    if not (math.isfinite(term.target) and term.target > 0):
        raise InputError(f"The target {term.target:g} of {term.attribute!r} is not above 0.", field="weight")
