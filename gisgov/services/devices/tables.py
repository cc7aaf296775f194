"""Statistics of devices as a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gisgov.governance.devices import DeviceState, title_of_device
from gisgov.governance.titles import Language
from gisgov.services.devices.statistics import DeviceFigures, DeviceRow, DeviceStatistics
from gisgov.services.statistics.tables import figures_file, write_figures

_PLACES: Final = {"outside": ("区域以外", "outside every area"), "all": ("合计", "all")}
_HEADER: Final = {"zh": ("区域编码", "区域名称"), "en": ("code", "name")}
_DEVICES: Final = {"zh": "设备数", "en": "devices"}
_SHARE: Final = {"zh": "在线率（%）", "en": "online, %"}
_TITLE: Final = {"zh": "设备统计", "en": "Devices"}
_NONE: Final = DeviceFigures(0, 0, 0, 0, None)


def device_table(found: DeviceStatistics, language: Language = "zh") -> tuple[list[str], list[list[object]]]:
    """Return the header and the rows of the table: all devices of each area, then the same by kind."""
    own = [_DEVICES[language], *(one.titled(language).lower() for one in DeviceState), _SHARE[language]]
    header = [*_HEADER[language], *own]
    between = "：" if language == "zh" else ": "
    for kind in found.kinds:
        title = title_of_device(kind, language)
        header += [f"{title}{between}{name}" for name in own]
    return header, [list(_cells(found, row, language)) for row in found.rows]


def _cells(found: DeviceStatistics, row: DeviceRow, language: Language) -> Iterator[object]:
    yield row.code or ""
    yield row.name if row.place == "area" else _PLACES[row.place][language == "en"]
    by_kind = {one.kind: one.figures for one in row.kinds}
    for figures in (row.figures, *(by_kind.get(kind, _NONE) for kind in found.kinds)):
        yield from (figures.devices, figures.online, figures.offline, figures.retired)
        yield None if figures.online_share is None else round(figures.online_share * 100, 2)


def write_devices(found: DeviceStatistics, path: Path, language: Language = "zh") -> None:
    """Write the table, as CSV or a workbook.

    Raises
    ------
    FileError
        The suffix is another, or the file cannot be written.
    """
    header, rows = device_table(found, language)
    write_figures(path, header, rows, title=_TITLE[language])


def device_file(found: DeviceStatistics, form: str, language: Language = "zh") -> bytes:
    """Return the table as the bytes of a file; ``form`` is ``csv`` or ``xlsx``."""
    header, rows = device_table(found, language)
    return figures_file(form, header, rows, title=_TITLE[language])
