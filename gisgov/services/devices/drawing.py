"""Use case: what a map of devices is drawn from, as frames in EPSG:4326."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import geopandas
import numpy as np
import pandas as pd
import shapely

from gisgov.governance.devices import DeviceState, title_of_device
from gisgov.governance.titles import Language
from gisgov.services.devices.statistics import device_statistics
from gisgov.store.database import Database
from gisgov.store.devices import WantedDevices, located_devices
from gisgov.store.layers import find_layer


@dataclass(frozen=True, slots=True, eq=False)
class DeviceFrames:
    """What a map of devices draws.

    Attributes
    ----------
    devices : geopandas.GeoDataFrame
        By id: external_id, title, kind_title, state, heard (local time, as text), grid_code.
    counted : pandas.DataFrame
        By area: code, online, offline, retired, online_share (0..1, NaN where none is in use), and for each
        of ``kinds`` by its place ``online_share_0`` and so on.
    kinds : tuple of str
        Titles of the kinds, those with most devices first.
    heard : tuple of str or None
        When the devices in use were last heard of, local time: the one longest ago, and the latest.
    outside : int
        Devices that lie in no area.
    """

    devices: geopandas.GeoDataFrame
    counted: pd.DataFrame
    kinds: tuple[str, ...]
    heard: tuple[str, str] | None
    outside: int


def device_frames(
    database: Database, layer: str, at: date, *, timezone: ZoneInfo, language: Language = "zh"
) -> DeviceFrames:
    """Return devices, and what they come to by area.

    Parameters
    ----------
    database : Database
        Where they are, in the hands of whoever asks.
    layer : str
        Name of the layer.
    at : datetime.date
        The day whose areas are drawn.
    timezone : zoneinfo.ZoneInfo
        Of the times at which they were heard of.
    language : {"zh", "en"}
        Language of the titles of kinds.

    Raises
    ------
    NotFoundError
        There is no such layer, or no plan of it is in force.
    """
    found = device_statistics(database, layer, at=at)
    with database.begin() as connection:
        layer_id = find_layer(connection, layer).id
        devices = located_devices(connection, WantedDevices(layer_id=layer_id, day=at))
    points = geopandas.GeoDataFrame(
        {
            "external_id": [one.id for one in devices],
            "title": [one.title for one in devices],
            "kind_title": [title_of_device(one.kind, language) for one in devices],
            "state": [one.state for one in devices],
            "heard": [f"{one.state_at.astimezone(timezone):%Y-%m-%d %H:%M}" for one in devices],
            "grid_code": [one.area_code for one in devices],
        },
        geometry=np.asarray(shapely.points([(one.lon, one.lat) for one in devices] or np.empty((0, 2)))),
        crs="EPSG:4326",
    )
    rows = []
    for row in found.rows:
        if row.place == "area":
            shares = {one.kind: one.figures.online_share for one in row.kinds}
            own = row.figures
            rows.append(
                [row.code, own.online, own.offline, own.retired, own.online_share]
                + [shares.get(kind) for kind in found.kinds]
            )
    names = ["code", *(str(one) for one in DeviceState), "online_share"]
    names += [f"online_share_{place}" for place in range(len(found.kinds))]
    counted = pd.DataFrame(rows, columns=names)
    for name in names[4:]:
        counted[name] = counted[name].astype(float)
    heard = None
    if found.heard_from is not None and found.heard_to is not None:
        first, last = (
            f"{moment.astimezone(timezone):%Y-%m-%d %H:%M}" for moment in (found.heard_from, found.heard_to)
        )
        heard = (first, last)
    titles = tuple(title_of_device(kind, language) for kind in found.kinds)
    outside = sum(row.figures.devices for row in found.rows if row.place == "outside")
    return DeviceFrames(points, counted, titles, heard, outside)
