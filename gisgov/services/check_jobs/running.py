"""The check that a job asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

from gisgov.errors import GisgovError
from gisgov.services.check_jobs.inputs import in_given_names
from gisgov.services.check_jobs.questions import FILE, PARENTS, SCOPE, CheckQuestion
from gisgov.services.checking import CheckReport, GroundFile, check_file, check_plan
from gisgov.services.jobs import Input
from gisgov.store.database import Database
from gisgov.types import Json, Progress, silent


def run_check(
    question: CheckQuestion,
    folder: Path,
    inputs: Mapping[str, Input],
    *,
    database: Database,
    today: date,
    configured_crs: str | None = None,
    progress: Progress = silent,
) -> CheckReport:
    """Check what a job asks to check.

    Parameters
    ----------
    question : CheckQuestion
        What is asked.
    folder : pathlib.Path
        Holds the files.
    inputs : mapping of str to Input
        Which of them there are.
    database : Database
        Where plans are; nothing is asked of it for a file.
    today : datetime.date
        Today in the time zone of the place.
    configured_crs : str, optional
        Plane to measure the areas of a file in.
    progress : Progress
        Told how the check advances.

    Returns
    -------
    CheckReport
        Files bear the names that they were given.

    Raises
    ------
    GisgovError
        See `gisgov.services.checking.check_file` and `check_plan`; in given names too.
    """
    try:
        report = _checked(question, folder, inputs, database, today, configured_crs, progress)
    except GisgovError as error:
        error.message = in_given_names(error.message, inputs, folder)
        error.hint = None if error.hint is None else in_given_names(error.hint, inputs, folder)
        raise
    texts: Json = {
        one.name: in_given_names(text, inputs, folder)
        for one in fields(report)
        if isinstance(text := getattr(report, one.name), str)
    }
    return replace(report, **texts)


def _checked(
    question: CheckQuestion,
    folder: Path,
    inputs: Mapping[str, Input],
    database: Database,
    today: date,
    configured_crs: str | None,
    progress: Progress,
) -> CheckReport:
    files = {name: folder / one.stored for name, one in inputs.items()}
    scope, parents = None, None
    if SCOPE in files:
        scope = GroundFile(files[SCOPE], question.scope_layer, question.scope_crs)
    if question.plan is not None:
        return check_plan(
            database,
            question.plan,
            at=question.at,
            today=today,
            scope=scope or question.scope,
            tolerances=question.tolerances,
            progress=progress,
        )
    if PARENTS in files:
        parents = GroundFile(
            files[PARENTS], question.parents_layer, question.parents_crs, question.parents_code_field
        )
    return check_file(
        files[FILE],
        crs=question.crs,
        layer=question.file_layer,
        scope=scope,
        code_field=question.code_field,
        parents=parents,
        parent_field=question.parent_field,
        must_cover=not question.overlay,
        tolerances=question.tolerances,
        configured_crs=configured_crs,
        progress=progress,
    )
