"""People of census areas, or of buildings, spread over blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gisgov.errors import InputError
from gisgov.geometry.common_ground import OUTSIDE, CommonGround
from gisgov.geometry.crs import CoordinateSystem
from gisgov.geometry.interpolation import Spread, spread_around_known, spread_counts
from gisgov.governance.dwellings import Dwellers, dwellers
from gisgov.governance.population_policy import PopulationPolicy
from gisgov.services.block_population.building_reading import STORED, Buildings
from gisgov.services.block_population.census_reading import CensusAreas
from gisgov.services.block_population.reports import BuildingsCounted
from gisgov.services.redividing.covering import first_cover
from gisgov.store.blocks import BlockTable
from gisgov.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Spreading:
    """What went from ``m`` sources onto ``n`` blocks.

    Attributes
    ----------
    population_of, households_of : numpy.ndarray of int, shape (m,)
        Counts of the sources; the latter is None where households were not asked about.
    population, households : Spread
        Where they went.
    exceeded : numpy.ndarray of bool, shape (m,)
        Sources in whose buildings more are known than they count.
    buildings : BuildingsCounted or None
        The buildings that were asked.
    unlisted_land_use : dict
        Land uses that the table does not name, with their number of blocks.
    """

    population_of: Ints
    population: Spread
    households_of: Ints | None
    households: Spread | None
    exceeded: Bools
    buildings: BuildingsCounted | None
    unlisted_land_use: dict[str, int]


def spread_by_ground(
    blocks: BlockTable,
    areas: CensusAreas,
    common: CommonGround,
    land_use: PopulationPolicy | None,
) -> Spreading:
    """Spread the people of census areas by the ground that they share with blocks.

    Parameters
    ----------
    blocks : BlockTable
        By code.
    areas : CensusAreas
        Whose people.
    common : CommonGround
        The ground that both have in common.
    land_use : PopulationPolicy or None
        Weighs the ground by the land use of its block, and ground outside as if nothing were known of it;
        None takes all ground alike.
    """
    weight, unlisted = common.area_m2, {}
    if land_use is not None:
        by_use = land_use.land_use.weighed(blocks.land_use.tolist())
        # the last one is that of ground outside: number −1
        weight = weight * np.append(by_use.weight, land_use.land_use.unknown)[common.target]
        unlisted = by_use.unlisted

    def spread(counts: Ints) -> Spread:
        return spread_counts(counts, common.source, common.target, weight, targets=len(blocks))

    return Spreading(
        population_of=areas.population,
        population=spread(areas.population),
        households_of=areas.households,
        households=None if areas.households is None else spread(areas.households),
        exceeded=np.zeros(len(areas), dtype=bool),
        buildings=None,
        unlisted_land_use=unlisted,
    )


def spread_by_buildings(
    blocks: BlockTable,
    areas: CensusAreas | None,
    buildings: Buildings,
    working: CoordinateSystem,
    policy: PopulationPolicy,
) -> Spreading:
    """Put the people of buildings into the blocks where these stand.

    Parameters
    ----------
    blocks : BlockTable
        By code.
    areas : CensusAreas or None
        How many they are, area by area: known residents are taken first, the rest is spread as expected. None
        takes known residents and those expected for all there are.
    buildings : Buildings
        Each is wholly in the block, and in the census area, that its point is in.
    working : CoordinateSystem
        The plane that is measured in.
    policy : PopulationPolicy
        How many people live in what.

    Raises
    ------
    InputError
        No building stands in a block.
    """
    points = buildings.points()
    block = first_cover(points, blocks.geometries)
    if not (block != OUTSIDE).any():
        what = "stored building" if buildings.source == STORED else f"building of {buildings.source}"
        raise InputError(
            f"No {what} stands in a block.",
            hint="Import buildings first, or give a file with --buildings FILE."
            if buildings.source == STORED
            else "Is it another place's file, or is --buildings-crs another?",
            field="buildings",
        )
    facts, unreadable = buildings.measured(working, policy.height_columns)
    lived = dwellers(facts, policy)
    source = np.zeros(len(points), dtype=np.int64) if areas is None else first_cover(points, areas.geometries)
    held = np.flatnonzero(source >= 0)

    def spread(counts: Ints, known: Ints, expected: Floats) -> tuple[Spread, Bools]:
        return spread_around_known(
            counts, source[held], block[held], known[held], expected[held], targets=len(blocks)
        )

    people = _all(lived.population, lived.expected_population) if areas is None else areas.population
    households = _all(lived.households, lived.expected_households) if areas is None else areas.households
    population, exceeded = spread(people, lived.population, lived.expected_population)
    in_households = None
    if households is not None:
        in_households, more = spread(households, lived.households, lived.expected_households)
        exceeded = exceeded | more
    return Spreading(
        population_of=people,
        population=population,
        households_of=households,
        households=in_households,
        exceeded=exceeded,
        buildings=_counted(buildings, lived, facts.population >= 0, block, source, unreadable),
        unlisted_land_use={},
    )


def _all(known: Ints, expected: Floats) -> Ints:
    """Return the one count of all buildings: what is known, and, rounded, what is expected."""
    # sorted, so that the sum does not depend on the order of the buildings
    return np.array([known.sum() + int(np.floor(np.sort(expected).sum() + 0.5))], dtype=np.int64)


def _counted(
    buildings: Buildings, lived: Dwellers, is_known: Bools, block: Ints, source: Ints, unreadable: int
) -> BuildingsCounted:
    expected = lived.expected_population > 0.0
    peopled = expected | (lived.population > 0)
    return BuildingsCounted(
        source=buildings.source,
        crs=buildings.crs,
        rows=len(block),
        known=int(is_known.sum()),
        known_population=int(lived.population.sum()),
        known_households=int(lived.households.sum()),
        expected=int(expected.sum()),
        without_people=int((~peopled).sum()),
        by_height=int((expected & lived.by_height & (lived.dwelling_m2 > 0.0)).sum()),
        by_default=int((expected & lived.by_default & (lived.dwelling_m2 > 0.0)).sum()),
        unreadable_heights=unreadable,
        in_no_block=int((peopled & (block == OUTSIDE)).sum()),
        in_no_source=int((peopled & (source < 0)).sum()),
        unlisted=lived.unlisted,
    )
