"""The three ways to know who lives on blocks: as given, from census areas, from buildings."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
import sqlalchemy as sa

from gisgov.errors import InputError
from gisgov.geometry.crs import CoordinateSystem
from gisgov.geometry.interpolation import Spread
from gisgov.governance.population_policy import PopulationPolicy
from gisgov.services.block_population.building_reading import Buildings, stored_buildings
from gisgov.services.block_population.census_reading import CensusAreas, on_blocks
from gisgov.services.block_population.given_reading import read_given
from gisgov.services.block_population.reports import Balance, CountsRead, SourceArea
from gisgov.services.block_population.requests import CountFile, Weights
from gisgov.services.block_population.spreading import Spreading, spread_by_buildings, spread_by_ground
from gisgov.services.importing.row_problems import RowProblem
from gisgov.store.blocks import BlockTable
from gisgov.types import BBox, Geometries, Ints, Progress

_MOST = 2**31 - 1  # that a column holds


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The blocks, and what they are looked at with.

    Attributes
    ----------
    blocks : BlockTable
        By code.
    working : CoordinateSystem
        The plane that is measured in.
    policy : PopulationPolicy
        How many people live in what.
    """

    blocks: BlockTable
    working: CoordinateSystem
    policy: PopulationPolicy


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """Who lives on the ``n`` blocks, and how that is known.

    Attributes
    ----------
    population : numpy.ndarray of int, shape (n,)
        People of each.
    households : numpy.ndarray of int, shape (n,), or None
        Households of each; None where nothing is known of them.
    source : str
        From what, in words.
    people, in_households : Balance
        What became of all people, and of all households; None as above.
    counts : CountsRead or None
        The file of counts.
    refused : tuple of RowProblem
        Its rows, and those of the buildings, that could not be used.
    spreading : Spreading or None
        What went where; None for given counts.
    areas : tuple of SourceArea
        Census areas one by one.
    without_count : int
        Blocks that given counts do not name.
    """

    population: Ints
    households: Ints | None
    source: str
    people: Balance
    in_households: Balance | None
    counts: CountsRead | None
    refused: tuple[RowProblem, ...]
    spreading: Spreading | None = None
    areas: tuple[SourceArea, ...] = ()
    without_count: int = 0


def as_given(ground: Ground, file: CountFile) -> Finding:
    """Take the counts of a file; blocks that it does not name keep theirs.

    Raises
    ------
    FileError, InputError
        See `read_given`.
    """
    blocks = ground.blocks
    given = read_given(file, blocks.codes)
    population, households = blocks.population.copy(), blocks.households.copy()
    population[given.block] = given.population
    if given.households is not None:
        households[given.block] = given.households
    return Finding(
        population=population,
        households=None if given.households is None else households,
        source=f"given {file.path.name}",
        people=_all_placed(given.population),
        in_households=None if given.households is None else _all_placed(given.households),
        counts=CountsRead(
            file=file.path.name,
            file_layer=file.layer,
            crs=None,
            rows=given.rows_read,
            used=len(given.block),
            away=0,
            away_population=0,
            refused_population=given.refused_population,
            rounded=given.rounded,
        ),
        refused=given.refused,
        without_count=len(blocks) - len(given.block),
    )


def from_buildings(connection: sa.Connection, ground: Ground, buildings: Buildings | None) -> Finding:
    """Take the known residents of buildings, and those expected; None asks the stored buildings.

    Raises
    ------
    InputError
        No building stands in a block, or the counts are beyond all measure.
    """
    asked = buildings or stored_buildings(connection, _box_around(ground.blocks.geometries))
    spreading = spread_by_buildings(ground.blocks, None, asked, ground.working, ground.policy)
    return replace(_spread(spreading), source=f"buildings ({asked.source})", refused=asked.refused)


def from_census(
    connection: sa.Connection,
    ground: Ground,
    file: CountFile,
    census: CensusAreas,
    weights: Weights,
    buildings: Buildings | None,
    progress: Progress,
) -> Finding:
    """Spread the people of census areas by ground, by land use, or over buildings; None asks the stored ones.

    Raises
    ------
    InputError
        No census area lies on a block, no building stands in one, or the counts are beyond all measure.
    """
    blocks = ground.blocks
    areas, common = on_blocks(census, blocks.geometries, ground.working, file.path.name, progress)
    refused = census.refused
    by = str(weights)
    if weights is Weights.BUILDINGS:
        around = _box_around(np.concatenate((blocks.geometries, areas.geometries)))
        asked = buildings or stored_buildings(connection, around)
        spreading = spread_by_buildings(blocks, areas, asked, ground.working, ground.policy)
        refused, by = (*refused, *asked.refused), f"{by} ({asked.source})"
    else:
        by_use = ground.policy if weights is Weights.LAND_USE else None
        spreading = spread_by_ground(blocks, areas, common, by_use)
    counts = CountsRead(
        file=file.path.name,
        file_layer=census.file_layer,
        crs=census.crs.name,
        rows=census.rows_read,
        used=len(areas),
        away=len(census) - len(areas),
        away_population=int(census.population.sum() - areas.population.sum()),
        refused_population=census.refused_population,
        rounded=census.rounded,
    )
    return replace(
        _spread(spreading),
        source=f"census {file.path.name}:{census.file_layer} by {by}",
        counts=counts,
        refused=refused,
        areas=_one_by_one(areas, spreading),
    )


def _spread(spreading: Spreading) -> Finding:
    households, of = spreading.households, spreading.households_of
    return Finding(
        population=_fitting(spreading.population.placed),
        households=None if households is None else _fitting(households.placed),
        source="",
        people=_balance(spreading.population_of, spreading.population),
        in_households=None if households is None or of is None else _balance(of, households),
        counts=None,
        refused=(),
        spreading=spreading,
    )


def _one_by_one(areas: CensusAreas, spreading: Spreading) -> tuple[SourceArea, ...]:
    people = _balances(spreading.population_of, spreading.population)
    in_households: list[Balance] | list[None] = [None] * len(areas)
    if spreading.households is not None and spreading.households_of is not None:
        in_households = _balances(spreading.households_of, spreading.households)
    told = zip(
        areas.rows.tolist(), areas.codes, people, in_households, spreading.exceeded.tolist(), strict=True
    )
    return tuple(SourceArea(*one) for one in told)


def _balances(counts: Ints, spread: Spread) -> list[Balance]:
    placed = counts - spread.outside - spread.unweighted
    columns = (counts, placed, spread.outside, spread.unweighted)
    return [Balance(*one) for one in zip(*(column.tolist() for column in columns), strict=True)]


def _balance(counts: Ints, spread: Spread) -> Balance:
    sums = (counts.sum(), spread.placed.sum(), spread.outside.sum(), spread.unweighted.sum())
    return Balance(*map(int, sums))


def _all_placed(counts: Ints) -> Balance:
    total = int(counts.sum())
    return Balance(total, total, 0, 0)


def _fitting(counts: Ints) -> Ints:
    if counts.max(initial=0) > _MOST:
        raise InputError(f"A block would have {counts.max():,} people.", hint="Are the counts people?")
    return counts


def _box_around(geometries: Geometries) -> BBox:
    west, south, east, north = shapely.total_bounds(geometries).tolist()
    return west, south, east, north
