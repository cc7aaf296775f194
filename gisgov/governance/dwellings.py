"""How many people and households are known or expected to live in buildings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.governance.population_policy import PopulationPolicy
from gisgov.types import Bools, Floats, Ints, Texts


@dataclass(frozen=True, slots=True, eq=False)
class BuildingFacts:
    """What is known of ``n`` buildings.

    Attributes
    ----------
    footprint_m2 : numpy.ndarray of float, shape (n,)
        Ground that they stand on; 0 for a building that is a point.
    floors, height_m : numpy.ndarray of float, shape (n,)
        NaN or 0 where not known.
    use : numpy.ndarray of str or None, shape (n,)
        What they are used for.
    population, households : numpy.ndarray of int, shape (n,)
        Known residents; −1 where not known.
    """

    footprint_m2: Floats
    floors: Floats
    height_m: Floats
    use: Texts
    population: Ints
    households: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Dwellers:
    """Who lives in ``n`` buildings.

    Attributes
    ----------
    population, households : numpy.ndarray of int, shape (n,)
        Known; 0 where not known.
    expected_population, expected_households : numpy.ndarray of float, shape (n,)
        Expected where not known; 0 where it is.
    dwelling_m2 : numpy.ndarray of float, shape (n,)
        Floor area that is lived on.
    by_height, by_default : numpy.ndarray of bool, shape (n,)
        Whether floors were taken from the height, or from nothing.
    unlisted : dict
        Uses that the table does not name, with their number.
    """

    population: Ints
    households: Ints
    expected_population: Floats
    expected_households: Floats
    dwelling_m2: Floats
    by_height: Bools
    by_default: Bools
    unlisted: dict[str, int]


def dwellers(facts: BuildingFacts, policy: PopulationPolicy) -> Dwellers:
    """Say who lives in buildings: as known, else as expected of the floor area that is lived on.

    Parameters
    ----------
    facts : BuildingFacts
        What is known of the buildings.
    policy : PopulationPolicy
        Floor area per person, people per household, which uses are lived in.

    Returns
    -------
    Dwellers
        People of a building whose households are known are those times the average size, and the other way
        round.
    """
    floors, by_height, by_default = _floors(facts, policy)
    use = policy.dwelling.weighed(facts.use.tolist())
    roomy = facts.footprint_m2 >= policy.least_footprint_m2
    dwelling_m2 = np.where(roomy, facts.footprint_m2 * floors * use.weight, 0.0)
    has_people, has_households = facts.population >= 0, facts.households >= 0
    by_floor = dwelling_m2 / policy.floor_m2_per_person
    people = np.where(has_households, facts.households * policy.people_per_household, by_floor)
    size = np.where(has_people, facts.population, by_floor)
    return Dwellers(
        population=np.where(has_people, facts.population, 0),
        households=np.where(has_households, facts.households, 0),
        expected_population=np.where(has_people, 0.0, people),
        expected_households=np.where(has_households, 0.0, size / policy.people_per_household),
        dwelling_m2=dwelling_m2,
        by_height=by_height,
        by_default=by_default,
        unlisted=use.unlisted,
    )


def _floors(facts: BuildingFacts, policy: PopulationPolicy) -> tuple[Floats, Bools, Bools]:
    """Say how many floors buildings have, and whether that is from their height or from nothing."""
    told = np.nan_to_num(facts.floors) > 0.0
    by_height = ~told & (np.nan_to_num(facts.height_m) > 0.0)
    by_default = ~told & ~by_height
    floors = np.where(told, facts.floors, policy.floors_where_unknown)
    high = np.floor(facts.height_m[by_height] / policy.metres_per_floor + 0.5)
    floors[by_height] = np.maximum(high, 1.0)
    return floors, by_height, by_default
