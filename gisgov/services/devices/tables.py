"""Statistics of devices as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gisgov.governance.devices import DeviceState, title_of_device
from gisgov.governance.titles import Language
from gisgov.services.devices.statistics import DeviceFigures, DeviceRow, DeviceStatistics
from gisgov.services.statistics.figure_tables import FigureTable

_PLACES: Final = {"outside": ("区域以外", "outside every area"), "all": ("合计", "all")}
_HEADER: Final = {"zh": ("区域编码", "区域名称"), "en": ("code", "name")}
_DEVICES: Final = {"zh": "设备数", "en": "devices"}
_SHARE: Final = {"zh": "在线率（%）", "en": "online, %"}
_TITLE: Final = {"zh": "设备统计", "en": "Devices"}
_NONE: Final = DeviceFigures(0, 0, 0, 0, None)


def device_table(found: DeviceStatistics, language: Language = "zh") -> FigureTable:
    """Return the table: all devices of each area, then the same by kind."""
    own = [_DEVICES[language], *(one.titled(language).lower() for one in DeviceState), _SHARE[language]]
    header = [*_HEADER[language], *own]
    between = "：" if language == "zh" else ": "
    for kind in found.kinds:
        title = title_of_device(kind, language)
        header += [f"{title}{between}{name}" for name in own]
    rows = [list(_cells(found, row, language)) for row in found.rows]
    return FigureTable(_TITLE[language], header, rows)


def _cells(found: DeviceStatistics, row: DeviceRow, language: Language) -> Iterator[object]:
    yield row.code or ""
    yield row.name if row.place == "area" else _PLACES[row.place][language == "en"]
    by_kind = {one.kind: one.figures for one in row.kinds}
    for figures in (row.figures, *(by_kind.get(kind, _NONE) for kind in found.kinds)):
        yield from (figures.devices, figures.online, figures.offline, figures.retired)
        yield None if figures.online_share is None else round(figures.online_share * 100, 2)
