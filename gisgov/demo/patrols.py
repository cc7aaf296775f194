"""The demo's patrols: service points, devices, care counts, and a week of check-ins, all made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

from fixtures.district import District
from fixtures.shipped import visit_policy
from gisgov.demo.figures import areas_in_force
from gisgov.demo.files import write_table
from gisgov.services.patrols import SentCheckIn, take_check_ins
from gisgov.services.place_imports import PlacesImport, import_places
from gisgov.store.database import Database
from gisgov.types import Geometries, Ints, Texts

Ground: TypeAlias = tuple[Texts, Texts, Geometries]
"""Codes, names and shapes of areas."""

_SOURCE: Final = "demo"
_CARE_SHARES: Final = (0.002, 0.008, 0.006, 0.02)
"""Of the people of a building, by care category of the example."""
_DEVICES: Final = (
    ("community", "camera", 0),
    ("grid", "camera", 1),
    ("grid", "smoke-detector", 2),
    ("grid", "smoke-detector", 3),
    ("grid", "smoke-detector", 4),
)
"""A device of each area of a tier: its kind and its number."""
_STEP: Final = 17
_WEAK_AREAS: Final = 0.08
_OFFLINE_SHARES: Final = (0.6, 0.04)
"""Share of areas in which much is offline; shares of devices offline in those, and elsewhere."""
_RETIRED_SHARE: Final = 0.02
_CHECKS: Final = 12
"""Check-ins of each area in the week."""


def settle_patrols(
    database: Database, district: District, folder: Path, subgrids: str, day: date, timezone: ZoneInfo
) -> tuple[Path, ...]:
    """Bring in service points, devices, care counts and check-ins of the week before a day; return the files.

    There is a service point for the district, and for each street, community and area of the layer
    ``subgrids``: at the building nearest to a place in the middle of it.
    """
    rng = np.random.default_rng([district.seed, 8])
    homes: Geometries = np.asarray(shapely.point_on_surface(district.buildings.geometry.to_numpy()))
    areas = areas_in_force(database, subgrids, day)
    grids: Geometries = np.array([shape(one.geometry or {}) for one in areas], dtype=np.object_)
    codes: Texts = np.array([one.code for one in areas], dtype=np.object_)
    grounds = {
        tier: (frame["code"].to_numpy(), frame["name"].to_numpy(), frame.geometry.to_numpy())
        for tier, frame in (
            ("district", district.district),
            ("street", district.streets),
            ("community", district.communities),
        )
    }
    grounds["grid"] = codes, np.array([one.name for one in areas], dtype=object), grids
    tables = {
        "service-points": pd.concat([_points(tier, *ground, homes) for tier, ground in grounds.items()]),
        "devices": _devices(grounds, homes, day, district.seed),
        "care": _care(district, day, rng),
    }
    written = []
    for kind, table in tables.items():
        path = write_table(table, folder / f"{kind}.csv")
        asked = PlacesImport(
            path,
            crs=None if kind == "care" else "wgs84",
            source=_SOURCE,
            strict=kind != "devices",  # what was heard of a device since the first run stays
            rejects_path=folder / f"{kind}.rejects.csv",
            timezone=timezone,
        )
        import_places(database, kind, asked)
        written.append(path)
    number, home = shapely.STRtree(homes).query(grids, predicate="intersects")
    sent = [*_week(codes, number, homes[home], day, timezone, rng)]
    now = datetime.combine(day, time(), UTC) + timedelta(days=1)
    take_check_ins(database, sent, source=_SOURCE, layer=subgrids, crs="wgs84", now=now, timezone=timezone)
    return tuple(written)


def _nearest(shapes: Geometries, homes: Geometries) -> Geometries:
    """Return the building nearest to a place in the middle of each shape."""
    return homes[shapely.STRtree(homes).nearest(shapely.point_on_surface(shapes))]


def _within(shapes: Geometries, homes: Geometries, number: int) -> Geometries:
    """Return a building of each shape, for each number another; a place in the middle where there is none."""
    places: Geometries = np.asarray(shapely.point_on_surface(shapes), dtype=object)
    owner, home = shapely.STRtree(homes).query(shapes, predicate="intersects")
    for place in range(len(shapes)):
        own = np.sort(home[owner == place])
        if len(own):
            places[place] = homes[own[number * _STEP % len(own)]]
    return places


def _points(tier: str, codes: Texts, names: Texts, shapes: Geometries, homes: Geometries) -> pd.DataFrame:
    places = _nearest(shapes, homes)
    return pd.DataFrame(
        {
            "code": [f"{tier}-{code}" for code in codes],
            "tier": tier,
            "title": [f"{name}便民服务点" for name in names],
            "lon": shapely.get_x(places),
            "lat": shapely.get_y(places),
        }
    )


def _devices(grounds: Mapping[str, Ground], homes: Geometries, day: date, seed: int) -> pd.DataFrame:
    """Return cameras of communities and grids, and smoke detectors of grids; in some areas most are offline.

    Each was last heard of before six in the evening of the day before: minutes before, if it is online.
    """
    rng = np.random.default_rng([seed, 9])
    evening = datetime.combine(day - timedelta(days=1), time(18))
    parts = []
    for tier, kind, number in _DEVICES:
        codes, names, shapes = grounds[tier]
        count = len(codes)
        places = _within(shapes, homes, number)
        offline = np.where(rng.random(count) < _WEAK_AREAS, *_OFFLINE_SHARES)
        chance = rng.random(count)
        state = np.where(chance > 1 - _RETIRED_SHARE, "retired", "online")
        state[chance < offline] = "offline"
        silent_min = np.where(state == "online", rng.integers(1, 10, count), rng.integers(60, 20_000, count))
        heard = [evening - timedelta(minutes=minutes) for minutes in silent_min.tolist()]
        parts.append(
            pd.DataFrame(
                {
                    "id": [f"{kind}-{code}-{number}" for code in codes],
                    "kind": kind,
                    "title": names,
                    "state": state,
                    "state_at": [f"{one:%Y-%m-%d %H:%M}" for one in heard],
                    "lon": shapely.get_x(places),
                    "lat": shapely.get_y(places),
                }
            )
        )
    table: pd.DataFrame = pd.concat(parts)
    return table


def _care(district: District, day: date, rng: np.random.Generator) -> pd.DataFrame:
    people = district.buildings["population"].to_numpy(dtype=np.int64)
    parts = []
    for care, share in zip(visit_policy().care, _CARE_SHARES, strict=True):
        counts = rng.binomial(people, share)
        named = {"building": district.buildings["external_id"], "category": care.name, "count": counts}
        parts.append(pd.DataFrame({**named, "as_of": day.isoformat()})[counts > 0])
    table: pd.DataFrame = pd.concat(parts)
    return table


def _week(
    codes: Texts, number: Ints, places: Geometries, day: date, timezone: ZoneInfo, rng: np.random.Generator
) -> Iterator[SentCheckIn]:
    """Yield check-ins at buildings of each area, on the seven days up to a day."""
    for area, code in enumerate(codes):
        own = places[number == area]
        for index, place in enumerate(rng.permutation(own)[:_CHECKS]):
            at = datetime.combine(day - timedelta(days=index % 7), time(9 + index % 8), timezone)
            yield SentCheckIn(f"{code}-{index}", str(code), at, place.x, place.y)
