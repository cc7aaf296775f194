"""Devices: cameras and others of the city's own, where they stand and whether they work."""

from __future__ import annotations

from gisgov.services.devices.listing import DeviceFilter, DeviceInfo, DevicePage, list_devices, parse_devices
from gisgov.services.devices.reporting import (
    MOST_STATES,
    DeviceStatesTaken,
    Reported,
    SentState,
    StateResult,
    take_states,
)
from gisgov.services.devices.statistics import (
    DeviceFigures,
    DeviceKindFigures,
    DeviceRow,
    DeviceStatistics,
    device_statistics,
)
from gisgov.services.devices.tables import device_table

__all__ = [
    "MOST_STATES",
    "DeviceFigures",
    "DeviceFilter",
    "DeviceInfo",
    "DeviceKindFigures",
    "DevicePage",
    "DeviceRow",
    "DeviceStatesTaken",
    "DeviceStatistics",
    "Reported",
    "SentState",
    "StateResult",
    "device_statistics",
    "device_table",
    "list_devices",
    "parse_devices",
    "take_states",
]
