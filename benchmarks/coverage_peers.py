"""Who else checks coverages, which of the twelve kinds of fault each finds, and how long it takes.

All are timed on 10,000 areas, as most would take minutes on 100,000, and ours beside each. Those that report
places or areas are asked there what they found; those that answer yes or no are asked once for every kind, on
a small coverage with faults of this kind only. geoplanar and maup are left out where they are not installed
(`make bench` installs them).
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable
from typing import Any, cast

import geopandas
import numpy as np
import psycopg
import shapely

from benchmarks import recall
from benchmarks.bars import QUICK, Bar, note, show, timed
from benchmarks.database import private_database
from benchmarks.faults import FaultKind, FaultyAreas, inject
from benchmarks.jagged import jagged_areas
from benchmarks.sql_overlay import plant, sql_overlay
from gisgov.geometry.coverage import find_defects

_SMALL, _LARGE = ((300, 12), (600, 24)) if QUICK else ((1_209, 48), (10_000, 300))
_CRS = "EPSG:4547"
_GAP_WIDTH_M = 10.0


def installed(name: str) -> Any:
    """Return a module, or None and a line that says so."""
    try:
        return importlib.import_module(name)
    except ImportError:
        note(f"peer {name} is not installed")
        return None


def frame(faulty: FaultyAreas) -> geopandas.GeoDataFrame:
    """Return the areas as the peers want them."""
    return geopandas.GeoDataFrame(geometry=faulty.areas, crs=_CRS)


def compared(peer: str, peer_s: float, faulty: FaultyAreas) -> None:
    """Show our time for all defects beside the peer's."""
    ours_s, _ = timed(lambda: find_defects(faulty.areas, faulty.scope))
    show(Bar(f"coverage-peers-{len(faulty.areas)}", ours_s, peer, peer_s, need=1))


def invalid_edges(faulty: FaultyAreas) -> None:
    """Compare with `shapely.coverage_invalid_edges`, which marks edges of areas."""
    peer_s, edges = timed(
        lambda: shapely.coverage_invalid_edges(faulty.areas, gap_width=_GAP_WIDTH_M), runs=1
    )
    marked = set(np.flatnonzero(~shapely.is_empty(edges)).tolist())
    sound = set(range(len(faulty.areas))).difference(*(truth.areas for truth in faulty.truths))
    compared("coverage_invalid_edges", peer_s, faulty)
    note(
        f"coverage_invalid_edges (an edge of one of the areas, gap_width {_GAP_WIDTH_M:g} m) finds "
        f"{recall.tally(recall.by_area(marked, faulty.truths), faulty.truths)}; "
        f"marks {len(marked & sound)} areas without a fault; no ground, no kinds"
    )


def geoplanar(faulty: FaultyAreas) -> None:
    """Compare with `geoplanar.check_validity`: gaps as polygons, overlaps and unmatched edges as pairs."""
    module = installed("geoplanar")
    if module is None:
        return
    areas = frame(faulty)
    peer_s, violations = timed(lambda: module.check_validity(areas), runs=1)
    gaps = np.asarray(violations["gaps"].geometry, dtype=object)
    pairs = {frozenset(pair) for pair in violations["overlaps"].T.tolist() if pair[0] != pair[1]}
    pairs |= {frozenset(map(int, pair)) for pair in violations["nonplanaredges"].adjacency.index}
    pairs |= {frozenset(map(int, pair)) for pair in violations["missinginteriors"]}
    found = recall.by_ground(gaps, faulty.truths) | recall.by_pairs(pairs, faulty.truths)
    compared("geoplanar", peer_s, faulty)
    false = recall.invented(gaps, faulty.truths), recall.invented_pairs(pairs, faulty.truths)
    note(f"geoplanar finds {recall.tally(found, faulty.truths)}; false: {false[0]} gaps, {false[1]} pairs")


def by_sql(faulty: FaultyAreas) -> None:
    """Compare with three questions to PostGIS."""
    with private_database() as database, database.begin() as connection:
        driver = cast("psycopg.Connection", connection.connection.driver_connection)
        plant(driver, faulty.areas, faulty.scope)
        peer_s, findings = timed(lambda: sql_overlay(driver), runs=1)
    found = recall.by_ground(findings.grounds, faulty.truths) | recall.by_pairs(findings.pairs, faulty.truths)
    compared("postgis-sql", peer_s, faulty)
    false = recall.invented(findings.grounds, faulty.truths)
    note(
        f"postgis-sql finds {recall.tally(found, faulty.truths)}; false: {false} pieces; "
        f"no kinds, and the noise as some of its {len(findings.grounds)} pieces"
    )


def yes_or_no(name: str, is_sound: Callable[[FaultyAreas], bool], faulty: FaultyAreas) -> None:
    """Compare with a check that only says whether all is well."""
    peer_s, _ = timed(lambda: is_sound(faulty), runs=1)
    compared(name, peer_s, faulty)
    areas, scope = jagged_areas(_SMALL[0])
    unseen = [kind for kind in FaultKind if is_sound(inject(areas, scope, 4, kinds=(kind,)))]
    of_sound = is_sound(inject(areas, scope, 0))
    note(
        f"{name} (yes or no, each kind by itself) misses {', '.join(unseen) or 'none'}; "
        f"calls a sound coverage {'sound' if of_sound else 'faulty'}"
    )


def maup(faulty: FaultyAreas) -> None:
    """Compare with `maup.doctor`, given the scope as its target."""
    module = installed("maup")
    if module is None:
        return

    def is_sound(given: FaultyAreas) -> bool:
        target = geopandas.GeoDataFrame(geometry=[given.scope], crs=_CRS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return bool(module.doctor(frame(given), target, silent=True))

    yes_or_no("maup.doctor", is_sound, faulty)


def main() -> None:
    """Ask all peers."""
    small, large = (inject(*jagged_areas(count), faults) for count, faults in (_SMALL, _LARGE))
    find_defects(small.areas, small.scope)
    yes_or_no("coverage_is_valid", lambda given: bool(shapely.coverage_is_valid(given.areas)), large)
    invalid_edges(large)
    by_sql(large)
    geoplanar(large)
    maup(large)


if __name__ == "__main__":
    main()
