"""Where ``gisgov check`` writes what it found: a page, a JSON document, or a layer, by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from gisgov.errors import FileError
from gisgov.files.vector_output import driver_of, plain_write_failures, whole
from gisgov.paths import add_rooms, web_assets
from gisgov.services.checking import CheckReport, defects_frame, write_defects
from gisgov.services.tree_reports import TreeReport

_MOST_DRAWN = 20_000
"""With more areas than this a page draws only those that have defects."""


def refuse_unwritable(paths: Sequence[Path]) -> None:
    """Refuse files of formats that are not written, before anything is checked.

    Raises
    ------
    FileError
        A suffix is of no such format.
    """
    for path in paths:
        if path.suffix.lower() != ".html":
            try:
                driver_of(path)
            except FileError as error:
                hint = f"{error.hint} Or .html for a map."
                raise FileError(error.message, hint=hint, field="out") from error


def write_found(report: CheckReport | TreeReport, paths: Sequence[Path], areas: Callable[[], Any]) -> None:
    """Write what was found to each file.

    Parameters
    ----------
    report : CheckReport or TreeReport
        What was found.
    paths : sequence of pathlib.Path
        ``.html`` is a map of the defects, ``.json`` the document that ``--json`` prints, others are layers.
    areas : callable
        Gives the checked areas as maps draw them, for those under the defects.

    Raises
    ------
    FileError
        A file cannot be written.
    AssetsMissing
        A page was asked for and the web assets were not built.
    """
    for path in paths:
        suffix = path.suffix.lower()
        if suffix == ".html":
            _write(path, _page(report, areas()).encode())
        elif suffix == ".json":
            _write(path, TypeAdapter(type(report)).dump_json(report, indent=2, warnings="error"))
        else:
            write_defects(report, path)


def _page(report: CheckReport | TreeReport, areas: Any) -> str:
    add_rooms()
    from maps import defects
    from maps.assets import WebAssets
    from maps.facts import MapFacts

    if isinstance(report, TreeReport):
        layers, facts = report.layers, MapFacts(at=report.at)
    else:
        layers, facts = (report,), MapFacts(subject=report.subject, measured_in=report.measured_in)
    involved = {code for layer in layers for defect in layer.defects for code in defect.areas}
    if len(areas) > _MOST_DRAWN and involved:
        areas = areas[areas["code"].isin(involved)]
    assets = WebAssets.read(web_assets())
    return defects.draw(defects_frame(report), areas, assets=assets, checks=layers, facts=facts)


def _write(path: Path, content: bytes) -> None:
    with plain_write_failures(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as place:
            place.write_bytes(content)
