"""What a check leaves: the report as files, and the areas to draw under it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import geopandas
from pydantic import TypeAdapter

from gisgov.services.check_jobs.questions import FILE, CheckQuestion
from gisgov.services.checking import CheckReport, GroundFile, write_defects
from gisgov.services.ground_files import areas_frame
from gisgov.services.jobs import Input
from gisgov.services.thematic import plan_frame
from gisgov.store.database import Database
from gisgov.types import Json, Progress, silent

REPORT, SUMMARY, GEOPACKAGE, GEOJSON = "report.json", "summary.json", "report.gpkg", "report.geojson"
"""The files that a check leaves: the report, the same without its lists, and the defects as layers."""

_MOST_DRAWN: Final = 5_000
_REPORT: Final = TypeAdapter(CheckReport)


def page_name(language: str) -> str:
    """Return the name of the report as a page, which is drawn from it elsewhere."""
    return f"report.{language}.html"


def write_results(report: CheckReport, folder: Path, *, progress: Progress = silent) -> None:
    """Write the files that a check leaves.

    Parameters
    ----------
    report : CheckReport
        What was found.
    folder : pathlib.Path
        Where they go.
    progress : Progress
        Told of each file.
    """
    document = _REPORT.dump_python(report, mode="json", warnings="error")
    for name in progress((REPORT, SUMMARY, GEOPACKAGE, GEOJSON), label="writing the report"):
        if name == REPORT:
            _write(document, folder / name)
        elif name == SUMMARY:
            _write(without_lists(document), folder / name)
        else:
            write_defects(report, folder / name)


def without_lists(report: Json) -> Json:
    """Return a report in JSON without the lists of what was found: its figures alone."""
    points = [{**one, "faults": []} for one in report.get("points", ())]
    return {**report, "defects": [], **({"points": points} if points else {})}


def drawn_areas(
    report: CheckReport,
    question: CheckQuestion,
    folder: Path,
    inputs: Mapping[str, Input],
    *,
    database: Database,
) -> geopandas.GeoDataFrame:
    """Return the areas that were checked, to be drawn under their defects.

    Parameters
    ----------
    report : CheckReport
        What was found. Of very many areas (more than 5,000) only those are drawn that a defect names.
    question, folder, inputs, database
        See `run_check`.

    Returns
    -------
    GeoDataFrame
        As `gisgov.services.thematic.plan_frame` or `gisgov.services.ground_files.areas_frame` has it.
    """
    if question.plan is not None:
        frame = plan_frame(database, question.plan)[1]
    else:
        place = folder / inputs[FILE].stored
        frame = areas_frame(GroundFile(place, question.file_layer, question.crs, question.code_field))
    if len(frame) <= _MOST_DRAWN:
        return frame
    named = {code for defect in report.defects for code in defect.areas}
    return frame[frame["code"].isin(named)]


def _write(document: Json, path: Path) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
