"""Tables without geometry inside a GeoPackage: what a file says of itself, item by item."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import pyogrio

from gisgov.files.gdal_layers import plain_failures
from gisgov.files.vector_output import plain_write_failures

ABOUT: Final = "repair_about"
"""Table in which a repaired file says what was done, and under ``layer`` which layer holds its areas."""


def write_facts(facts: Mapping[str, str], path: Path, table: str) -> None:
    """Write facts as a table of a GeoPackage that is there already; columns ``item`` and ``value``.

    Raises
    ------
    FileError
        It cannot be written.
    """
    write_rows(pd.DataFrame({"item": list(facts), "value": list(facts.values())}), path, table)


def write_rows(rows: pd.DataFrame, path: Path, table: str) -> None:
    """Write rows as a table of a GeoPackage that is there already.

    Raises
    ------
    FileError
        It cannot be written.
    """
    with plain_write_failures(path):
        pyogrio.write_dataframe(rows, path, layer=table, driver="GPKG")


def read_rows(path: Path, table: str) -> pd.DataFrame | None:
    """Return the rows of a table; None where the file has no table of that name.

    Raises
    ------
    FileError
        It cannot be read.
    """
    with plain_failures(path):
        if table not in {name for name, _ in pyogrio.list_layers(path)}:
            return None
        rows: pd.DataFrame = pyogrio.read_dataframe(path, layer=table, read_geometry=False)
    return rows


def read_facts(path: Path, table: str) -> dict[str, str] | None:
    """Return the facts of a table; None where the file has no table of that name.

    Raises
    ------
    FileError
        It cannot be read.
    """
    frame = read_rows(path, table)
    return (
        None
        if frame is None
        else dict(zip(frame["item"].astype(str), frame["value"].astype(str), strict=True))
    )


def areas_layer(path: Path, layers: tuple[str, ...]) -> str | None:
    """Return which of several layers a repaired file says to hold its areas; the others are its record.

    Raises
    ------
    FileError
        It cannot be read.
    """
    facts = read_facts(path, ABOUT) if len(layers) > 1 else None
    stated = facts.get("layer") if facts else None
    return stated if stated in layers else None
