"""Put people and households onto the stored blocks of a scope."""

from __future__ import annotations

import numpy as np
import shapely
import sqlalchemy as sa

from fixtures import shipped
from gisgov.errors import NotFoundError
from gisgov.geometry.crs import working_crs
from gisgov.governance.population_policy import PopulationPolicy
from gisgov.services.access import require_scope
from gisgov.services.block_population.building_reading import Buildings, read_buildings
from gisgov.services.block_population.census_reading import CensusAreas, read_census
from gisgov.services.block_population.findings import Finding, Ground, as_given, from_buildings, from_census
from gisgov.services.block_population.reports import BlockPopulation
from gisgov.services.block_population.requests import PopulationRequest, Weights
from gisgov.store.block_counts import lock_blocks, put_block_counts
from gisgov.store.blocks import blocks_of_scope
from gisgov.store.database import Database
from gisgov.types import Progress, silent


def place_population(
    database: Database,
    asked: PopulationRequest,
    *,
    configured_crs: str | None = None,
    progress: Progress = silent,
) -> BlockPopulation:
    """Put people and households onto blocks: from buildings, from census areas, or as given.

    Parameters
    ----------
    database : Database
        Where the blocks are.
    asked : PopulationRequest
        From what.
    configured_crs : str, optional
        Plane to measure in, instead of the one chosen by place.
    progress : Progress
        Told how the work advances.

    Returns
    -------
    BlockPopulation
        Of every source area what went onto blocks and what is left over: whole numbers that add up to its
        count. The same again changes nothing.

    Raises
    ------
    InputError
        What is asked for contradicts itself, a field is missing, no row can be used, or nothing lies near the
        blocks.
    FileError, CrsError, CoordinateError
        A file cannot be read, or its coordinate system is unknown or contradicts what was declared.
    ProfileError
        The table of how many people live in what does not hold together.
    NotFoundError
        The scope has no blocks.
    """
    weights = asked.chosen_weights()
    policy = shipped.population_policy(asked.policy)
    census = None if asked.census is None else read_census(asked.census)
    drawn = None if asked.buildings is None else read_buildings(asked.buildings)
    with database.begin() as connection:
        if not asked.dry_run:
            require_scope(connection, "blocks.write", asked.scope_code)
            lock_blocks(connection)
        ground = _ground(connection, asked.scope_code, policy, configured_crs)
        found = _found(connection, ground, asked, weights, census, drawn, progress)
        changed = 0
        if not asked.dry_run:
            blocks = ground.blocks
            households = blocks.households if found.households is None else found.households
            changed = put_block_counts(connection, blocks.ids, found.population, households, found.source)
    return _report(ground, asked, weights, found, changed)


def _ground(
    connection: sa.Connection, scope_code: str, policy: PopulationPolicy, configured_crs: str | None
) -> Ground:
    blocks = blocks_of_scope(connection, scope_code)
    if not len(blocks):
        raise NotFoundError(
            f"There are no blocks of scope {scope_code!r}.",
            hint="`gisgov blocks build` makes them.",
            field="scope",
        )
    west, south, east, north = shapely.total_bounds(blocks.geometries)
    return Ground(blocks, working_crs((west + east) / 2, (south + north) / 2, configured_crs), policy)


def _found(
    connection: sa.Connection,
    ground: Ground,
    asked: PopulationRequest,
    weights: Weights | None,
    census: CensusAreas | None,
    drawn: Buildings | None,
    progress: Progress,
) -> Finding:
    if asked.given is not None:
        return as_given(ground, asked.given)
    if asked.census is None or census is None or weights is None:
        return from_buildings(connection, ground, drawn)
    return from_census(connection, ground, asked.census, census, weights, drawn, progress)


def _report(
    ground: Ground, asked: PopulationRequest, weights: Weights | None, found: Finding, changed: int
) -> BlockPopulation:
    fullest = int(np.argmax(found.population))
    by_policy = asked.given is None and weights is not Weights.AREA
    spreading = found.spreading
    return BlockPopulation(
        scope_code=asked.scope_code,
        blocks=len(ground.blocks),
        source=found.source,
        weights=None if weights is None else str(weights),
        policy=ground.policy.name if by_policy else None,
        counts=found.counts,
        buildings=None if spreading is None else spreading.buildings,
        population=found.people,
        households=found.in_households,
        sources=found.areas,
        unlisted_land_use={} if spreading is None else spreading.unlisted_land_use,
        without_count=found.without_count,
        empty=int((found.population == 0).sum()),
        largest_population=int(found.population[fullest]),
        largest_code=str(ground.blocks.codes[fullest]),
        refused=found.refused,
        changed=changed,
        unchanged=0 if asked.dry_run else len(ground.blocks) - changed,
        working_crs=ground.working.name,
        dry_run=asked.dry_run,
    )
